import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import type { MessageBody } from '../builders/bodies.ts'
import type { Instance } from './instance.ts'
import type { Clock } from './clock.ts'

/** What becomes of a message that was sent, in the words of `outgoingMessageStatus`, in that order. */
export type StatusRule = (message: MessageBody) => readonly MessageStatus[]

/** A message, and what is to become of it. */
interface Sending {
  readonly message: MessageBody
  readonly statuses: readonly MessageStatus[]
}

/** A message to an account that does not exist comes back as this status alone. */
const stillborn = 'noAccount'

/** Sends an instance's messages, one after the other, and lets happen to them what happens to messages. */
export class Outbox {
  readonly #instance: Instance
  readonly #clock: Clock
  /** In milliseconds: how long it takes from one status of a message to the next. */
  readonly #statusDelay: number
  #pending: Sending[] = []
  /** The one that is about to leave. */
  #leaving: MessageBody | undefined
  /** How many are on their way. */
  #underway = 0

  constructor (instance: Instance, clock: Clock, statusDelay: number) {
    this.#instance = instance
    this.#clock = clock
    this.#statusDelay = statusDelay
  }

  /** How many have not come to their end yet. */
  get size (): number {
    return this.#pending.length + this.#underway
  }

  /** Whether a message waits to leave. */
  has (idMessage: string): boolean {
    return this.#leaving?.idMessage === idMessage || this.#pending.some(({ message }) => message.idMessage === idMessage)
  }

  add (message: MessageBody, statuses: readonly MessageStatus[]): void {
    this.#pending.push({ message, statuses })
    this.#instance.queue.wake()
  }

  /** Works until the signal is aborted. */
  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Messages wait until the account can send them.
      const sending = this.#instance.stateInstance === 'authorized' ? this.#pending.shift() : undefined
      if (sending === undefined) {
        await this.#instance.queue.change(signal)
        continue
      }
      this.#underway++
      this.#leaving = sending.message
      await this.#clock.sleep(this.#instance.settings.delaySendMessagesMilliseconds, signal)
      this.#leaving = undefined
      if (signal.aborted) return
      this.#follow(sending, signal)
    }
  }

  async #follow ({ message, statuses }: Sending, signal: AbortSignal): Promise<void> {
    if (!statuses.includes(stillborn)) this.#instance.echo(message)
    for (const status of statuses) {
      await this.#clock.sleep(this.#statusDelay, signal)
      if (signal.aborted) return
      this.#instance.report(message, status)
    }
    this.#underway--
    this.#instance.queue.wake()
  }
}
