import type { MessageBody } from '../builders/index.ts'
import type { InstanceSettings } from '../green-api/index.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import type { ChangeSignal } from './change-signal.ts'
import type { Clock } from './clock.ts'

/** What the outbox needs from its instance. */
interface SendingInstance {
  readonly stateInstance: InstanceState
  readonly settings: Pick<InstanceSettings, 'delaySendMessagesMilliseconds'>
  readonly changes: ChangeSignal
  notifySent (message: MessageBody): void
  notifyStatus (message: MessageBody, status: MessageStatus): void
}

interface QueuedMessage {
  readonly message: MessageBody
  readonly statuses: readonly MessageStatus[]
}

/** GREEN-API reports a message to a nonexistent account only with this status. */
export const noAccountStatus = 'noAccount'

/** Sends an instance's messages one at a time, then reports their statuses. */
export class Outbox {
  readonly #instance: SendingInstance
  readonly #clock: Clock
  readonly #statusDelayMs: number
  #queued: QueuedMessage[] = []
  /** The ids of the messages that have neither left nor failed. */
  readonly #waiting = new Set<string>()
  /** How many messages left the list but have not reached their last status. */
  #inProgressCount = 0

  constructor (instance: SendingInstance, clock: Clock, statusDelayMs: number) {
    this.#instance = instance
    this.#clock = clock
    this.#statusDelayMs = statusDelayMs
  }

  /** How many messages have not reached their last status. */
  get size (): number {
    return this.#queued.length + this.#inProgressCount
  }

  /** How many messages are kept, if only the state of the instance keeps them. */
  get keptCount (): number {
    return this.#inProgressCount === 0 && this.#instance.stateInstance !== 'authorized' ? this.#queued.length : 0
  }

  /** Whether the message has neither left nor failed. */
  isWaiting (idMessage: string): boolean {
    return this.#waiting.has(idMessage)
  }

  add (message: MessageBody, statuses: readonly MessageStatus[]): void {
    this.#queued.push({ message, statuses })
    this.#waiting.add(message.idMessage)
    this.#instance.changes.notify()
  }

  /** Sends messages until `signal` aborts. */
  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // An instance that is not authorized keeps its messages.
      const next = this.#instance.stateInstance === 'authorized' ? this.#queued.shift() : undefined
      if (next === undefined) {
        await this.#instance.changes.next(signal)
        continue
      }
      this.#inProgressCount++
      await this.#clock.sleep(this.#instance.settings.delaySendMessagesMilliseconds, signal)
      if (signal.aborted) return
      // Not awaited: the next message leaves while this one collects its statuses.
      this.#send(next, signal)
    }
  }

  async #send ({ message, statuses }: QueuedMessage, signal: AbortSignal): Promise<void> {
    if (!statuses.includes(noAccountStatus)) {
      this.#waiting.delete(message.idMessage)
      this.#instance.notifySent(message)
    }
    for (const status of statuses) {
      await this.#clock.sleep(this.#statusDelayMs, signal)
      if (signal.aborted) return
      this.#waiting.delete(message.idMessage)
      this.#instance.notifyStatus(message, status)
    }
    this.#inProgressCount--
    this.#instance.changes.notify()
  }
}
