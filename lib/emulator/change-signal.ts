/** Wakes the loops of an instance when its queue, its outbox, its settings or its state change. */
export class ChangeSignal {
  readonly #waiting = new Set<() => void>()

  /** Resolves at the next change or when `signal` aborts. `signal` must not be aborted yet. */
  next (signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  notify (): void {
    for (const wake of this.#waiting) wake()
  }
}
