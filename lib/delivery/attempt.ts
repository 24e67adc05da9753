import { ListenerTimeoutError } from '../errors.ts'
import { settlesWithin } from '../util/settles-within.ts'

/** One call of the listeners, from its beginning until all are done or it is given up. */
export class Attempt<Result> {
  /** What listeners have failed with so far. */
  readonly errors: readonly unknown[]
  /** What it came to, for those who waited until it was over; before that, what it comes to for those whose time is up. */
  result: Result
  /** Whether somebody ran out of time waiting for it. */
  late = false
  /** Whether it is done, or given up. */
  over = false
  readonly #finished: Promise<void>
  readonly #timeout: number
  #window: Promise<void> | undefined

  /** `finished` is settled when all listeners are done, and never rejects; `timeout` is in milliseconds. */
  constructor (errors: readonly unknown[], finished: Promise<void>, timeout: number, unfinished: Result) {
    this.errors = errors
    this.#finished = finished
    this.#timeout = timeout
    this.result = unfinished
  }

  /**
   * Waits until it is over, at most `timeout`, and then calls `onLate`.
   *
   * Whoever comes while somebody is waiting already shares what is left of that time, so that
   * it is over for all of them at once.
   */
  wait (onLate: (error: AggregateError) => void): Promise<void> {
    this.#window ??= settlesWithin(this.#finished, this.#timeout).then((finished) => {
      this.#window = undefined
      if (finished) return
      this.late = true
      onLate(timeoutError(this.errors, this.#timeout))
    })
    return this.#window
  }
}

/** What an attempt has failed with when the time to wait for it, in milliseconds, is over. */
export function timeoutError (errors: readonly unknown[], timeout: number): AggregateError {
  const error = new ListenerTimeoutError(timeout)
  return new AggregateError([...errors, error], error.message)
}
