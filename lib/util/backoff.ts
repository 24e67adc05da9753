/** The longest pause that a timer can make. */
const maxTimerDelay = 2 ** 31 - 1

/**
 * How many milliseconds to wait after so many attempts have failed: `first`, then twice as long
 * each time up to `longest`, each by up to half of it shorter, so that what failed together does
 * not come back together.
 */
export function backoffDelay (attempts: number, first: number, longest = maxTimerDelay): number {
  const whole = Math.min(longest, first * 2 ** (attempts - 1))
  return Math.round(whole * (1 - Math.random() * jitter))
}

/** By how much of it a pause may be shorter. */
export const jitter = 0.5
