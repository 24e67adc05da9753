import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InvalidOptionError, type WebhookOptions } from 'fastify-green-api'
import { bullmqInbox, type BullmqInboxOptions } from 'fastify-green-api/inbox/bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { connect } from '../../../lib/inbox/bullmq/connection.ts'
import { build, collect, only, post, token } from '../../helpers/app.ts'
import { menu, menuSent, status, tap } from '../../helpers/fixtures/notifications.ts'
import { freePort } from '../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'
import { until } from '../../helpers/until.ts'

/** A replica, with what it logs. */
async function replica (t: Test, { connection }: Pick<BullmqInboxOptions, 'connection'>, plugin: Partial<WebhookOptions> = {}, lines: string[] = []): Promise<FastifyInstance> {
  const logger = { level: 'info', stream: { write: (line: string) => { lines.push(line) } } }
  return await build(t, { inbox: bullmqInbox({ connection, backoff: 10, lockDuration: 500 }), ...plugin }, { logger })
}

/** The queue, as a dashboard sees it. */
function dashboard (t: Test, { connection }: RedisServer): Queue {
  const queue = new Queue('green-api', { connection })
  t.teardown(() => queue.close())
  return queue
}

function said (chat: string, text: string) {
  return {
    typeWebhook: 'incomingMessageReceived',
    instanceData: { idInstance: 1101000001 },
    idMessage: `${chat}-${text}`,
    senderData: { chatId: chat, sender: chat },
    messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: text } }
  }
}

t.test('wrong options throw, and say what to write instead', async (t) => {
  const connection = { port: 6379 }
  t.throws(() => bullmqInbox(undefined as unknown as BullmqInboxOptions), { constructor: InvalidOptionError, message: /^The options for bullmqInbox must be an object. Expected one of `connection`, `name`/ })
  const cases: Array<[Record<string, unknown>, RegExp]> = [
    [{}, /^connection must say where Redis is/],
    [{ connection: null }, /^connection must/],
    [{ connection: 6379 }, /^connection must/],
    [{ connection: '' }, /^connection is empty \(is the environment variable set\?\): write one such as redis:/],
    [{ connection: 'http://127.0.0.1' }, /^connection is no URL of a Redis: write one such as redis:/],
    [{ connection: new Redis({ lazyConnect: true }) }, /^connection must/],
    [{ connection, name: '' }, /^name must be the name of a queue, without a colon/],
    [{ connection, name: 'a:b' }, /^name must/],
    [{ connection, prefix: '' }, /^prefix must be a string that is not empty/],
    [{ connection, concurrency: 0 }, /^concurrency must be a whole number above 0/],
    [{ connection, lockDuration: '30s' }, /^lockDuration must be a whole number above 0/],
    [{ connection, path: './inbox' }, /^Unknown option `path` for bullmqInbox. Expected one of `connection`, `name`, `prefix`, `concurrency`, `backoff`, `lockDuration`/]
  ]
  for (const [options, message] of cases) {
    // As somebody writes it whom no compiler warns.
    t.throws(() => bullmqInbox(options as unknown as BullmqInboxOptions), { constructor: InvalidOptionError, message }, String(message))
  }
})

t.test('any replica receives, any delivers, each notification once and in order', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const replicas = await Promise.all([1, 2].map(() => replica(t, server)))
  const order: Record<string, string[]> = {}
  const busy = new Set<string>()
  const delivering = new Set<FastifyInstance>()
  for (const app of replicas) {
    app.greenApi.on('textMessage', async ({ chatId, data }) => {
      t.notOk(busy.has(chatId), 'one at a time')
      busy.add(chatId)
      delivering.add(app)
      await sleep(Math.random() * 10)
      ;(order[chatId] ??= []).push(data.text)
      busy.delete(chatId)
    })
    await app.ready()
  }
  const texts = Array.from({ length: 20 }, (_, index) => String(index))
  await Promise.all(['a', 'b', 'c'].map(async (chat) => {
    for (const text of texts) {
      for (const app of replicas) t.equal((await post(app, said(chat, text))).statusCode, 200)
    }
  }))
  await until(async () => await replicas[0]?.greenApi.inbox.pendingCount() === 0)
  t.strictSame(order, { a: texts, b: texts, c: texts })
  t.equal(delivering.size, 2)
})

