import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InvalidOptionError, type WebhookOptions } from 'fastify-green-api'
import { bullmqInbox, type BullmqInboxOptions } from 'fastify-green-api/inbox/bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { connect } from '../../../lib/inbox/bullmq/connection.ts'
import { Store } from '../../../lib/inbox/bullmq/store.ts'
import { entry } from '../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../lib/inbox/conformance/recording-handler.ts'
import { build, collect, only, post, token } from '../../helpers/app.ts'
import { menu, menuSent, status, tap } from '../../helpers/fixtures/notifications.ts'
import { freePort } from '../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'
import { until } from '../../helpers/until.ts'

const needsRedis = { skip: withoutRedis }

/** Creates a replica. Its log goes to `lines`. */
async function replica (
  t: Test,
  { connection, lockDuration = 500 }: Pick<BullmqInboxOptions, 'connection' | 'lockDuration'>,
  plugin: Partial<WebhookOptions> = {},
  lines: string[] = []
): Promise<FastifyInstance> {
  const logger = { level: 'info', stream: { write: (line: string) => { lines.push(line) } } }
  return await build(t, { inbox: bullmqInbox({ connection, backoff: 10, lockDuration }), ...plugin }, { logger })
}

/** Opens the queue as a dashboard does. */
function dashboard (t: Test, { connection }: RedisServer): Queue {
  const queue = new Queue('green-api', { connection })
  t.teardown(() => queue.close())
  return queue
}

function textBody (chat: string, text: string) {
  return {
    typeWebhook: 'incomingMessageReceived',
    instanceData: { idInstance: 1101000001 },
    idMessage: `${chat}-${text}`,
    senderData: { chatId: chat, sender: chat },
    messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: text } }
  }
}

t.test('bullmqInbox throws when an option is wrong', async (t) => {
  const connection = { port: 6379 }
  t.throws(
    () => bullmqInbox(undefined as unknown as BullmqInboxOptions),
    {
      constructor: InvalidOptionError,
      message: /^The options for bullmqInbox must be an object. Expected one of `connection`, `name`/
    }
  )
  const cases: Array<[Record<string, unknown>, RegExp]> = [
    [{}, /^connection must be the address of Redis: options of ioredis/],
    [{ connection: null }, /^connection must/],
    [{ connection: true }, /^connection must/],
    [{ connection: '' }, /^connection is empty \(is the environment variable set\?\): write one such as redis:/],
    [{ connection: 'http://127.0.0.1' }, /^connection is not a Redis URL: write one such as redis:/],
    [{ connection, name: '' }, /^name must be the name of a queue, without a colon/],
    [{ connection, name: 'a:b' }, /^name must/],
    [{ connection, prefix: '' }, /^prefix must be a string that is not empty/],
    [{ connection, concurrency: 0 }, /^concurrency must be a whole number above 0/],
    [{ connection, lockDuration: '30s' }, /^lockDuration must be a whole number above 0/],
    [
      { connection, path: './inbox' },
      /^Unknown option `path` for bullmqInbox. Expected one of `connection`, `name`, `prefix`/
    ]
  ]
  for (const [options, message] of cases) {
    // As in JavaScript, without a type check.
    t.throws(
      () => bullmqInbox(options as unknown as BullmqInboxOptions),
      { constructor: InvalidOptionError, message },
      String(message)
    )
  }
})

t.test('replicas deliver each notification once and in order, whichever receives it', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  // On a busy machine a replica may renew its locks late. Then another one would deliver the same job again.
  const { connection } = server
  const replicas = await Promise.all([1, 2].map(() => replica(t, { connection, lockDuration: 30_000 })))
  const order: Record<string, string[]> = {}
  const busy = new Set<string>()
  const delivering = new Set<FastifyInstance>()
  for (const app of replicas) {
    app.greenApi.on('textMessage', async ({ chatId, data }) => {
      t.notOk(busy.has(chatId), 'one delivery of a chat at a time')
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
      for (const app of replicas) t.equal((await post(app, textBody(chat, text))).statusCode, 200)
    }
  }))
  await until(async () => await replicas[0]?.greenApi.inbox.pendingCount() === 0)
  t.strictSame(order, { a: texts, b: texts, c: texts })
  t.equal(delivering.size, 2)
})

