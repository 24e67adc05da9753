import { setTimeout as sleep } from 'node:timers/promises'

/** Keeps calls of one method under its limit: it starts them in order, with the same interval between any two. */
export class Pacer {
  readonly #intervalMs: number
  #tail: Promise<unknown> = Promise.resolve()
  #nextAt = 0

  constructor (callsPerSecond: number) {
    this.#intervalMs = 1000 / callsPerSecond
  }

  /** Waits until a new call may start. Rejects when the signal aborts. */
  async waitForTurn (signal: AbortSignal): Promise<void> {
    const turn = this.#tail.then(() => this.waitToRetry(signal))
    this.#tail = turn.catch(() => {})
    await turn
  }

  /** Waits until a call that was answered 429 may start again, which is before all new calls. */
  async waitToRetry (signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    for (let ms = this.#nextAt - performance.now(); ms > 0; ms = this.#nextAt - performance.now()) {
      await sleep(ms, undefined, { signal })
    }
    this.#nextAt = performance.now() + this.#intervalMs
  }

  /** Starts no call for this time. */
  pause (ms: number): void {
    this.#nextAt = Math.max(this.#nextAt, performance.now() + ms)
  }
}
