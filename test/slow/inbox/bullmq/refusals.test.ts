import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker as Thread } from 'node:worker_threads'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InboxError } from 'fastify-green-api'
import { bullmqInbox, type BullmqInboxOptions } from 'fastify-green-api/inbox/bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { build, collect, post, token } from '../../../helpers/app.ts'
import { menuSent, tap } from '../../../helpers/fixtures/notifications.ts'
import { freePort } from '../../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'
import { until } from '../../../helpers/until.ts'

const needsRedis = { skip: withoutRedis }

/** The commands that a user of Redis needs, as in the documentation. */
const listedCommands = [
  'hello auth select client info ping eval evalsha script|load multi exec bzpopmin',
  'get set del exists incr decr pexpire pttl persist hset hmset hget hmget hgetall hexists hincrby hdel hscan',
  'lpush rpush lpop lindex llen lpos lrange lrem ltrim rpop rpoplpush sadd srem scard smembers',
  'zadd zrem zcard zcount zscore zrange zrangebyscore zrevrangebyscore zpopmin xadd xtrim'
].join(' ')

const busyAfterMs = 3000

// A process that spins cannot end a test, so another thread does.
const watchdog = new Thread(`
  const { workerData, parentPort } = require('node:worker_threads')
  setInterval(() => {
    if (Atomics.exchange(workerData, 0, 0) > 0) return
    console.error('the event loop is blocked')
    process.kill(process.pid, 'SIGKILL')
  }, ${busyAfterMs})`, { eval: true, workerData: startTicking() })
t.teardown(async () => { await watchdog.terminate() })

function startTicking (): Int32Array {
  const ticks = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => { Atomics.add(ticks, 0, 1) }, 50).unref()
  return ticks
}

async function admin (t: Test, server: RedisServer): Promise<Redis> {
  const redis = new Redis(server.connection)
  t.teardown(() => { redis.disconnect() })
  return redis
}

/** Registers with an inbox and returns the error. Never listens. */
async function register (
  t: Test,
  connection: BullmqInboxOptions['connection'],
  options: Partial<BullmqInboxOptions> = {}
): Promise<{ app: FastifyInstance, error: unknown, lines: string[] }> {
  const lines: string[] = []
  const app = Fastify({ logger: { stream: { write: (line: string) => { lines.push(line) } } }, pluginTimeout: 60_000 })
  t.teardown(() => app.close())
  app.register(greenApi, { token, inbox: bullmqInbox({ connection, backoff: 10, lockDuration: 500, ...options }) })
  const error = await app.ready().then(() => undefined, (reason: unknown) => reason)
  return { app, error, lines }
}

t.test('registering rejects and names the command that the user of Redis may not run', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  const commands = [
    'info', 'get', 'hget', 'hscan', 'hgetall', 'zcard', 'zrangebyscore', 'eval', 'script', 'evalsha', 'multi', 'exec',
    'bzpopmin', 'set', 'xadd', 'rpoplpush', 'zadd', 'hset', 'lpush', 'lindex', 'lpop', 'decr'
  ]
  for (const command of commands) {
    await t.test(command, async (t) => {
      await redis.call('ACL', 'SETUSER', `no-${command}`, 'reset', 'on', '>pw', '~*', '&*', '+@all', `-${command}`)
      const { error } = await register(t, { ...server.connection, username: `no-${command}`, password: 'pw' })

      t.type(error, InboxError)
      const pattern = new RegExp(`^Redis refused the command .*\\b${command}\\b.* ACL SETUSER no-${command} \\+`, 'i')
      t.match(error, { message: pattern })
    })
  }
  await t.test('@dangerous', async (t) => {
    await redis.call('ACL', 'SETUSER', 'shop', 'on', '>shoppw', '~*', '&*', '+@all', '-@dangerous')
    const { error } = await register(t, `redis://shop:shoppw@127.0.0.1:${server.port}`)
    t.match(error, { message: /^Redis refused the command INFO: NOPERM .*ACL SETUSER shop \+info$/ })
  })
})

