import t from 'tap'
import { backoffDelay } from '../../lib/util/backoff.ts'

const maxTimerDelayMs = 2 ** 31 - 1

/** Delays after this number of failed attempts, which are random. */
function delays (attempts: number, first: number, longest?: number): number[] {
  return Array.from({ length: 50 }, () => backoffDelay(attempts, first, longest))
}

t.test('backoffDelay doubles the delay with each attempt, up to the longest', async (t) => {
  for (const [attempts, full] of [[1, 1000], [2, 2000], [3, 4000], [4, 5000], [50, 5000]] as const) {
    for (const delay of delays(attempts, 1000, 5000)) t.ok(delay >= full / 2 && delay <= full, `${attempts}: ${delay}`)
  }
})

t.test('backoffDelay returns different delays for tasks that failed together', async (t) => {
  t.ok(new Set(delays(1, 1_000_000)).size > 1)
})

t.test('backoffDelay returns no delay that is too long for a timer', async (t) => {
  for (const delay of delays(100, 1000)) t.ok(delay <= maxTimerDelayMs, `${delay}`)
})