t.test('dashboards see what waits, what is at work, and what was given up', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server, { attempts: 2 })
  const queue = dashboard(t, server)
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => { open = resolve })
  app.greenApi.on('textMessage', async ({ data }) => {
    await opened
    if (data.text === 'poison') throw new Error('boom')
  })
  const failed = collect(app, 'failed')
  await app.ready()
  for (const [chat, text] of [['a', '1'], ['a', 'poison'], ['a', '3'], ['b', '1']] as const) t.equal((await post(app, said(chat, text))).statusCode, 200)

  await until(async () => await queue.getActiveCount() === 2)
  t.equal(await queue.getWaitingChildrenCount(), 2)
  t.equal(await app.greenApi.inbox.pendingCount(), 4)
  open()
  await until(() => failed.length === 1)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)

  const job = only(await queue.getFailed())
  t.match(job, {
    id: '1101000001/incomingMessageReceived/a-poison~1',
    name: 'textMessage',
    attemptsMade: 2,
    failedReason: 'a listener failed: boom',
    data: { key: '1101000001:incomingMessageReceived:a-poison', orderingKey: '1101000001/a', revision: 1, body: JSON.stringify(said('a', 'poison')) }
  })
  t.match(only(await app.greenApi.inbox.deadLetters()), { id: only(failed).event.id, reason: 'a listener failed: boom', attempts: 2 })

  await job.retry()
  await until(() => failed.length === 2)
  t.equal((await app.greenApi.inbox.deadLetters()).length, 1, 'their retry works too')
  t.equal(await queue.getCompletedCount(), 0, 'what was delivered takes no room')
})

t.test('nothing is kept of a chat once what came last was given up', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  const app = await replica(t, server, { attempts: 1 })
  app.greenApi.on('textMessage', () => { throw new Error('boom') })
  await app.ready()
  await post(app, said('a', '1'))
  await until(async () => (await app.greenApi.inbox.deadLetters()).length === 1)
  await until(async () => (await redis.keys('*-inbox:last:*')).length === 0)
  t.pass('which the next one of it would have waited for')
})

t.test('what Redis is asked with is not logged', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const lines: string[] = []
  const app = Fastify({ logger: { stream: { write (line: string) { lines.push(line) } } } })
  t.teardown(() => app.close())
  const connection = `redis://default:s3cret-of-yesterday@127.0.0.1:${server.port}`
  const redis = new Redis(server.connection)
  await redis.config('SET', 'requirepass', 'another')
  redis.disconnect()
  await app.register(greenApi, { token, inbox: bullmqInbox({ connection }) })
  await app.ready()
  await until(() => lines.some((line) => line.includes('Redis is out of reach')))
  t.match(lines.join(''), /WRONGPASS/, 'it says what is wrong')
  t.notMatch(lines.join(''), /s3cret-of-yesterday/)
})

t.test('repeats are dropped and changes are revisions, whichever replica they come to', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const [one, other] = await Promise.all([replica(t, server), replica(t, server)])
  const events = [...[one, other].map((app) => collect(app, 'webhook'))]
  await Promise.all([one.ready(), other.ready()])
  const changed = menuSent({ ...menu, contentText: 'changed' })
  const codes = await Promise.all([one, other, one, other].map(async (app) => (await post(app, menuSent())).statusCode))
  t.strictSame(codes, [200, 200, 200, 200])
  await Promise.all([one, other].map((app) => post(app, changed)))
  await until(async () => await one.greenApi.inbox.pendingCount() === 0)
  t.strictSame(events.flat().map(({ revision }) => revision).sort(), [1, 2])
})

t.test('while Redis is away the answer is 503, and all goes on by itself when it is back', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const lines: string[] = []
  const app = await replica(t, { connection: `redis://127.0.0.1:${server.port}` }, {}, lines)
  const events = collect(app, 'webhook')
  await app.ready()
  t.equal((await post(app, menuSent())).statusCode, 200)
  await until(() => events.length === 1)

  await server.stop()
  const begin = Date.now()
  t.equal((await post(app, tap())).statusCode, 503)
  t.ok(Date.now() - begin < 2000, 'at once')
  await until(() => lines.join('').includes('Redis is out of reach'))

  await server.start()
  await until(async () => (await post(app, tap())).statusCode === 200)
  await until(() => events.length === 2)
  await until(() => lines.join('').includes('Redis is back'))
  t.strictSame(events.map(({ name }) => name), ['interactiveButtons', 'buttonReply'])
})

t.test('a Redis that stands still is away', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server)
  const events = collect(app, 'webhook')
  await app.ready()
  t.equal((await post(app, menuSent())).statusCode, 200)
  server.pause()
  const begin = Date.now()
  t.equal((await post(app, tap())).statusCode, 503)
  t.ok(Date.now() - begin < 10_000)
  server.resume()
  await until(async () => (await post(app, tap())).statusCode === 200)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(events.filter(({ name }) => name === 'buttonReply').length, 1)
})

t.test('a server starts without Redis, and is ready when that comes', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  await server.stop()
  const app = await replica(t, server)
  const events = collect(app, 'webhook')
  await app.ready()
  t.equal((await post(app, menuSent())).statusCode, 503)
  await server.start()
  await until(async () => (await post(app, menuSent())).statusCode === 200)
  await until(() => events.length === 1)
})

t.test('a server closes without Redis', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server, { timeout: 500 })
  await app.ready()
  await server.stop()
  await app.close()
  t.pass('within its time')

  const never = await replica(t, server, { timeout: 500 })
  await never.close()
  t.pass('nor has it to have been there')
})

