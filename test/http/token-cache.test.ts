import t from 'tap'
import { TokenCache } from '../../lib/http/token-cache.ts'

const limits = { maxAge: 50, failureMaxAge: 20, timeout: 10_000, known: 2, unknown: 2 }

/** A cache over some instances, and the calls of its function. */
function build (tokens: Record<string, string | Error>) {
  const calls: string[] = []
  const clock = { now: 0 }
  const cache = new TokenCache(async (idInstance) => {
    calls.push(idInstance)
    const found = tokens[idInstance]
    if (found instanceof Error) throw found
    return found === undefined ? [] : [found]
  }, String, limits, () => clock.now)
  return { cache, calls, tokens, clock }
}

t.test('get calls the function once for concurrent requests, and returns no promise from the cache', async (t) => {
  const { cache, calls } = build({ 1: 'a' })

  t.strictSame(await Promise.all([cache.get('1'), cache.get('1'), cache.get('2'), cache.get('2')]), [
    'a', 'a', undefined, undefined
  ])
  t.equal(cache.get('1'), 'a')
  t.equal(await cache.get('2'), undefined)

  t.strictSame(calls, ['1', '2'])
})

t.test('get calls the function again when a result has expired', async (t) => {
  const { cache, calls, tokens, clock } = build({ 1: 'a' })
  await Promise.all([cache.get('1'), cache.get('2')])
  tokens[1] = 'b'
  tokens[2] = 'c'
  clock.now += limits.maxAge

  t.equal(await cache.get('1'), 'b')
  t.equal(await cache.get('2'), 'c')
  delete tokens[1]
  clock.now += limits.maxAge
  t.equal(await cache.get('1'), undefined, 'the instance was removed')
  t.equal(await cache.get('1'), undefined)
  t.strictSame(calls, ['1', '2', '1', '2', '1'])
})

t.test('get caches a failure for a shorter time', async (t) => {
  const { cache, calls, tokens, clock } = build({ 1: new Error('boom') })

  await t.rejects(Promise.resolve(cache.get('1')), { message: 'boom' })
  tokens[1] = 'a'
  await t.rejects(Promise.resolve(cache.get('1')), { message: 'boom' })
  clock.now += limits.failureMaxAge

  t.equal(await cache.get('1'), 'a')
  t.strictSame(calls, ['1', '1'])
})

t.test('get rejects when the function does not return in time, and calls it again later', async (t) => {
  let calls = 0
  let now = 0
  const cache = new TokenCache(() => {
    calls++
    return calls === 1 ? new Promise<string[]>(() => {}) : Promise.resolve(['a'])
  }, String, { ...limits, timeout: 10 }, () => now)

  await t.rejects(Promise.resolve(cache.get('1')), { message: 'the function `token` did not return within 10 ms' })
  now += limits.failureMaxAge

  t.equal(await cache.get('1'), 'a')
})

t.test('get neither evicts known instances nor calls the function when invented ids flood in', async (t) => {
  const { cache, calls } = build({ 1: 'a', 2: 'b', 3: 'c' })
  await cache.get('1')
  const invented = Array.from({ length: 50 }, (_, index) => String(900 + index))

  const results = await Promise.allSettled(invented.map((id) => cache.get(id)))

  t.strictSame(calls, ['1', '900', '901'])
  t.equal(results.filter(({ status }) => status === 'rejected').length, 48)
  t.equal(cache.get('1'), 'a')
  await t.rejects(Promise.resolve(cache.get('2')), { message: /^too many unknown instances/ }, 'not known yet')
})

t.test('get renews a known instance during a flood, and looks up new ones when it is over', async (t) => {
  const { cache, calls, clock } = build({ 1: 'a', 2: 'b' })
  await cache.get('1')
  clock.now += limits.maxAge
  await Promise.all([cache.get('900'), cache.get('901')])

  t.equal(await cache.get('1'), 'a')
  clock.now += limits.maxAge
  t.equal(await cache.get('2'), 'b')

  t.strictSame(calls, ['1', '900', '901', '1', '2'])
})

t.test('get keeps the known instances that were looked up last', async (t) => {
  const { cache, calls } = build({ 1: 'a', 2: 'b', 3: 'c' })
  for (const id of ['1', '2', '3']) await cache.get(id)

  t.equal(cache.get('2'), 'b')
  t.equal(cache.get('3'), 'c')
  t.equal(await cache.get('1'), 'a')

  t.strictSame(calls, ['1', '2', '3', '1'])
})
