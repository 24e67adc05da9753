/** An option of the plugin, or of one of its functions, is wrong or unknown. The message contains the fix. */
export class InvalidOptionError extends TypeError {
  /** The error code. */
  readonly code = 'FST_GREEN_API_INVALID_OPTION'
  override readonly name = 'InvalidOptionError'
}

/** Listeners were still running when the `timeout` of an attempt was over. */
export class ListenerTimeoutError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_LISTENER_TIMEOUT'
  override readonly name = 'ListenerTimeoutError'

  constructor (milliseconds: number) {
    super(`Listeners timed out after ${milliseconds} ms. Raise timeout, or move slow work out of the listener`)
  }
}

/**
 * The body of a request did not arrive completely: the sender closed the connection or was too slow, or the server
 * closed.
 */
export class IncompleteBodyError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_INCOMPLETE_BODY'
  override readonly name = 'IncompleteBodyError'
  /**
   * The status of the answer: 400 if the connection was closed, which nobody receives, 408 after `bodyTimeout`, 503 if
   * the server closed.
   */
  readonly statusCode: 400 | 408 | 503
  /** Headers of the answer. */
  readonly headers: Record<string, string>

  constructor (
    message = 'The connection was closed before the body was complete', statusCode: 400 | 408 | 503 = 400
  ) {
    super(message)
    this.statusCode = statusCode
    this.headers = statusCode === 503 ? { 'retry-after': '60' } : {}
  }
}

/** The platform or a hook has read the body of a request and has not kept it. The message contains the fix. */
export class ConsumedBodyError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_CONSUMED_BODY'
  override readonly name = 'ConsumedBodyError'
  /** The status of the answer. */
  readonly statusCode = 503
  /** Headers of the answer. */
  readonly headers = { 'retry-after': '60' }

  constructor () {
    super('The body was read before the route: keep its bytes in `rawBody` of the request, or do not read it')
  }
}

/** An operation of an inbox failed. The message contains the fix, `cause` the underlying error. */
export class InboxError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_INBOX'
  override readonly name = 'InboxError'
}

/** An instance is not polled any more until a restart. The message contains the fix, `cause` GREEN-API's answer. */
export class PollingError extends Error {
  /** The error code. */
  readonly code = 'FST_GREEN_API_POLLING'
  override readonly name = 'PollingError'
}
