/** The longest delay of a timer, in milliseconds. */
const maxTimerDelayMs = 2 ** 31 - 1

/** By which share a delay may be shorter than the full one. */
const jitter = 0.5

/**
 * Returns the delay in milliseconds after this number of failed attempts.
 *
 * The delay is `first`, then doubles with each attempt up to `longest`. Jitter shortens each delay by up
 * to half, so that tasks that failed together are not retried together.
 */
export function backoffDelay (attempts: number, first: number, longest = maxTimerDelayMs): number {
  return Math.round(longestBackoffDelay(attempts, first, longest) * (1 - Math.random() * jitter))
}

function longestBackoffDelay (attempts: number, first: number, longest = maxTimerDelayMs): number {
  return Math.min(longest, first * 2 ** (attempts - 1))
}
