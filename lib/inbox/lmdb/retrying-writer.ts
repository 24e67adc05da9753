import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { logError } from '../../util/logging.ts'

/** With this many writes waiting, no more deliveries are started. */
const unwrittenAtMost = 1024

/** The delay before a failed operation of the store is repeated, in milliseconds. */
export const storePause = 1000

/**
 * Writes the results of deliveries, and repeats failed writes until they succeed.
 *
 * When too many writes wait, no more deliveries should be started: a crash would repeat all of them.
 */
export class Settlements {
  readonly #log: FastifyBaseLogger
  readonly #onRoom: () => void
  #unwritten = 0
  #stopped = false

  /** `onRoom` is called when `areTooMany` becomes `false`. */
  constructor (log: FastifyBaseLogger, onRoom: () => void) {
    this.#log = log
    this.#onRoom = onRoom
  }

  get areTooMany (): boolean {
    return this.#unwritten >= unwrittenAtMost
  }

  /** Resolves when the write has succeeded. Never rejects. */
  settle (write: () => Promise<void>): Promise<void> {
    this.#unwritten++
    return write().then(() => { this.#settled() }, (error: unknown) => this.#settleLater(write, error))
  }

  /** Repeats no more writes. */
  stop (): void {
    this.#stopped = true
  }

  #settled (): void {
    this.#unwritten--
    if (this.#unwritten === unwrittenAtMost - 1) this.#onRoom()
  }

  async #settleLater (write: () => Promise<void>, error: unknown): Promise<void> {
    logError(this.#log, 'error', error, {}, 'cannot write to the inbox; retrying')
    await sleep(storePause)
    this.#unwritten--
    if (!this.#stopped) await this.settle(write)
  }
}