t.test('dashboards show pending, running and failed notifications', needsRedis, async (t) => {
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
  for (const [chat, text] of [['a', '1'], ['a', 'poison'], ['a', '3'], ['b', '1']] as const) {
    t.equal((await post(app, textBody(chat, text))).statusCode, 200)
  }

  await until(async () => await queue.getActiveCount() === 2)
  t.strictSame((await queue.getActive()).map(({ data }) => data.orderingKey).sort(), ['1101000001/a', '1101000001/b'])
  t.equal(await app.greenApi.inbox.pendingCount(), 4)
  open()
  await until(() => failed.length === 1)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  await until(async () => await queue.getFailedCount() === 1)

  const job = only(await queue.getFailed())
  t.match(job, {
    name: 'chat',
    attemptsMade: 2,
    failedReason: 'a listener failed: boom',
    data: {
      orderingKey: '1101000001/a',
      dead: {
        entry: {
          name: 'textMessage',
          key: '1101000001:incoming:a-poison',
          revision: 1,
          body: JSON.stringify(textBody('a', 'poison'))
        }
      }
    }
  })
  t.match(
    only(await app.greenApi.inbox.deadLetters()),
    { id: only(failed).event.id, reason: 'a listener failed: boom', attempts: 2 }
  )

  await job.retry()
  await until(() => failed.length === 2)
  t.equal((await app.greenApi.inbox.deadLetters()).length, 1, 'retry in a dashboard retries the dead letter')
  await until(async () => await queue.getFailedCount() === 1)
  t.equal(await app.greenApi.inbox.discard(only(failed.slice(1)).event.id), true)
  await until(async () => await queue.getFailedCount() === 0)
  t.equal(await queue.getCompletedCount(), 0, 'delivered chats are removed')
})

t.test('a notification that was dead and retried in a dashboard keeps the order of its chat', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server, { attempts: 1 })
  const queue = dashboard(t, server)
  let broken = true
  const delivered: string[] = []
  app.greenApi.on('textMessage', async ({ data }) => {
    if (broken) throw new Error('boom')
    await sleep(20)
    delivered.push(data.text)
  })
  await app.ready()
  await post(app, textBody('a', '1'))
  await until(async () => await queue.getFailedCount() === 1)
  broken = false

  for (const text of ['2', '3', '4']) await post(app, textBody('a', text))
  await only(await queue.getFailed()).retry()

  await until(async () => delivered.length === 4 && await app.greenApi.inbox.pendingCount() === 0)
  t.strictSame(delivered, ['2', '3', '4', '1'])
})

t.test('chats whose jobs are missing are delivered after a restart', needsRedis, async (t) => {
  const { connection } = await RedisServer.start(t)
  const redis = new Redis(connection)
  // So many chats that the inbox reads them in several pages.
  const entries = Array.from({ length: 1000 }, (_, index) => entry(`chat${index}-1`))
  // A crash of Redis can lose the jobs that follow this step.
  await new Store(redis, 'bull:green-api-inbox').add(entries)
  redis.disconnect()
  const inbox = bullmqInbox({ connection })
  t.teardown(() => inbox.close(1000))
  const handler = new RecordingHandler(1, () => {}, () => {})

  await inbox.open(handler)
  inbox.start()
  await until(async () => await inbox.pendingCount() === 0)

  t.strictSame(handler.delivered.map(({ key }) => key).sort(), entries.map(({ key }) => key).sort())
})

t.test('a chat whose job is removed in a dashboard is delivered without a restart', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const queue = dashboard(t, server)
  const app = await replica(t, { connection: server.connection, lockDuration: 50 })
  const events = collect(app, 'webhook')
  await app.ready()
  await queue.pause()
  t.equal((await post(app, menuSent())).statusCode, 200)
  await queue.drain()
  await queue.resume()

  await until(() => events.length === 1)

  t.equal(only(events).name, 'interactiveButtons')
})

t.test('the log contains no command of Redis', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const lines: string[] = []
  const app = Fastify({ logger: { stream: { write (line: string) { lines.push(line) } } } })
  t.teardown(() => app.close())
  const connection = `redis://default:s3cret-of-yesterday@127.0.0.1:${server.port}`
  const redis = new Redis(server.connection)
  await redis.config('SET', 'requirepass', 'another')
  redis.disconnect()
  app.register(greenApi, { token, inbox: bullmqInbox({ connection }) })
  await t.rejects(async () => { await app.ready() }, { message: /^Redis refused the command HELLO: WRONGPASS / })
  await until(() => lines.some((line) => line.includes('Redis is unreachable')))
  t.match(lines.join(''), /WRONGPASS/, 'the log has the reason')
  t.notMatch(lines.join(''), /s3cret-of-yesterday/)
})

