import { ApiError } from './api-error.ts'
import type { Clock } from './clock.ts'
import type { Instance } from './instance.ts'
import { RateLimit } from './rate-limit.ts'

/** How often in a second an instance lets itself be asked for notifications, and told to delete them. */
const requestsPerSecond = 100

/** Hands an instance's notifications out to whoever asks for them: the first one, until it is deleted. */
export class ReceiveEndpoint {
  readonly #instance: Instance
  readonly #clock: Clock
  readonly #receives: RateLimit
  readonly #deletes: RateLimit

  constructor (instance: Instance, clock: Clock) {
    this.#instance = instance
    this.#clock = clock
    this.#receives = new RateLimit(clock, requestsPerSecond)
    this.#deletes = new RateLimit(clock, requestsPerSecond)
  }

  /**
   * The answer to `receiveNotification`, as a text, since the notification may be no JSON; `null`
   * where none comes for so many seconds, or until the signal is aborted.
   */
  async receive (seconds: number, gone: AbortSignal): Promise<string> {
    this.#receives.take()
    const deadline = new AbortController()
    const answered = new AbortController()
    this.#clock.sleep(seconds * 1000, answered.signal).then(() => { deadline.abort() })
    try {
      return await this.#next(AbortSignal.any([gone, deadline.signal]))
    } finally {
      answered.abort()
    }
  }

  async #next (until: AbortSignal): Promise<string> {
    for (;;) {
      if (this.#instance.settings.webhookUrl !== '') throw new ApiError(400, 'custom webhook url is set')
      const head = this.#instance.head()
      if (head !== undefined) {
        head.attempts++
        return `{"receiptId":${head.receiptId},"body":${head.text}}`
      }
      if (until.aborted) return 'null'
      await this.#instance.queue.change(until)
    }
  }

  /** Whether the notification with this receipt was there to be deleted. */
  delete (receiptId: number): boolean {
    this.#deletes.take()
    const head = this.#instance.head()
    return head?.receiptId === receiptId && this.#instance.remove(head)
  }
}
