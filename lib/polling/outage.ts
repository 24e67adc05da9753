import type { FastifyBaseLogger } from 'fastify'
import { backoffDelay } from '../util/backoff.ts'

/** The delay after the first failure and the longest delay, in milliseconds. */
export interface Backoff {
  readonly first: number
  readonly longest: number
}

/** Counts failures in a row, computes the delay after each, and logs when an outage begins and ends. */
export class Outage {
  readonly #log: FastifyBaseLogger
  readonly #backoff: Backoff
  #failures = 0

  constructor (log: FastifyBaseLogger, backoff: Backoff) {
    this.#log = log
    this.#backoff = backoff
  }

  /** Returns the delay before the next attempt, in milliseconds. */
  recordFailure (err: unknown): number {
    this.#failures++
    const delay = backoffDelay(this.#failures, this.#backoff.first, this.#backoff.longest)
    if (this.#failures === 1) this.#log.warn({ err }, 'polling failed; retrying with a growing delay')
    else this.#log.debug({ err, failures: this.#failures, delay }, 'polling failed again')
    return delay
  }

  recordSuccess (): void {
    if (this.#failures > 0) this.#log.info({ failures: this.#failures }, 'polling works again')
    this.#failures = 0
  }
}
