/** How long some work may take, in milliseconds: in total, and after it was canceled. */
export interface DeadlineOptions {
  readonly timeout: number
  /** Default: 0, canceled work is aborted at once. */
  readonly grace?: number | undefined
}

/**
 * Runs some work with a signal that aborts when the time is over. Clears its timer and its listener
 * afterwards.
 */
export async function withDeadline<Result> (
  { timeout, grace = 0 }: DeadlineOptions,
  canceled: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>
): Promise<Result> {
  const deadline = new AbortController()
  let timer = setTimeout(() => { deadline.abort(new Error(`timed out after ${timeout} ms`)) }, timeout)
  function shorten () {
    clearTimeout(timer)
    const abort = () => { deadline.abort(new Error('aborted')) }
    if (grace === 0) abort()
    else timer = setTimeout(abort, grace)
  }
  // Not AbortSignal.any: a long-lived signal would keep every signal derived from it.
  canceled?.addEventListener('abort', shorten)
  if (canceled?.aborted === true) shorten()
  try {
    return await work(deadline.signal)
  } finally {
    clearTimeout(timer)
    canceled?.removeEventListener('abort', shorten)
  }
}
