import type { FastifyBaseLogger } from 'fastify'
import { backoffDelay } from '../util/backoff.ts'

/** In milliseconds: the pause after a first failure, and the longest after many. */
export interface Pauses {
  readonly first: number
  readonly longest: number
}

/** Says once in the log that GREEN-API is out of reach, and for how long to leave it alone. */
export class Outage {
  readonly #log: FastifyBaseLogger
  readonly #pauses: Pauses
  #failures = 0

  constructor (log: FastifyBaseLogger, pauses: Pauses) {
    this.#log = log
    this.#pauses = pauses
  }

  /** Notes a failure; returns for how many milliseconds to pause. */
  fail (err: unknown): number {
    this.#failures++
    const pause = backoffDelay(this.#failures, this.#pauses.first, this.#pauses.longest)
    if (this.#failures === 1) this.#log.warn({ err }, 'polling fails, to be tried again after growing pauses')
    else this.#log.debug({ err, failures: this.#failures, pause }, 'polling still fails')
    return pause
  }

  /** Notes a success. */
  end (): void {
    if (this.#failures > 0) this.#log.info({ failures: this.#failures }, 'polling again')
    this.#failures = 0
  }
}