t.test('a connection that is tried again and again can be ended, and so can what waits for it', async (t) => {
  const port = await freePort()
  const log = Fastify({ logger: { level: 'silent' } }).log
  const original = connect({ host: '127.0.0.1', port }, 'patient', log)
  for (const redis of [original.duplicate(), original]) {
    const waiting = redis.ping()
    await until(() => redis.status === 'reconnecting')
    redis.disconnect()
    await t.rejects(waiting, { message: 'Connection is closed.' })
    t.equal(redis.status, 'end')
  }
})

t.test('what Redis refuses to write is answered 503', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server)
  await app.ready()
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  await redis.config('SET', 'maxmemory', '1')
  t.equal((await post(app, menuSent())).statusCode, 503)
  await redis.config('SET', 'maxmemory', '0')
  const events = collect(app, 'webhook')
  await until(async () => (await post(app, menuSent())).statusCode === 200)
  await until(() => events.length === 1)
})

t.test('what a transaction fails in is answered 503, and does not pass for a repeat', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const lines: string[] = []
  const app = await replica(t, server, {}, lines)
  const events = collect(app, 'webhook')
  await app.ready()
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  // BullMQ counts with it.
  await redis.set('bull:green-api:id', 'no number')
  t.equal((await post(app, menuSent())).statusCode, 503)
  t.match(lines.join(''), /Redis could not store the notification: .*not an integer/)
  await redis.del('bull:green-api:id')
  await until(async () => (await post(app, menuSent())).statusCode === 200)
  await until(() => events.length === 1)
})

t.test('what BullMQ does not accept keeps the server from starting, and leaves no connection', async (t) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => { sockets.add(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  // It listens on a port.
  const { port } = server.address() as AddressInfo
  const app = Fastify()
  app.register(greenApi, { token: 'a token', inbox: bullmqInbox({ connection: { host: '127.0.0.1', port, keyPrefix: 'shop:' } }) })

  await t.rejects(async () => { await app.ready() }, { message: /use the prefix option instead/ })

  await sleep(500)
  t.strictSame([...sockets].filter(({ closed }) => !closed), [])
})

t.test('what is at work when a replica closes in vain is delivered by another', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const first = await replica(t, server, { timeout: 100 })
  let calls = 0
  first.greenApi.on('webhook', () => { calls++; return new Promise(() => {}) })
  await first.ready()
  await post(first, status('read'))
  await until(() => calls === 1)
  await first.close()

  const second = await replica(t, server)
  const events = collect(second, 'webhook')
  await second.ready()
  await until(() => events.length === 1)
  t.equal(only(events).name, 'outgoingMessageStatus')
})

t.test('a replica that was taken for dead does not begin beside itself', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server)
  let calls = 0
  app.greenApi.on('webhook', async () => {
    calls++
    await sleep(3000)
  })
  await app.ready()
  await post(app, menuSent())
  await until(() => calls === 1)
  // Longer than a lock lasts.
  server.pause()
  await sleep(1500)
  server.resume()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(calls, 1)
})

t.test('what two replicas send again at once is delivered once', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  const replicas = await Promise.all([1, 2].map(() => replica(t, server, { attempts: 1 })))
  let broken = true
  let deliveries = 0
  for (const app of replicas) {
    app.greenApi.on('webhook', () => {
      if (broken) throw new Error('boom')
      deliveries++
    })
    await app.ready()
  }
  const [one, other] = replicas as [FastifyInstance, FastifyInstance]
  const texts = Array.from({ length: 20 }, (_, index) => String(index))
  for (const text of texts) await post(one, said(text, text))
  await until(async () => (await one.greenApi.inbox.deadLetters()).length === texts.length)
  broken = false
  const dead = await one.greenApi.inbox.deadLetters()
  const answers = await Promise.all(dead.flatMap(({ id }, index) => [one.greenApi.inbox.retry(id), index % 2 === 0 ? other.greenApi.inbox.retry(id) : other.greenApi.inbox.discard(id)]))
  await until(async () => await one.greenApi.inbox.pendingCount() === 0)
  t.equal(answers.filter((answer) => answer).length, texts.length, 'one of each two')
  t.ok(deliveries >= texts.length / 2 && deliveries <= texts.length)
  t.strictSame(await other.greenApi.inbox.deadLetters(), [])
})

t.test('without Redis the inbox says so when it is asked', { skip: withoutRedis }, async (t) => {
  const server = await RedisServer.start(t)
  await server.stop()
  const { greenApi: { inbox } } = await replica(t, server, { timeout: 100 })
  const asking: Array<() => Promise<unknown>> = [() => inbox.pendingCount(), () => inbox.deadLetters(), () => inbox.retry('A'), () => inbox.discard('A')]
  for (const ask of asking) {
    await t.rejects(ask, { code: 'FST_GREEN_API_INBOX', message: /^Redis is out of reach/ })
  }
})

t.test('one inbox serves one scope', { skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t)
  const inbox = bullmqInbox({ connection })
  await build(t, { inbox })
  const app = Fastify()
  app.register(greenApi, { token: 'a token', inbox })
  await t.rejects(async () => { await app.ready() }, { code: 'FST_GREEN_API_INBOX', message: /make one for each scope/ })
})