t.test('a user of Redis with only the commands and keys of the inbox is enough', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  await redis.call(
    'ACL', 'SETUSER', 'shop', 'on', '>pw', '~bull:green-api*', '+@all', '-@dangerous', '-@admin', '+info'
  )
  const connection = `redis://shop:pw@127.0.0.1:${server.port}`
  const app = await build(t, { inbox: bullmqInbox({ connection }) })
  const events = collect(app, 'webhook')
  await app.ready()
  t.equal((await post(app, menuSent())).statusCode, 200)
  await until(() => events.length === 1)
  t.strictSame(await redis.keys('*probe*'), [])
})

t.test('a user of Redis with only the listed commands is enough', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  const commands = listedCommands.split(' ').map((command) => `+${command}`)
  await redis.call('ACL', 'SETUSER', 'shop', 'on', '>pw', '~bull:green-api*', '-@all', ...commands)
  await redis.call('ACL', 'LOG', 'RESET')
  const connection = `redis://shop:pw@127.0.0.1:${server.port}`
  const app = await build(t, { attempts: 2, inbox: bullmqInbox({ connection, backoff: 1, lockDuration: 100 }) })
  const { inbox } = app.greenApi
  let broken = true
  app.greenApi.on('interactiveButtons', () => { if (broken) throw new Error('down') })
  await app.ready()

  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal((await post(app, tap())).statusCode, 200)
  await until(async () => await inbox.deadLetterCount() === 1)
  await until(async () => await inbox.pendingCount() === 0)
  const [dead] = await inbox.deadLetters()
  broken = false
  t.equal(await inbox.retry(dead?.id ?? ''), true)
  await until(async () => await inbox.pendingCount() === 0)
  await app.close()

  t.strictSame(await redis.call('ACL', 'LOG'), [], 'Redis refused nothing')
})

t.test('registering rejects when Redis may evict keys', needsRedis, async (t) => {
  const server = await RedisServer.start(t, '--maxmemory-policy', 'allkeys-lru')

  const { error } = await register(t, server.connection)

  t.match(error, {
    constructor: InboxError,
    message: /^Redis may delete notifications .*\(maxmemory-policy allkeys-lru\)\. Set maxmemory-policy to noeviction$/
  })
})

t.test('registering rejects when the user of Redis may not use the keys', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  for (const keys of ['other:*', 'bull:green-api:*', 'bull:green-api-inbox:*']) {
    await redis.call('ACL', 'SETUSER', 'shop', 'reset', 'on', '>pw', `~${keys}`, '&*', '+@all')
    const { error } = await register(t, `redis://shop:pw@127.0.0.1:${server.port}`)
    t.match(error, { message: /^Redis refused .*ACL SETUSER shop ~bull:green-api\*$/ }, keys)
  }
})

t.test('registering rejects when the password or the database is wrong', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const { port } = server
  await (await admin(t, server)).config('SET', 'requirepass', 'right')
  const cases: Array<[string, RegExp]> = [
    [`redis://:s3cret@127.0.0.1:${port}`, /^Redis refused the command HELLO: WRONGPASS .*Check the user name and the p/],
    [`redis://127.0.0.1:${port}`, /^Redis refused the command HELLO: NOAUTH .*Check the user name and the password/],
    [`redis://:right@127.0.0.1:${port}/99`, /^Redis refused the command SELECT: .*Check the number of the database/]
  ]
  for (const [connection, message] of cases) {
    const { error, lines } = await register(t, connection)
    t.match(error, { constructor: InboxError, message })
    t.notMatch(lines.join(''), /s3cret|right/)
  }
})

t.test('registering succeeds with TLS, and rejects or the answer is 503 when TLS fails', needsRedis, async (t) => {
  // Not t.testdir(), which the server uses.
  const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost']
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const tlsPort = await freePort()
  const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert]
  const { port } = await RedisServer.start(t, '--tls-port', String(tlsPort), ...files, '--tls-auth-clients', 'no')

  const tls = { ca: readFileSync(cert), servername: 'localhost' }
  const trusted = await register(t, { url: `rediss://127.0.0.1:${tlsPort}`, tls })
  t.equal(trusted.error, undefined)
  t.equal((await post(trusted.app, menuSent())).statusCode, 200)
  const untrusted = await register(t, `rediss://127.0.0.1:${tlsPort}`)
  t.match(untrusted.error, { constructor: InboxError, message: /^Redis cannot be reached with TLS \(.*CERT/ })
  // Neither side answers, as when Redis is unreachable.
  for (const connection of [`redis://127.0.0.1:${tlsPort}`, `rediss://127.0.0.1:${port}`]) {
    const { app, error, lines } = await register(t, connection)
    t.equal(error, undefined)
    t.equal((await post(app, menuSent())).statusCode, 503)
    t.match(lines.join(''), /the inbox cannot reach Redis. Check its address, and whether it expects TLS/)
  }
})

