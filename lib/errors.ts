/** An option that the plugin was registered with is wrong; the message says what to write instead. */
export class InvalidOptionError extends TypeError {
  readonly code = 'FST_GREEN_API_INVALID_OPTION'
  override readonly name = 'InvalidOptionError'
}

/** Listeners were still at work when the time to wait for them was over. */
export class ListenerTimeoutError extends Error {
  readonly code = 'FST_GREEN_API_LISTENER_TIMEOUT'
  override readonly name = 'ListenerTimeoutError'

  constructor (milliseconds: number) {
    super(`listeners were still at work after ${milliseconds} ms: raise timeout, or take the work off the listener`)
  }
}

/** The sender went away before its request was complete. */
export class IncompleteBodyError extends Error {
  readonly code = 'FST_GREEN_API_INCOMPLETE_BODY'
  override readonly name = 'IncompleteBodyError'
  readonly statusCode = 400

  constructor () {
    super('the connection was closed before the body was complete')
  }
}

/** An inbox cannot do what it is asked for; the message says what to do, `cause` what came of it. */
export class InboxError extends Error {
  readonly code = 'FST_GREEN_API_INBOX'
  override readonly name = 'InboxError'
}

/** An instance can no longer be polled, and will not be; the message says what to do, `cause` what was answered. */
export class PollingError extends Error {
  readonly code = 'FST_GREEN_API_POLLING'
  override readonly name = 'PollingError'
}
