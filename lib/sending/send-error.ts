/** What a plan allows, and how much of it is used. */
export interface Quota {
  /** `chats`: the chats that the plan allows in a month. `calls`: the calls of this method. */
  readonly of: 'chats' | 'calls'
  readonly used: number
  readonly total: number
}

/** The facts about a failed call. */
export interface SendFailure {
  readonly idInstance: string
  readonly method: string
  readonly mayHaveBeenSent: boolean
  readonly status?: number | undefined
  readonly quota?: Quota | undefined
  /** The beginning of the answer, without the token. */
  readonly answer?: string | undefined
}

/**
 * A call of a `Sender` failed. The message says why, and what to do.
 *
 * No property contains the token or anything of the message that was to be sent, so the error can be logged.
 */
export class SendError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_SEND'
  override readonly name = 'SendError'
  /** The instance that was to send. */
  readonly idInstance: string
  /** GREEN-API's method, such as `sendMessage`. */
  readonly method: string
  /**
   * Whether GREEN-API may have accepted the call. `false`: it certainly has not, so the call can be repeated. `true`: a
   * repetition may send the message twice.
   */
  readonly mayHaveBeenSent: boolean
  /** The status of GREEN-API's answer. `undefined` without a complete answer. */
  readonly status: number | undefined
  /** The exceeded quota, if the status is 466 and the answer contains it. */
  readonly quota: Quota | undefined
  // A private field, because loggers write public properties.
  readonly #answer: string

  /** @internal */
  constructor (reason: string, { idInstance, method, mayHaveBeenSent, status, quota, answer = '' }: SendFailure) {
    super(`${method} ${reason}`)
    this.idInstance = idInstance
    this.method = method
    this.mayHaveBeenSent = mayHaveBeenSent
    this.status = status
    this.quota = quota
    this.#answer = answer
  }

  /**
   * Returns the beginning of GREEN-API's answer, at most 1000 characters, without the token. It may repeat parts of the
   * message, so do not log it. `''` without an answer.
   */
  answerText (): string {
    return this.#answer
  }
}
