/** Answers that mean "not now": another attempt may succeed without a change of the configuration. */
const temporary = /^(?:BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOREPLICAS|OOM|READONLY|TRYAGAIN)\b|max number of cl/

/** Whether an answer of Redis stays the same until somebody changes the configuration. */
export function isPermanent (message: string): boolean {
  return !temporary.test(message)
}

/**
 * Returns a copy of an error of `ioredis` with its name, message, stack and code only.
 *
 * The members of these errors (`command`, `previousErrors`, `lastNodeError`) have the arguments of commands, which may
 * be a password or a body.
 */
export function withoutArguments (error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const copy: Error & { code?: unknown } = new Error(withoutQuote(error.message))
  copy.name = error.name
  if (error.stack !== undefined) copy.stack = withoutQuote(error.stack)
  if ('code' in error) copy.code = error.code
  return copy
}

/** Returns the answer if the error is one of Redis, and `undefined` if it is another, such as a lost connection. */
export function redisMessage (error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return
  return withoutQuote(firstError(error).message)
}

/** Returns the command that Redis refused, in capitals, and its answer. */
export function refusedCommand (error: unknown): { command: string, message: string } | undefined {
  const message = redisMessage(error)
  if (message === undefined || !(error instanceof Error)) return
  const { command } = firstError(error) as Error & { command?: { name?: string } } // ioredis adds it to these errors
  return command?.name === undefined ? undefined : { command: command.name.toUpperCase(), message }
}

/** Redis aborts a transaction when it has refused a command of it. Returns the error of that command. */
function firstError (error: Error): Error {
  const [first] = 'previousErrors' in error && Array.isArray(error.previousErrors) ? error.previousErrors : []
  return first instanceof Error ? first : error
}

// Redis quotes the arguments of a command that it does not know.
function withoutQuote (text: string): string {
  return text.replace(/,? with args beginning with:[^\n]*/g, '')
}