t.test('replicas share the memory of duplicates and revisions', needsRedis, async (t) => {
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

t.test('a replica answers 503 while Redis is unreachable, and continues afterwards', needsRedis, async (t) => {
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
  await until(() => lines.join('').includes('Redis is unreachable'))

  await server.start()
  await until(async () => (await post(app, tap())).statusCode === 200)
  await until(() => events.length === 2)
  await until(() => lines.join('').includes('Redis is reachable again'))
  t.strictSame(events.map(({ name }) => name), ['interactiveButtons', 'buttonReply'])
})

t.test('a replica answers 503 while Redis is paused', needsRedis, async (t) => {
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

t.test('a server starts without Redis, and stores notifications when Redis is reachable', needsRedis, async (t) => {
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

t.test('a server closes while Redis is unreachable', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const app = await replica(t, server, { timeout: 500 })
  await app.ready()
  await server.stop()
  await t.resolves(app.close(), 'Redis was reachable before')

  const never = await replica(t, server, { timeout: 500 })
  await t.resolves(never.close(), 'Redis was never reachable')
})

t.test('Connection.disconnect ends a reconnecting client and rejects its commands', async (t) => {
  const port = await freePort()
  const log = Fastify({ logger: { level: 'silent' } }).log
  const original = connect({ url: undefined, options: { host: '127.0.0.1', port } }, 'blocking', log)
  for (const redis of [original.duplicate(), original]) {
    const waiting = redis.ping()
    await until(() => redis.status === 'reconnecting')
    redis.disconnect()
    await t.rejects(waiting, { message: 'Connection is closed.' })
    t.equal(redis.status, 'end')
  }
})

t.test('Connection logs one error until Redis is reachable again', async (t) => {
  const { log } = Fastify({ logger: { level: 'silent' } })
  const errors = t.capture(log, 'error')
  const redis = connect({ url: undefined, options: { host: '127.0.0.1', port: await freePort() } }, 'fail-fast', log)
  let attempts = 0

  redis.on('reconnecting', () => { attempts++ })
  await until(() => attempts === 3)
  redis.disconnect()

  t.equal(errors().length, 1)
})

t.test('a replica logs the errors of its worker at most once a minute', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  // The worker reads these keys when it starts. Each of them has the wrong type, so there are two errors.
  await redis.mset('bull:green-api:stalled', 'not a set', 'bull:green-api:wait', 'not a list')
  const lines: string[] = []
  const app = await replica(t, { connection: server.connection, lockDuration: 50 }, {}, lines)
  const logged = () => lines.filter((line) => line.includes('the inbox cannot deliver; retrying'))

  await app.ready()
  await until(() => logged().length > 0)
  await sleep(300)

  t.equal(logged().length, 1)
})

t.test('a notification stays pending when replicas crash repeatedly', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const { connection } = server
  const queue = dashboard(t, server)
  const redis = new Redis(connection)
  const inbox = bullmqInbox({ connection, lockDuration: 50 })
  const handler = new RecordingHandler(1, () => {}, () => {})
  const crashed = new Worker('green-api', null, { connection, lockDuration: 50 })
  t.teardown(async () => {
    redis.disconnect()
    await Promise.all([inbox.close(1000), crashed.close(true)])
  })
  await inbox.open(handler)
  await inbox.add(entry('ada-1'))
  // A worker that takes the job and never renews its lock is like one that crashed.
  const job = await crashed.getNextJob('token')
  // BullMQ counts here how often the lock of the job was lost.
  await redis.hset(queue.toKey(String(job?.id)), 'stc', 5)

  inbox.start()
  await until(() => handler.delivered.length + handler.deadLetterCalls.length > 0)

  t.equal(handler.delivered.length, 1)
})

t.test('a replica answers 503 when Redis is out of memory', needsRedis, async (t) => {
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

t.test('a replica answers 503 when a command fails, and stores the next request', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const lines: string[] = []
  const app = await replica(t, server, {}, lines)
  const events = collect(app, 'webhook')
  await app.ready()
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  // BullMQ increments this key.
  await redis.set('bull:green-api:id', 'no number')
  t.equal((await post(app, menuSent())).statusCode, 503)
  t.match(lines.join(''), /Redis could not store the notification: .*not an integer/)
  await redis.del('bull:green-api:id')
  await until(async () => (await post(app, menuSent())).statusCode === 200)
  await until(() => events.length === 1)
})

t.test('open rejects and closes its connection when BullMQ refuses an option', async (t) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => { sockets.add(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const app = Fastify()
  app.register(greenApi, {
    token: 'a token', inbox: bullmqInbox({ connection: { host: '127.0.0.1', port, keyPrefix: 'shop:' } })
  })

  await t.rejects(async () => { await app.ready() }, { message: /use the prefix option instead/ })

  await sleep(500)
  t.strictSame([...sockets].filter(({ closed }) => !closed), [])
})

t.test('close leaves no connection when it is called while the inbox opens', async (t) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => { sockets.add(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  const inbox = bullmqInbox({ connection: { host: '127.0.0.1', port } })

  const opening = inbox.open(new RecordingHandler(1, () => {}, () => {}))
  await inbox.close(0)

  await t.rejects(opening, { message: 'The inbox was closed while it was being opened' })
  await sleep(500)
  t.strictSame([...sockets].filter(({ closed }) => !closed), [])
})

t.test('close returns interrupted jobs to the queue even when it does not wait for deliveries', needsRedis, async (t) => {
  const { connection } = await RedisServer.start(t)
  // Several at once, so that each is slower than the answers of Redis.
  await Promise.all(Array.from({ length: 30 }, async (_, index) => {
    const name = `inbox${index}`
    const inbox = bullmqInbox({ connection, name })
    const handler = new RecordingHandler(1, () => new Promise(() => {}), () => {})
    await inbox.open(handler)
    inbox.start()
    await inbox.add(entry('ada-1'))
    await until(() => handler.started.length === 1)

    await inbox.close(0)

    const queue = new Queue(name, { connection })
    t.teardown(() => queue.close())
    t.equal(await queue.getActiveCount(), 0, `no job of ${name} stays locked`)
  }))
})

t.test('another replica delivers a notification whose delivery was interrupted by close', needsRedis, async (t) => {
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

t.test('a replica does not start a second delivery when it loses the lock of a job', needsRedis, async (t) => {
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
  // Longer than lockDuration.
  server.pause()
  await sleep(1500)
  server.resume()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(calls, 1)
})

t.test('a dead letter that two replicas retry at the same time is delivered once', needsRedis, async (t) => {
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
  for (const text of texts) await post(one, textBody(text, text))
  await until(async () => (await one.greenApi.inbox.deadLetters()).length === texts.length)
  broken = false
  const dead = await one.greenApi.inbox.deadLetters()
  const answers = await Promise.all(
    dead.flatMap(
      ({ id }, index) => [
        one.greenApi.inbox.retry(id),
        index % 2 === 0 ? other.greenApi.inbox.retry(id) : other.greenApi.inbox.discard(id)
      ]
    )
  )
  await until(async () => await one.greenApi.inbox.pendingCount() === 0)
  t.equal(answers.filter((answer) => answer).length, texts.length, 'one of two calls takes effect')
  t.ok(deliveries >= texts.length / 2 && deliveries <= texts.length)
  t.strictSame(await other.greenApi.inbox.deadLetters(), [])
})

t.test('app.greenApi.inbox rejects while Redis is unreachable', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  await server.stop()
  const { greenApi: { inbox } } = await replica(t, server, { timeout: 100 })
  const asking: Array<() => Promise<unknown>> = [
    () => inbox.pendingCount(), () => inbox.deadLetters(), () => inbox.retry('A'), () => inbox.discard('A')
  ]
  for (const ask of asking) {
    await t.rejects(ask, {
      code: 'FST_GREEN_API_INBOX', message: 'Redis is unreachable. Check that it runs, then try again'
    })
  }
})

t.test('open rejects when the inbox was opened before', needsRedis, async (t) => {
  const { connection } = await RedisServer.start(t)
  const inbox = bullmqInbox({ connection })
  await build(t, { inbox })
  const app = Fastify()
  app.register(greenApi, { token: 'a token', inbox })
  await t.rejects(async () => { await app.ready() }, {
    code: 'FST_GREEN_API_INBOX',
    message: /^This inbox was opened before\. Create one inbox for each registration of the plugin$/
  })
})

t.test('a lock is taken once, by any replica, until it expires', needsRedis, async (t) => {
  const { connection } = await RedisServer.start(t)
  const [one, other] = [bullmqInbox({ connection }), bullmqInbox({ connection })]
  t.teardown(() => Promise.all([one.close(0), other.close(0)]))
  for (const inbox of [one, other]) await inbox.open(new RecordingHandler(1, () => {}, () => {}))

  t.equal(await one.lock?.('a', 500), true)
  t.equal(await one.lock?.('a', 500), false)
  t.equal(await other.lock?.('a', 500), false)
  t.equal(await other.lock?.('b', 500), true, 'another lock')
  await until(async () => await other.lock?.('a', 500) === true)
  t.equal(await one.lock?.('a', 500), false)
})
