import type { MessageBody } from '../testing/bodies.ts'
import type { EmulatedInstance } from './instance.ts'
import type { Clock } from './clock.ts'

/** What becomes of a message that was sent, in the words of `outgoingMessageStatus`, in that order. */
export type Fate = (message: MessageBody) => readonly string[]

/** What happens to messages, and how fast. */
interface Course {
  readonly fate: Fate
  /** In milliseconds: how long it takes from one status of a message to the next. */
  readonly statusDelay: number
}

/** A message to an account that does not exist comes back as this status alone. */
const stillborn = 'noAccount'

/** Sends an instance's messages, one after the other, and lets happen to them what happens to messages. */
export class Outbox {
  readonly #instance: EmulatedInstance
  readonly #clock: Clock
  readonly #course: Course
  #pending: MessageBody[] = []
  /** How many are on their way. */
  #underway = 0

  constructor (instance: EmulatedInstance, clock: Clock, course: Course) {
    this.#instance = instance
    this.#clock = clock
    this.#course = course
  }

  /** How many have not come to their end yet. */
  get size (): number {
    return this.#pending.length + this.#underway
  }

  add (message: MessageBody): void {
    this.#pending.push(message)
    this.#instance.queue.wake()
  }

  /** Works until the signal is aborted. */
  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Messages wait until the account can send them.
      const message = this.#instance.stateInstance === 'authorized' ? this.#pending.shift() : undefined
      if (message === undefined) {
        await this.#instance.queue.change(signal)
        continue
      }
      this.#underway++
      await this.#clock.sleep(this.#instance.settings.delaySendMessagesMilliseconds, signal)
      if (signal.aborted) return
      this.#follow(message, signal).finally(() => {
        this.#underway--
        this.#instance.queue.wake()
      })
    }
  }

  async #follow (message: MessageBody, signal: AbortSignal): Promise<void> {
    const { fate, statusDelay } = this.#course
    const statuses = fate(message)
    if (!statuses.includes(stillborn)) this.#instance.echo(message)
    for (const status of statuses) {
      await this.#clock.sleep(statusDelay, signal)
      if (signal.aborted) return
      this.#instance.report(message, status)
    }
  }
}
