import { inTime } from '../util/in-time.ts'
import type { FindTokens } from './token.ts'

/** How long results are kept, how long a call may take, and how many results are kept. Times are in milliseconds. */
interface Limits {
  readonly maxAge: number
  readonly failureMaxAge: number
  readonly timeout: number
  readonly known: number
  readonly unknown: number
}

const defaults: Limits = { maxAge: 60_000, failureMaxAge: 5000, timeout: 10_000, known: 10_000, unknown: 1000 }

interface Entry<Value> {
  readonly value: Value
  /** In milliseconds, on the clock of the cache. */
  readonly expiresAt: number
}

/**
 * Caches what the function of the option `token` returns, converted to what requests are checked with.
 *
 * Concurrent requests of an instance share one call. Ids of unknown instances are limited apart from the known
 * instances, so that a flood of invented ids neither evicts those nor calls the function without limit.
 */
export class TokenCache<Value> {
  readonly #findTokens: FindTokens
  readonly #convert: (tokens: string[]) => Value
  readonly #limits: Limits
  readonly #now: () => number
  /** The instances with tokens, the least recently looked up first. Expired entries stay, to be renewed. */
  readonly #known = new Map<string, Entry<Value>>()
  /** All others: calls that are running, unknown instances and failures. */
  readonly #others = new Map<string, Entry<Promise<Value | undefined>>>()

  constructor (
    findTokens: FindTokens,
    convert: (tokens: string[]) => Value,
    limits: Limits = defaults,
    now: () => number = () => performance.now()
  ) {
    this.#findTokens = findTokens
    this.#convert = convert
    this.#limits = limits
    this.#now = now
  }

  /**
   * Returns the value for an instance; `undefined` if the instance is unknown. Returns a promise only if the value is
   * not cached. The promise rejects if the function fails, is too slow, or must not be called now.
   */
  get (idInstance: string): Value | Promise<Value | undefined> {
    const now = this.#now()
    const known = this.#known.get(idInstance)
    if (known !== undefined && known.expiresAt > now) return known.value
    const other = this.#others.get(idInstance)
    if (other !== undefined && other.expiresAt > now) return other.value
    // A known instance can always be renewed.
    if (known === undefined && !this.#hasRoom(now)) {
      return Promise.reject(new Error('too many unknown instances, further ones are answered 503 for up to 60 s'))
    }
    const value = this.#find(idInstance)
    this.#others.set(idInstance, { value, expiresAt: Infinity })
    return value
  }

  #hasRoom (now: number): boolean {
    const { unknown } = this.#limits
    if (this.#others.size < unknown) return true
    for (const [idInstance, { expiresAt }] of this.#others) {
      if (expiresAt <= now) this.#others.delete(idInstance)
    }
    return this.#others.size < unknown
  }

  async #find (idInstance: string): Promise<Value | undefined> {
    const { maxAge, failureMaxAge, timeout } = this.#limits
    try {
      const tokens = await inTime(this.#findTokens(idInstance), timeout, 'the function `token`')
      if (tokens.length > 0) return this.#add(idInstance, this.#convert(tokens))
      this.#known.delete(idInstance)
      this.#addOther(idInstance, Promise.resolve(undefined), maxAge)
    } catch (error) {
      const failure = Promise.reject(error)
      // Perhaps nothing waits for a cached failure: without this, the rejection would be unhandled.
      failure.catch(() => {})
      this.#addOther(idInstance, failure, failureMaxAge)
      throw error
    }
  }

  #add (idInstance: string, value: Value): Value {
    this.#others.delete(idInstance)
    this.#known.delete(idInstance)
    this.#known.set(idInstance, { value, expiresAt: this.#now() + this.#limits.maxAge })
    const [oldest] = this.#known.keys()
    if (oldest !== undefined && this.#known.size > this.#limits.known) this.#known.delete(oldest)
    return value
  }

  #addOther (idInstance: string, value: Promise<undefined>, maxAge: number): void {
    this.#others.set(idInstance, { value, expiresAt: this.#now() + maxAge })
  }
}
