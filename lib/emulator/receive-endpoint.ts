import type { InstanceSettings } from '../green-api/index.ts'
import type { ChangeSignal } from './change-signal.ts'
import type { Clock } from './clock.ts'
import type { QueuedNotification } from './notification-queue.ts'
import { ApiError } from './validate-request.ts'

/** What the endpoint needs from its instance. */
interface PolledInstance {
  readonly settings: Pick<InstanceSettings, 'webhookUrl'>
  readonly changes: ChangeSignal
  nextNotification (): QueuedNotification | undefined
  markDelivered (notification: QueuedNotification): boolean
}

/** How long a client has time for its first call, and from one call to the next, in real milliseconds. */
const patienceMs = { first: 3000, next: 10_000 }

/** Answers `receiveNotification` and `deleteNotification`: returns the first notification until it is deleted. */
export class ReceiveEndpoint {
  readonly #instance: PolledInstance
  readonly #clock: Clock
  #pendingCount = 0
  /** When the last call ended, as `performance.now()`. */
  #lastCallAt: number | undefined

  constructor (instance: PolledInstance, clock: Clock) {
    this.#instance = instance
    this.#clock = clock
  }

  /**
   * Waits for a notification, up to `seconds` or until `signal` aborts. Resolves with the answer as
   * text, because a malformed notification is not JSON; with `null` if there is no notification.
   *
   * @throws {ApiError} 400 if the instance has a `webhookUrl`
   */
  async receive (seconds: number, signal: AbortSignal): Promise<string> {
    this.#pendingCount++
    const deadline = new AbortController()
    const answered = new AbortController()
    this.#clock.sleep(seconds * 1000, answered.signal).then(() => { deadline.abort() })
    try {
      return await this.#next(AbortSignal.any([signal, deadline.signal]))
    } finally {
      answered.abort()
      this.#pendingCount--
      this.#lastCallAt = performance.now()
    }
  }

  async #next (signal: AbortSignal): Promise<string> {
    for (;;) {
      if (this.#instance.settings.webhookUrl !== '') throw new ApiError(400, 'custom webhook url is set')
      const notification = this.#instance.nextNotification()
      if (notification !== undefined) {
        notification.attempts++
        return `{"receiptId":${notification.receiptId},"body":${notification.text}}`
      }
      if (signal.aborted) return 'null'
      await this.#instance.changes.next(signal)
    }
  }

  /** Deletes the first notification. Returns whether it has this receipt id. */
  delete (receiptId: number): boolean {
    this.#lastCallAt = performance.now()
    const notification = this.#instance.nextNotification()
    return notification?.receiptId === receiptId && this.#instance.markDelivered(notification)
  }

  /** Whether a client polls, or had no time to since `start`, as `performance.now()`. */
  isPolled (start: number): boolean {
    if (this.#pendingCount > 0) return true
    const waitedMs = performance.now() - Math.max(start, this.#lastCallAt ?? 0)
    return waitedMs < (this.#lastCallAt === undefined ? patienceMs.first : patienceMs.next)
  }
}
