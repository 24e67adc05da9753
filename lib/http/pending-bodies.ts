import { IncompleteBodyError } from '../errors.ts'

/** Called once, when a body is no longer awaited. */
type Abandon = (error: IncompleteBodyError) => void

/**
 * The bodies of a route that have not arrived completely. They are abandoned after the same time, or when the server
 * closes.
 *
 * All share one timer: a timer for each would cost more than reading most bodies.
 */
export class PendingBodies {
  readonly #timeout: number
  /** When each began, the oldest first. */
  readonly #begun = new Map<Abandon, number>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param timeout in milliseconds */
  constructor (timeout: number) {
    this.#timeout = timeout
  }

  add (abandon: Abandon): void {
    if (this.#closed) return abandon(shutdownError())
    this.#begun.set(abandon, performance.now())
    // The timer keeps running when the body is complete, for the following bodies.
    if (this.#timer === undefined) this.#wait(this.#timeout)
  }

  delete (abandon: Abandon): void {
    this.#begun.delete(abandon)
  }

  close (): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const abandon of this.#begun.keys()) abandon(shutdownError())
    this.#begun.clear()
  }

  #wait (milliseconds: number): void {
    this.#timer = setTimeout(() => { this.#expire() }, milliseconds).unref()
  }

  #expire (): void {
    this.#timer = undefined
    const now = performance.now()
    for (const [abandon, begun] of this.#begun) {
      const remaining = Math.ceil(begun + this.#timeout - now)
      if (remaining > 0) return this.#wait(remaining)
      this.#begun.delete(abandon)
      abandon(new IncompleteBodyError(`The body was not complete after ${this.#timeout} ms`, 408))
    }
  }
}

function shutdownError (): IncompleteBodyError {
  return new IncompleteBodyError('The server closed before the body was complete', 503)
}
