import { callsPerSecond } from '../green-api/index.ts'
import type { Clock } from './clock.ts'

/** How many more calls of a method are allowed in this second. */
export interface RateLimitUsage {
  readonly limit: number
  /** Below 0 above the limit. */
  readonly remaining: number
}

/** These limits always apply, so that a client that polls too fast is noticed. */
const alwaysLimited = new Set(['receiveNotification', 'deleteNotification'])

/** Counts an instance's calls per second of the emulator's clock, by method. */
export class RateLimits {
  readonly #clock: Clock
  readonly #limitsAll: boolean
  #second = 0
  readonly #counts = new Map<string, number>()

  constructor (clock: Clock, limitsAll: boolean) {
    this.#clock = clock
    this.#limitsAll = limitsAll
  }

  /** Counts a call. Returns `undefined` if the method has no limit. */
  count (method: string): RateLimitUsage | undefined {
    if (!this.#limitsAll && !alwaysLimited.has(method)) return undefined
    const limit = callsPerSecond(method)
    const second = Math.floor(this.#clock.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#counts.clear()
    }
    const count = (this.#counts.get(method) ?? 0) + 1
    this.#counts.set(method, count)
    return { limit, remaining: limit - count }
  }
}
