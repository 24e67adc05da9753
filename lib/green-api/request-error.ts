/**
 * A request to GREEN-API failed: no answer, an incomplete answer or a status other than 200. Never contains the token.
 */
export class RequestError extends Error {
  readonly code = 'FST_GREEN_API_REQUEST'
  override readonly name = 'RequestError'
  /** GREEN-API's method, such as `receiveNotification`. */
  readonly method: string
  /** The status of the answer; `undefined` without a complete answer. */
  readonly status: number | undefined
  /** Node's code of the failure, such as `ECONNREFUSED`, if there is no complete answer and it is known. */
  readonly failureCode: string | undefined
  // A private field, because loggers write public properties, and the answer may contain the token.
  readonly #answer: string

  /** The message is the method's name followed by `reason`. */
  constructor (method: string, reason: string, status?: number, answer = '', failureCode?: string) {
    super(`${method} ${reason}`)
    this.method = method
    this.status = status
    this.failureCode = failureCode
    this.#answer = answer
  }

  /** Returns whether the answer contains the phrase. */
  bodyIncludes (phrase: string): boolean {
    return this.#answer.includes(phrase)
  }
}
