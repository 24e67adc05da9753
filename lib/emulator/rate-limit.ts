import type { Clock } from './clock.ts'
import { ApiError } from './validate-request.ts'

/** Limits calls per second of the emulator's clock. */
export class RateLimit {
  readonly #clock: Clock
  readonly #perSecond: number
  #second = 0
  #count = 0

  constructor (clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
  }

  /** @throws {ApiError} 429 above the limit */
  take (): void {
    const second = Math.floor(this.#clock.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#count = 0
    }
    if (++this.#count > this.#perSecond) throw new ApiError(429, 'Too Many Requests')
  }
}
