import type { Clock } from './clock.ts'
import type { Content } from '../schemas/values.ts'

/** What the emulator did to a notification on purpose, if anything. */
export type Fault = 'genuine' | 'duplicate' | 'changed-duplicate' | 'malformed' | 'unknown-type'

/** A notification that waits to be taken. */
export interface QueuedNotification {
  /** Under which it is deleted, where it is asked for. */
  readonly receiptId: number
  readonly idInstance: string
  /** What is sent, to the letter. */
  readonly text: string
  /** What it was made of. */
  readonly body: Content
  readonly fault: Fault
  /** Unix time in milliseconds, of the emulator's clock. */
  readonly queuedAt: number
  /** The instance's `webhookUrlToken` when it was queued, which it may carry still when that has changed. */
  readonly token: string
  /** How often it was sent so far, or handed out. */
  attempts: number
}

/** What is queued; the queue adds the rest. */
export type NewNotification = Pick<QueuedNotification, 'text' | 'body' | 'fault' | 'token'>

/** For how long, in milliseconds, a notification is kept. */
const lifetime = 24 * 60 * 60 * 1000

/** An instance's notifications, first in, first out. What nobody takes for 24 hours is dropped. */
export class NotificationQueue {
  readonly idInstance: string
  readonly #clock: Clock
  readonly #onExpired: (notification: QueuedNotification) => void
  #notifications: QueuedNotification[] = []
  /** Where in the list the first one is. */
  #first = 0
  #receipts = 0
  #waiting = new Set<() => void>()
  /** Keeps the alarm from ringing that drops what nobody takes. */
  #disarm: (() => void) | undefined

  constructor (idInstance: string, clock: Clock, onExpired: (notification: QueuedNotification) => void) {
    this.idInstance = idInstance
    this.#clock = clock
    this.#onExpired = onExpired
  }

  /** How many wait. */
  get size (): number {
    return this.#notifications.length - this.#first
  }

  /** Puts a notification behind those that wait. */
  add (arrival: NewNotification): QueuedNotification {
    const notification = { ...arrival, receiptId: ++this.#receipts, idInstance: this.idInstance, queuedAt: this.#clock.now(), attempts: 0 }
    this.#notifications.push(notification)
    if (this.#disarm === undefined) this.#arm(lifetime)
    this.wake()
    return notification
  }

  /** The one whose turn it is. */
  head (): QueuedNotification | undefined {
    const oldest = this.#clock.now() - lifetime
    for (;;) {
      const head = this.#notifications[this.#first]
      if (head === undefined || head.queuedAt > oldest) return head
      this.#shift()
      this.#onExpired(head)
    }
  }

  /** Takes the one out whose turn it is. */
  remove (notification: QueuedNotification): boolean {
    if (this.#notifications[this.#first] !== notification) return false
    this.#shift()
    return true
  }

  /** Waits until something changes here, or the signal, which is not yet, is aborted. */
  change (signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  /** Tells those who wait that something has changed. */
  wake (): void {
    for (const wake of this.#waiting) wake()
  }

  /** Drops nothing any more. */
  stop (): void {
    this.#disarm?.()
  }

  // One alarm for all: when it rings, the first one may be another and its time yet to come.
  #arm (milliseconds: number): void {
    this.#disarm = this.#clock.after(milliseconds, () => {
      this.#disarm = undefined
      const head = this.head()
      if (head !== undefined) this.#arm(head.queuedAt + lifetime - this.#clock.now())
    })
  }

  // Node's own shift moves all that follow, of which there may be many thousands.
  #shift (): void {
    this.#first++
    if (this.#first > 1000 && this.#first * 2 > this.#notifications.length) {
      this.#notifications.splice(0, this.#first)
      this.#first = 0
    }
    if (this.size === 0) this.wake()
  }
}
