import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { Store, toDeadLetter } from '../../../lib/inbox/bullmq/store.ts'
import { entry } from '../../../lib/inbox/conformance/fixtures.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

const needsRedis = { skip: withoutRedis }

async function open (t: Test): Promise<{ redis: Redis, store: Store }> {
  const redis = new Redis((await RedisServer.start(t)).connection)
  t.teardown(() => { redis.disconnect() })
  return { redis, store: new Store(redis, 'inbox') }
}

t.test('Store.finish does not return the next entry when another job has taken the chat', needsRedis, async (t) => {
  const { redis, store } = await open(t)
  await store.add([entry('ada-1'), entry('ada-2'), entry('ada-3')])
  const { first, count } = await store.take(redis, 'ada', 'one')
  t.match({ first, count }, { first: { key: 'ada-1' }, count: 3 })
  if (first === undefined) return

  t.match(await store.take(redis, 'ada', 'two'), { first: { key: 'ada-1' }, count: 3 })

  t.equal(await store.finish(redis, first, 'one'), undefined)
  t.match(await store.finish(redis, first, 'two'), { key: 'ada-2' })
})

t.test('Store.finish does not return the next entry when a job has taken the last entry', needsRedis, async (t) => {
  const { redis, store } = await open(t)
  await store.add([entry('ada-1'), entry('ada-2')])
  const { first } = await store.take(redis, 'ada', 'one')
  const second = first && await store.finish(redis, first, 'one')
  t.match(second, { key: 'ada-2' })
  if (second === undefined) return

  t.match(await store.take(redis, 'ada', 'two'), { count: 1 })
  await store.add([entry('ada-3')])

  t.equal(await store.finish(redis, second, 'one'), undefined)
})

t.test('Store.chats returns the chats with entries', needsRedis, async (t) => {
  const { redis, store } = await open(t)
  await store.add([entry('ada-1'), entry('bob-1'), entry('bob-2'), entry('cyd-1')])
  for (const chat of ['ada', 'bob']) {
    const { first } = await store.take(redis, chat, 'one')
    if (first !== undefined) await store.finish(redis, first, 'one')
  }

  const { chats, next } = await store.chats(redis, '0')

  t.strictSame(chats.sort(), ['bob', 'cyd'])
  t.equal(next, '0')
})

t.test('Store.chats returns the chat of a retried dead letter', needsRedis, async (t) => {
  const { redis, store } = await open(t)
  await store.add([entry('ada-1')])
  const { first } = await store.take(redis, 'ada', 'one')
  if (first !== undefined) await store.finish(redis, first, 'one', toDeadLetter(first, 'boom', 1, '7'))
  t.strictSame((await store.chats(redis, '0')).chats, [])

  for (const dead of await store.findDead('ada-1')) await store.retry(dead)

  t.strictSame((await store.chats(redis, '0')).chats, ['ada'])
})
