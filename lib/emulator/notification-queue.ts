import type { Content } from '../schemas/values.ts'
import type { Clock } from './clock.ts'

/**
 * The fault that the emulator injected into a notification.
 *
 * - `none`: the notification as GREEN-API normally sends it, though it may be late.
 * - `duplicate`: the same text again.
 * - `changed-duplicate`: the same `idMessage` again, with a changed body.
 * - `malformed`: a copy that is not valid JSON.
 * - `unknown-type`: a copy with a `typeWebhook` or `typeMessage` that does not exist.
 */
export type Fault = 'none' | 'duplicate' | 'changed-duplicate' | 'malformed' | 'unknown-type'

/** A notification in an instance's queue. */
export interface QueuedNotification {
  /** The `receiptId` that `deleteNotification` takes. */
  readonly receiptId: number
  readonly idInstance: string
  /** The exact text that is sent. With the fault `malformed`, it is not valid JSON. */
  readonly text: string
  /** The notification's body as an object. With the fault `malformed`, the body before the damage. */
  readonly body: Content
  readonly fault: Fault
  /** When it was queued: Unix time in milliseconds, by the emulator's clock. */
  readonly queuedAt: number
  /** The instance's `webhookUrlToken` when it was queued. It may be sent with this token even after a change. */
  readonly token: string
  /** How many times it was posted to the `webhookUrl` or returned by `receiveNotification`. */
  attempts: number
}

/** A notification to queue. */
export type NewNotification = Pick<QueuedNotification, 'text' | 'body' | 'fault'>

/** GREEN-API keeps a notification for 24 hours. */
const lifetimeMs = 24 * 60 * 60 * 1000

interface QueueCallbacks {
  /** Called when a notification is added, and when the queue becomes empty. */
  readonly onChange: () => void
  readonly onExpired: (notification: QueuedNotification) => void
}

/** An instance's notifications, first in, first out. Drops a notification after 24 hours. */
export class NotificationQueue {
  readonly #idInstance: string
  readonly #clock: Clock
  readonly #callbacks: QueueCallbacks
  #notifications: QueuedNotification[] = []
  /** The index of the first notification in the list. */
  #first = 0
  #lastReceiptId = 0
  #cancelExpiry: (() => void) | undefined

  constructor (idInstance: string, clock: Clock, callbacks: QueueCallbacks) {
    this.#idInstance = idInstance
    this.#clock = clock
    this.#callbacks = callbacks
  }

  get size (): number {
    return this.#notifications.length - this.#first
  }

  add (added: NewNotification, token: string): QueuedNotification {
    const notification = {
      ...added,
      token,
      receiptId: ++this.#lastReceiptId,
      idInstance: this.#idInstance,
      queuedAt: this.#clock.now(),
      attempts: 0
    }
    this.#notifications.push(notification)
    if (this.#cancelExpiry === undefined) this.#expireAfter(lifetimeMs)
    this.#callbacks.onChange()
    return notification
  }

  /** Returns the first notification, after dropping expired ones. */
  head (): QueuedNotification | undefined {
    const expiredAt = this.#clock.now() - lifetimeMs
    for (;;) {
      const head = this.#notifications[this.#first]
      if (head === undefined || head.queuedAt > expiredAt) return head
      this.#shift()
      this.#callbacks.onExpired(head)
    }
  }

  /** Removes the notification. Returns `false` if it is not the first. */
  remove (notification: QueuedNotification): boolean {
    if (this.#notifications[this.#first] !== notification) return false
    this.#shift()
    return true
  }

  /** Removes all notifications. */
  clear (): void {
    this.#notifications = []
    this.#first = 0
    this.#callbacks.onChange()
  }

  /** Cancels the expiry timer. */
  stop (): void {
    this.#cancelExpiry?.()
  }

  // One timer for the whole queue. When it fires, another notification may be the first and not yet expired.
  #expireAfter (milliseconds: number): void {
    this.#cancelExpiry = this.#clock.after(milliseconds, () => {
      this.#cancelExpiry = undefined
      const head = this.head()
      if (head !== undefined) this.#expireAfter(head.queuedAt + lifetimeMs - this.#clock.now())
    })
  }

  // Array.prototype.shift moves every following element, and a queue may hold many thousands.
  #shift (): void {
    this.#first++
    if (this.#first > 1000 && this.#first * 2 > this.#notifications.length) {
      this.#notifications.splice(0, this.#first)
      this.#first = 0
    }
    if (this.size === 0) this.#callbacks.onChange()
  }
}
