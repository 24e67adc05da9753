import { getEventListeners, once } from 'node:events'
import t from 'tap'
import { withDeadline } from '../../lib/util/deadline.ts'

/** Work that ends only when its signal aborts. */
async function endless (signal: AbortSignal): Promise<never> {
  await once(signal, 'abort')
  throw signal.reason
}

t.test('withDeadline returns the result of the work', async (t) => {
  t.equal(await withDeadline({ timeout: 1000 }, undefined, async () => 'done'), 'done')
})

t.test('withDeadline aborts the work after the timeout', async (t) => {
  await t.rejects(withDeadline({ timeout: 10 }, undefined, endless), { message: 'timed out after 10 ms' })
})

t.test('withDeadline aborts the work at once when it is canceled', async (t) => {
  const canceled = new AbortController()
  const result = withDeadline({ timeout: 60_000 }, canceled.signal, endless)

  canceled.abort()

  await t.rejects(result, { message: 'aborted' })
})

t.test('withDeadline aborts canceled work after its grace period', async (t) => {
  const start = performance.now()

  await t.rejects(withDeadline({ timeout: 60_000, grace: 20 }, AbortSignal.abort(), endless), { message: 'aborted' })

  t.ok(performance.now() - start >= 15)
})

t.test('withDeadline removes its listener from the signal when the work is done', async (t) => {
  const { signal } = new AbortController()

  await withDeadline({ timeout: 1000 }, signal, async () => {
    t.equal(getEventListeners(signal, 'abort').length, 1)
  })

  t.equal(getEventListeners(signal, 'abort').length, 0)
})