t.test('a replica answers 503 while Redis is read-only, and does not keep it busy', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  await redis.replicaof('127.0.0.1', 1)
  const { app, error } = await register(t, server.connection)
  t.equal(error, undefined)
  t.equal((await post(app, menuSent())).statusCode, 503)
  await sleep(500)
  const before = await commandCount(redis)
  await sleep(1000)
  t.ok(await commandCount(redis) - before < 100, 'few commands a second')

  await redis.replicaof('NO', 'ONE')
  const events = collect(app, 'webhook')
  await until(async () => (await post(app, tap())).statusCode === 200)
  await until(() => events.some(({ name }) => name === 'buttonReply'))
})

t.test('a replica does not keep Redis busy when a permission is withdrawn', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  await redis.call('ACL', 'SETUSER', 'shop', 'on', '>pw', '~*', '&*', '+@all')
  const { app } = await register(t, `redis://shop:pw@127.0.0.1:${server.port}`)
  const events = collect(app, 'webhook')
  await redis.call('ACL', 'SETUSER', 'shop', '-@scripting')
  t.equal((await post(app, menuSent())).statusCode, 503)
  await sleep(500)
  const before = await commandCount(redis)
  await sleep(1000)
  t.ok(await commandCount(redis) - before < 100, 'few commands a second')

  await redis.call('ACL', 'SETUSER', 'shop', '+@all')
  await until(async () => (await post(app, menuSent())).statusCode === 200)
  await until(() => events.length === 1)
})

t.test('a replica answers 503 and logs the reason when Redis refuses a command later', needsRedis, async (t) => {
  const server = await RedisServer.start(t)
  const redis = await admin(t, server)
  redis.disconnect()
  await server.stop()
  const { app, error, lines } = await register(t, `redis://shop:pw@127.0.0.1:${server.port}`)
  t.equal(error, undefined)
  await server.start()
  // Users are not in the append-only file.
  const again = await admin(t, server)
  await again.call('ACL', 'SETUSER', 'shop', 'on', '>pw', '~*', '&*', '+@all', '-info')
  await until(() => lines.join('').includes('Redis refused the command INFO'))
  t.equal((await post(app, menuSent())).statusCode, 503)
})

t.test('a Redis in cluster mode needs a hash tag', needsRedis, async (t) => {
  const server = await RedisServer.start(t, '--cluster-enabled', 'yes')
  const redis = await admin(t, server)
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
  await until(async () => String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok'))

  const { error } = await register(t, server.connection)
  t.match(error, { constructor: InboxError, message: /cluster mode.*Set prefix to a name in braces, such as "\{bull\}"/ })

  for (const options of [{ prefix: '{bull}' }, { name: '{green-api}' }]) {
    const app = await build(t, { attempts: 1, inbox: bullmqInbox({ connection: server.connection, ...options }) })
    const events = collect(app, 'webhook')
    let broken = true
    app.greenApi.on('interactiveButtons', () => { if (broken) throw new Error('down') })
    await app.ready()
    t.equal((await post(app, menuSent())).statusCode, 200)
    t.equal((await post(app, tap())).statusCode, 200)
    await until(async () => (await app.greenApi.inbox.deadLetters()).length === 1)
    broken = false
    const [dead] = await app.greenApi.inbox.deadLetters()
    t.equal(await app.greenApi.inbox.retry(dead?.id ?? ''), true)
    await until(async () => await app.greenApi.inbox.pendingCount() === 0)
    t.equal(events.length, 3)
  }
})

async function commandCount (redis: Redis): Promise<number> {
  const [, count] = /total_commands_processed:(\d+)/.exec(await redis.info('stats')) ?? []
  const [, rejected] = /total_error_replies:(\d+)/.exec(await redis.info('stats')) ?? []
  return Number(count) + Number(rejected)
}

// Keeps the watchdog quiet until it has started.
await once(watchdog, 'online')
watchdog.unref()
