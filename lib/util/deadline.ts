/** In milliseconds, for how long something may go on: at all, and once nobody wants it any more. */
export interface DeadlineOptions {
  readonly timeout: number
  readonly grace?: number | undefined
}

/**
 * Does something with a signal that is aborted, with an error that says why, when the time for it
 * is over; and lets go of every timer afterwards.
 */
export async function withDeadline<Result> ({ timeout, grace = 0 }: DeadlineOptions, unwanted: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const over = new AbortController()
  let timer = setTimeout(() => { over.abort(new Error(`it took longer than ${timeout} ms`)) }, timeout)
  function hurry () {
    clearTimeout(timer)
    const end = () => { over.abort(new Error('nobody waits for it any more')) }
    if (grace === 0) end()
    else timer = setTimeout(end, grace)
  }
  // Not AbortSignal.any, which a signal that lives long remembers for as long.
  unwanted?.addEventListener('abort', hurry)
  if (unwanted?.aborted === true) hurry()
  try {
    return await work(over.signal)
  } finally {
    clearTimeout(timer)
    unwanted?.removeEventListener('abort', hurry)
  }
}
