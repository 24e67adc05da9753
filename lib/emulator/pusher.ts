import { postHeaders } from '../api/post-headers.ts'
import { messageOf } from '../message-of.ts'
import type { Clock } from './clock.ts'
import type { EmulatedInstance } from './instance.ts'
import type { QueuedNotification } from './notification-queue.ts'

/** In milliseconds: how long an answer is waited for. */
const patience = 180_000
/** In milliseconds: the pause before a notification is sent again. */
const pause = 60_000

/** What came of sending a notification once. */
export interface Attempt {
  readonly notification: QueuedNotification
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined
  /** Why there was none. */
  readonly error?: string
}

/** Posts an instance's notifications to its `webhookUrl`: one at a time, the same again and again until it is answered 200. */
export class Pusher {
  readonly #instance: EmulatedInstance
  readonly #clock: Clock
  readonly #chance: () => number
  readonly #onAttempt: (attempt: Attempt) => void

  constructor (instance: EmulatedInstance, clock: Clock, chance: () => number, onAttempt: (attempt: Attempt) => void) {
    this.#instance = instance
    this.#clock = clock
    this.#chance = chance
    this.#onAttempt = onAttempt
  }

  /** Works until the signal is aborted. */
  async run (signal: AbortSignal): Promise<void> {
    const { queue } = this.#instance
    while (!signal.aborted) {
      const { webhookUrl } = this.#instance.settings
      const notification = webhookUrl === '' ? undefined : this.#instance.head()
      if (notification === undefined) {
        await queue.change(signal)
        continue
      }
      notification.attempts++
      const attempt = await this.#post(webhookUrl, notification, signal)
      if (signal.aborted) return
      this.#onAttempt(attempt)
      if (attempt.status === 200) this.#instance.remove(notification)
      else await this.#clock.sleep(pause, signal)
    }
  }

  async #post (url: string, notification: QueuedNotification, signal: AbortSignal): Promise<Attempt> {
    const over = new AbortController()
    const abort = () => { over.abort() }
    signal.addEventListener('abort', abort)
    const answered = new AbortController()
    // No time-out of the real time, which passes otherwise.
    this.#clock.sleep(patience, answered.signal).then(abort)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: postHeaders(this.#tokenOf(notification)),
        body: notification.text,
        redirect: 'manual',
        signal: over.signal
      })
      await response.arrayBuffer()
      return { notification, status: response.status }
    } catch (error) {
      return { notification, status: undefined, error: over.signal.aborted ? 'no answer within 180 s' : causeOf(error) }
    } finally {
      signal.removeEventListener('abort', abort)
      answered.abort()
    }
  }

  // What was queued before the token changed may carry either.
  #tokenOf ({ token }: QueuedNotification): string {
    const { webhookUrlToken } = this.#instance.settings
    return token === webhookUrlToken || this.#chance() < 0.5 ? webhookUrlToken : token
  }
}

// What fetch rejects with says only that it failed.
function causeOf (error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
