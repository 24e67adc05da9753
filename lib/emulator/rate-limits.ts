import type { Clock } from './clock.ts'

/** How many more calls of a method are allowed in this second. */
export interface RateLimitUsage {
  readonly limit: number
  /** Below 0 above the limit. */
  readonly remaining: number
}

/** These limits always apply, so that a client that polls too fast is noticed. */
const alwaysLimited = new Map([['receiveNotification', 100], ['deleteNotification', 100]])

/**
 * GREEN-API's limits in calls per second, of one method of one instance. All other send methods have 50.
 *
 * @see https://green-api.com/en/docs/api/ratelimiter/
 */
const limits = new Map([
  ...alwaysLimited,
  ['getMessage', 10],
  ['checkWhatsapp', 10],
  ['getSettings', 1],
  ['setSettings', 1],
  ['getStateInstance', 1],
  ['lastIncomingMessages', 1],
  ['lastOutgoingMessages', 1],
  ['lastIncomingCalls', 1],
  ['lastOutgoingCalls', 1],
  ['getChatHistory', 1],
  ['getWebhooksCount', 1],
  ['clearWebhooksQueue', 1],
  ['sendInteractiveButtons', 1],
  ['sendInteractiveButtonsReply', 1]
])
const sendLimit = 50

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
    const limit = this.#limitsAll ? limits.get(method) ?? sendLimit : alwaysLimited.get(method)
    if (limit === undefined) return undefined
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
