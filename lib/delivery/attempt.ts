import { ListenerTimeoutError } from '../errors.ts'
import { settlesWithin } from '../util/settles-within.ts'

/** A running attempt to deliver a notification, until its listeners are done or it is abandoned. */
export class Attempt<Result> {
  /** The errors of listeners so far. */
  readonly errors: readonly unknown[]
  /** The result. Until the attempt is over, the result for callers that time out. */
  result: Result
  /** Whether a caller timed out while waiting for the attempt. */
  late = false
  /** Whether the listeners are done, or the attempt is abandoned. */
  over = false
  readonly #finished: Promise<void>
  readonly #timeout: number
  #wait: Promise<void> | undefined

  /**
   * @param finished settles when all listeners are done; must not reject
   * @param timeout in milliseconds
   */
  constructor (errors: readonly unknown[], finished: Promise<void>, timeout: number, resultUntilOver: Result) {
    this.errors = errors
    this.#finished = finished
    this.#timeout = timeout
    this.result = resultUntilOver
  }

  /**
   * Waits until the attempt is over. After `timeout` milliseconds, calls `onTimeout` and stops waiting.
   *
   * Callers that wait at the same time share the timeout of the first, so the attempt times out once for
   * all of them.
   */
  wait (onTimeout: (error: AggregateError) => void): Promise<void> {
    this.#wait ??= settlesWithin(this.#finished, this.#timeout).then((finished) => {
      this.#wait = undefined
      if (finished) return
      this.late = true
      onTimeout(timeoutError(this.errors, this.#timeout))
    })
    return this.#wait
  }
}

/** Returns the error of an attempt that timed out after this number of milliseconds. */
export function timeoutError (errors: readonly unknown[], timeout: number): AggregateError {
  const error = new ListenerTimeoutError(timeout)
  return new AggregateError([...errors, error], error.message)
}
