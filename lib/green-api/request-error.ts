/** A method of GREEN-API's that could not be called, or was not answered 200. Nothing of it holds the token. */
export class RequestError extends Error {
  readonly code = 'FST_GREEN_API_CALL'
  override readonly name = 'CallError'
  /** The method, such as `receiveNotification`. */
  readonly method: string
  /** Of the answer; `undefined` where there was none, or none that was whole. */
  readonly status: number | undefined
  // No member that a logger would write.
  readonly #answer: string

  /** `reason` is what comes after the method's name. */
  constructor (method: string, reason: string, status?: number, answer = '') {
    super(`${method} ${reason}`)
    this.method = method
    this.status = status
    this.#answer = answer
  }

  /** Whether the answer says this somewhere. */
  bodyIncludes (phrase: string): boolean {
    return this.#answer.includes(phrase)
  }
}
