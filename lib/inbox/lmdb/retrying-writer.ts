import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { logError } from '../../util/logging.ts'

/** How many may wait to be written before nothing else should be begun. */
const unwrittenAtMost = 1024

/** How long to wait before what failed in the store is tried again, in milliseconds. */
export const storePause = 1000

/**
 * What became of notifications, until it is written.
 *
 * Where it cannot be written, that is tried until it can, and in the end nothing else is begun:
 * all of that would be repeated after a crash.
 */
export class Settlements {
  readonly #log: FastifyBaseLogger
  readonly #onRoom: () => void
  #unwritten = 0
  #stopped = false

  /** `onRoom` is called when there is room for more again. */
  constructor (log: FastifyBaseLogger, onRoom: () => void) {
    this.#log = log
    this.#onRoom = onRoom
  }

  get areTooMany (): boolean {
    return this.#unwritten >= unwrittenAtMost
  }

  /** Writes, and resolves when that is done. Never rejects. */
  settle (write: () => Promise<void>): Promise<void> {
    this.#unwritten++
    return write().then(() => { this.#settled() }, (error: unknown) => this.#settleLater(write, error))
  }

  /** Tries nothing again from now on. */
  stop (): void {
    this.#stopped = true
  }

  #settled (): void {
    this.#unwritten--
    if (this.#unwritten === unwrittenAtMost - 1) this.#onRoom()
  }

  async #settleLater (write: () => Promise<void>, error: unknown): Promise<void> {
    logError(this.#log, 'error', error, {}, 'the inbox cannot be written; what became of a notification is written later')
    await sleep(storePause)
    this.#unwritten--
    if (!this.#stopped) await this.settle(write)
  }
}
