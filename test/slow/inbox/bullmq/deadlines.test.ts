import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import t, { type Test } from 'tap'
import { entry } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../../lib/inbox/conformance/recording-handler.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'
import { until } from '../../../helpers/until.ts'

const needsRedis = { skip: withoutRedis }

/** Longer than the documented deadlines, because the machine may be busy. */
const tolerance = 2000

/** Resolves with the milliseconds until a promise settles. */
async function timeOf (promise: Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await promise.then(() => {}, () => {})
  return performance.now() - begin
}

/** Resolves with the port of a proxy that passes on some answers of Redis, and then no more, but stays connected. */
async function startProxy (t: Test, redis: RedisServer, answers: number): Promise<number> {
  const sockets = new Set<Socket>()
  let passed = 0
  const proxy = createServer((client) => {
    const server = connect(redis.connection)
    for (const socket of [client, server]) sockets.add(socket.on('error', () => {}))
    client.pipe(server)
    client.on('close', () => { server.destroy() })
    server.on('data', (data) => { if (passed++ < answers) client.write(data) })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  // A server that listens on a port has an AddressInfo.
  return (proxy.address() as AddressInfo).port
}

t.test('open, add and close end in time, whatever the last answer of Redis is', needsRedis, async (t) => {
  const redis = await RedisServer.start(t)
  const added = await Promise.all(Array.from({ length: 30 }, async (_, answers) => {
    const port = await startProxy(t, redis, answers)
    const inbox = bullmqInbox({ connection: { host: '127.0.0.1', port }, name: `inbox${answers}` })
    const handler = new RecordingHandler(1, () => new Promise(() => {}), () => {})

    const opening = await timeOf(inbox.open(handler))
    t.ok(opening < 10_000 + tolerance, `${answers} answers: open takes ${Math.round(opening)} ms`)
    inbox.start()
    const adding = inbox.add(entry('ada-1'))
    const time = await timeOf(adding)
    t.ok(time < 5000 + tolerance, `${answers} answers: add takes ${Math.round(time)} ms`)
    const closing = await timeOf(inbox.close(1000))
    t.ok(closing < 3000 + tolerance, `${answers} answers: close takes ${Math.round(closing)} ms`)
    return await adding.catch(() => false)
  }))

  t.strictSame(new Set(added), new Set([false, true]), 'some proxies pass on the answer to add, some do not')
})

t.test('each method of the inbox ends in time when Redis stops', needsRedis, async (t) => {
  const redis = await RedisServer.start(t)
  const inbox = bullmqInbox({ connection: redis.connection })
  const handler = new RecordingHandler(1, () => new Promise(() => {}), () => {})
  await inbox.open(handler)
  inbox.start()
  await inbox.add(entry('ada-1'))
  await until(() => handler.started.length === 1)
  redis.pause()
  t.teardown(() => { redis.resume() })

  const asking = {
    add: inbox.add(entry('bob-1')),
    pendingCount: inbox.pendingCount(),
    deadLetterCount: inbox.deadLetterCount(),
    deadLetters: inbox.deadLetters({ limit: 10 }),
    retry: inbox.retry('ada-1'),
    discard: inbox.discard('ada-1')
  }
  await Promise.all(Object.entries(asking).map(async ([name, promise]) => {
    const time = await timeOf(promise)
    t.ok(time < 5000 + tolerance, `${name} takes ${Math.round(time)} ms`)
    await t.rejects(async () => { await promise }, name)
  }))
  const closing = await timeOf(inbox.close(1000))
  t.ok(closing < 3000 + tolerance, `close takes ${Math.round(closing)} ms`)
})
