import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi from 'fastify-green-api'
import {
  deliverChannel, outcomeChannel, recognizeChannel, recoverChannel, unauthorizedChannel, type RecoverMessage
} from 'fastify-green-api/diagnostics'
import { collectMetrics } from 'fastify-green-api/metrics'
import { outgoingMessageStatus, textMessage } from 'fastify-green-api/testing'
import { Registry } from 'prom-client'
import t, { type Test } from 'tap'
import { build, post, token } from '../helpers/app.ts'
import { emulate } from '../helpers/emulated.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { openServer } from '../helpers/scripted-server.ts'
import { until } from '../helpers/until.ts'

/** Creates a server with metrics. `samples` resolves with what a scrape finds. */
async function measure (t: Test, options: Parameters<typeof build>[1] = {}) {
  const app = await build(t, options)
  const registry = new Registry()
  collectMetrics(app, { registry })
  return { app, registry, samples: () => samplesOf(registry) }
}

/** Returns the samples that are not 0, by name and labels. */
async function samplesOf (registry: Registry): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const samples = lines.map(
    (line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))] as const
  )
  return Object.fromEntries(samples.filter(([, value]) => value !== 0))
}

/** Publishes the end of a pass of recovery. */
function publishPass (app: FastifyInstance, message: Partial<RecoverMessage>): void {
  const counts = { read: 5, recovered: {}, known: 2, tooYoung: 0, failed: 0, ignored: 0 }
  const { greenApi: emitter } = app
  recoverChannel.publish({ emitter, idInstance: '1101000001', ...counts, duration: 5, ...message } satisfies RecoverMessage)
}

const now = () => Math.floor(Date.now() / 1000)

t.test('metrics count received notifications and their outcomes by event name', async (t) => {
  const { app, samples } = await measure(t, { attempts: 2 })
  app.greenApi.on('textMessage', ({ data }) => { if (data.text === 'bad') throw new Error('boom') })
  const good = textMessage({ text: 'good' })
  const bad = textMessage({ text: 'bad' })
  const sent = textMessage({ text: 'good' }, { sentBy: 'phone' })
  for (const body of [good, good, bad, bad, sent, outgoingMessageStatus({}), 'no JSON', { typeWebhook: 'somethingNew' }]) {
    await post(app, body)
  }
  t.match(await samples(), {
    'green_api_received_total{name="textMessage",source="route"}': 5,
    'green_api_received_total{name="outgoingMessageStatus",source="route"}': 1,
    'green_api_received_total{name="unrecognized",source="route"}': 2,
    'green_api_unrecognized_total{reason="not_json"}': 1,
    'green_api_unrecognized_total{reason="unknown_type"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="duplicate",direction="incoming"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="failed",direction="incoming"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="dead_letter",direction="incoming"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="delivered",direction="outgoing"}': 1,
    'green_api_outcomes_total{name="outgoingMessageStatus",outcome="delivered"}': 1,
    'green_api_outcomes_total{name="unrecognized",outcome="delivered"}': 2,
    'green_api_unhandled_total{name="outgoingMessageStatus"}': 1,
    'green_api_unhandled_total{name="unrecognized"}': 2,
    'green_api_delivery_duration_seconds_count{name="textMessage",result="success"}': 2,
    'green_api_delivery_duration_seconds_count{name="textMessage",result="failed"}': 2
  })
  t.notOk(Object.hasOwn(await samples(), 'green_api_unhandled_total{name="textMessage"}'), 'it has a listener')
})

t.test('the dead_letter counter appears with 0 before the first dead letter', async (t) => {
  const { app, registry } = await measure(t, { attempts: 2 })
  app.greenApi.on('textMessage', () => { throw new Error('boom') })
  const body = textMessage()
  await post(app, body)
  t.match(await registry.metrics(), /^green_api_outcomes_total\{name="textMessage",outcome="dead_letter",direction="incoming"\} 0$/m)
  await post(app, body)
  t.match(await registry.metrics(), /^green_api_outcomes_total\{name="textMessage",outcome="dead_letter",direction="incoming"\} 1$/m)
})

t.test('the dead_letter counter appears with 0 for a notification that was stored by an earlier process', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  const { app, registry } = await measure(t, { inbox, attempts: 2 })
  let failing = (): void => { throw new Error('boom') }
  app.greenApi.on('textMessage', () => { failing() })
  await app.ready()
  await post(app, textMessage())
  await until(async () => (await app.greenApi.inbox.deadLetters()).length === 1)
  registry.resetMetrics()
  const [dead] = await app.greenApi.inbox.deadLetters()
  let attempts = 0
  failing = () => {
    if (attempts++ === 0) throw new Error('boom')
  }
  await app.greenApi.inbox.retry(dead?.id ?? '')
  await until(() => attempts === 2)
  t.match(await registry.metrics(), /^green_api_outcomes_total\{name="textMessage",outcome="dead_letter",direction="incoming"\} 0$/m)
})

t.test('receive_lag_seconds measures the time since the timestamp when there is one', async (t) => {
  const { app, samples } = await measure(t)
  for (const timestamp of [now() - 100, now() + 3600, 0]) await post(app, textMessage({}, { timestamp }))
  const found = await samples()
  t.equal(found['green_api_receive_lag_seconds_count{source="route"}'], 2)
  t.equal(
    found['green_api_receive_lag_seconds_bucket{le="1",source="route"}'],
    1,
    'a timestamp in the future counts as no lag'
  )
  t.equal(found['green_api_receive_lag_seconds_bucket{le="60",source="route"}'], 1)
  const sum = Number(found['green_api_receive_lag_seconds_sum{source="route"}'])
  t.ok(sum >= 100 && sum < 200, `a timestamp in the future does not reduce the sum: ${sum} s`)
  t.equal(found['green_api_receive_lag_seconds_bucket{le="300",source="route"}'], 2)
})

t.test('delivery_duration_seconds ends when the last listener is done', async (t) => {
  const { app, samples } = await measure(t)
  app.greenApi.on('textMessage', () => sleep(30))
  await post(app, textMessage())
  const sum = Number((await samples())['green_api_delivery_duration_seconds_sum{name="textMessage",result="success"}'])
  t.ok(sum > 0.025 && sum < 5, `${sum} s`)
})

t.test('inbox_wait_seconds ends with the first attempt', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  const { app, samples } = await measure(t, { inbox, attempts: 3 })
  let failures = 2
  app.greenApi.on('textMessage', async ({ data }) => {
    await sleep(50)
    if (data.text === 'first' && failures-- > 0) throw new Error('boom')
  })
  await app.ready()
  for (const text of ['first', 'second']) await post(app, textMessage({ text }))
  await until(async () => (await samples())['green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming"}'] === 2)
  const found = await samples()
  t.equal(found['green_api_delivery_duration_seconds_count{name="textMessage",result="failed"}'], 2)
  t.equal(found.green_api_inbox_wait_seconds_count, 2, 'not of further attempts')
  t.equal(
    found['green_api_inbox_wait_seconds_bucket{le="0.02"}'],
    1,
    'the first had nobody before it, and its listeners do not count'
  )
  const sum = Number(found.green_api_inbox_wait_seconds_sum)
  t.ok(sum >= 0.14 && sum < 5, `the second waited for three attempts of the first: ${sum} s`)
})

t.test('unauthorized_total counts requests answered 401 before or after the body is read', async (t) => {
  const { app, samples } = await measure(t, { token: { 1101000001: 'one', 1101000002: 'two' } })
  const body = textMessage({}, { idInstance: 1101000001 })
  await post(app, body, { headers: { authorization: 'Bearer three' } })
  await post(app, body, { headers: { authorization: 'Bearer two' } })
  await post(app, body, { headers: { authorization: 'Bearer one' } })
  t.match(await samples(), {
    green_api_unauthorized_total: 2, 'green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming"}': 1
  })
})

t.test('inbox_pending asks the inbox only when metrics are collected', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  const { app, samples } = await measure(t, { inbox })
  let asked = 0
  let size: () => Promise<number> = async () => 3
  inbox.pendingCount = () => {
    asked++
    return size()
  }
  await app.ready()
  await post(app, textMessage())
  t.equal(asked, 0)
  t.match(await samples(), {
    green_api_inbox_pending: 3, 'green_api_outcomes_total{name="textMessage",outcome="stored",direction="incoming"}': 1
  })
  t.equal(asked, 1)

  const failures: Array<() => Promise<number>> = [
    () => Promise.reject(new Error('Redis is away')),
    () => { throw new Error('it throws where it should reject') },
    () => new Promise(() => {})
  ]
  for (const fail of failures) {
    size = fail
    t.notOk('green_api_inbox_pending' in await samples(), 'inbox_pending is absent, other metrics are not')
  }
  size = () => sleep(100, 5)
  t.match(await samples(), { green_api_inbox_pending: 5 }, 'a slow answer is waited for')
})

t.test('inbox_dead_letters counts the dead letters in the inbox', async (t) => {
  const { app, samples } = await measure(t, {
    inbox: new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 }), attempts: 1
  })
  app.greenApi.on('textMessage', () => { throw new Error('boom') })
  await app.ready()
  for (const body of [textMessage(), textMessage()]) await post(app, body)
  await until(async () => (await samples()).green_api_inbox_dead_letters === 2)
  const [dead] = await app.greenApi.inbox.deadLetters()
  await app.greenApi.inbox.discard(dead?.id ?? '')
  t.equal((await samples()).green_api_inbox_dead_letters, 1)
})

t.test('inbox_pending is 0 for an empty inbox and absent without an inbox', async (t) => {
  const { registry } = await measure(t, { inbox: new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 }) })
  t.match(await registry.metrics(), /^green_api_inbox_pending 0$/m)
  const { registry: other } = await measure(t)
  t.notMatch(await other.metrics(), /^green_api_inbox_pending \d/m)
})

t.test('metrics count polled notifications and stopped polling', async (t) => {
  const emulator = await emulate(t)
  const { apiUrl } = emulator
  const { idInstance, apiTokenInstance } = emulator.instance()
  const app = Fastify()
  t.teardown(() => app.close())
  const wrong = { apiUrl, idInstance: 1999, apiTokenInstance }
  await app.register(greenApi, { path: false, poll: [{ apiUrl, idInstance, apiTokenInstance }, wrong] })
  const registry = new Registry()
  collectMetrics(app, { registry })
  emulator.instance().receive(textMessage())
  await app.ready()
  await until(
    async () => (await samplesOf(registry))['green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming"}'] === 1
  )
  await until(async () => (await samplesOf(registry)).green_api_polling_stopped_total === 1)
  t.match(await samplesOf(registry), {
    'green_api_received_total{name="textMessage",source="poll"}': 1,
    'green_api_receive_lag_seconds_count{source="poll"}': 1
  })
})

t.test('recovered_total and queue_size add up the instances', async (t) => {
  const { app, registry, samples } = await measure(t)
  t.notMatch(await registry.metrics(), /^green_api_queue_size \d/m, 'absent before the first pass')

  publishPass(app, { queueSize: 3, recovered: { textMessage: 2, incomingCall: 1 } })
  publishPass(app, { idInstance: '1101000002', queueSize: 4, recovered: { textMessage: 1 } })
  publishPass(app, { queueSize: 2 })
  publishPass(app, { recovered: { textMessage: 1 } })
  publishPass(await build(t), { queueSize: 50, recovered: { textMessage: 50 } })

  t.match(await samples(), {
    'green_api_recovered_total{name="textMessage"}': 4,
    'green_api_recovered_total{name="incomingCall"}': 1,
    green_api_queue_size: 6
  })
  publishPass(app, { queueSize: 0 })
  publishPass(app, { idInstance: '1101000002', queueSize: 0 })
  t.match(await registry.metrics(), /^green_api_queue_size 0$/m)
  await app.close()
  t.notMatch(await registry.metrics(), /^green_api_queue_size \d/m, 'absent after the server is closed')
})

t.test('recovered_total and queue_size have the label idInstance with byInstance', async (t) => {
  const app = await build(t)
  const registry = new Registry()
  collectMetrics(app, { registry, byInstance: true })

  publishPass(app, { queueSize: 3, recovered: { textMessage: 2 } })
  publishPass(app, { idInstance: '1101000002', queueSize: 4, recovered: { textMessage: 1 } })
  publishPass(app, { queueSize: 2 })

  t.match(await samplesOf(registry), {
    'green_api_recovered_total{name="textMessage",idInstance="1101000001"}': 2,
    'green_api_recovered_total{name="textMessage",idInstance="1101000002"}': 1,
    'green_api_queue_size{idInstance="1101000001"}': 2,
    'green_api_queue_size{idInstance="1101000002"}': 4
  })
})

t.test('recovered_total and queue_size show a pass of recovery', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 1 } })
  const instance = emulator.instance()
  const { idInstance, apiTokenInstance } = instance
  const context = { timestamp: now() - 600 }
  instance.setFaults({ lost: 1 })
  instance.receive(instance.build.textMessage({}, context))
  instance.receive(instance.build.imageMessage({}, context))
  instance.setFaults({})
  instance.receive(instance.build.outgoingMessageStatus({}))
  const recover = {
    instances: { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance }, reach: '15 min', overlap: '15 min'
  } as const

  const { app, samples } = await measure(t, { recover })
  await app.ready()
  await until(async () => 'green_api_queue_size' in await samples())

  t.match(await samples(), {
    'green_api_recovered_total{name="textMessage"}': 1,
    'green_api_recovered_total{name="imageMessage"}': 1,
    green_api_queue_size: 1,
    'green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming"}': 1
  })
})

t.test('collectMetrics has no effect when called again for the same scope', async (t) => {
  const { app, registry, samples } = await measure(t)
  collectMetrics(app, { registry })
  await post(app, textMessage())
  t.match(await samples(), { 'green_api_received_total{name="textMessage",source="route"}': 1 })
})

t.test('scopes and servers with the same registry share their metrics', async (t) => {
  const registry = new Registry()
  const app = Fastify()
  t.teardown(() => app.close())
  for (const prefix of ['/one', '/two', '/three']) {
    await app.register(async (scope) => {
      await scope.register(greenApi, {
        token, inbox: new MemoryInbox(t.fullname + prefix, { concurrency: 1, backoff: 1 })
      })
      if (prefix !== '/three') collectMetrics(scope, { registry })
    }, { prefix })
  }
  const other = await build(t)
  collectMetrics(other, { registry })
  for (const url of ['/one/green-api', '/two/green-api', '/three/green-api']) await post(app, textMessage(), { url })
  await post(other, textMessage())
  t.match(await samplesOf(registry), { 'green_api_received_total{name="textMessage",source="route"}': 3 })
  await other.close()
  await post(app, textMessage(), { url: '/one/green-api' })
  t.match(
    await samplesOf(registry),
    { 'green_api_received_total{name="textMessage",source="route"}': 4 },
    'counters keep their values'
  )
})

t.test('byInstance adds the label idInstance', async (t) => {
  const emulator = await emulate(t)
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, {
    token, poll: { apiUrl: emulator.apiUrl, idInstance: 1999, apiTokenInstance: 'wrong' }
  })
  const registry = new Registry()
  collectMetrics(app, { registry, byInstance: true })
  for (const idInstance of [1101000001, 1101000001, 1101000002]) await post(app, textMessage({}, { idInstance }))
  await post(app, 'no JSON')
  await post(app, { ...textMessage(), instanceData: { idInstance: 'any text', wid: '', typeInstance: '' } })
  await post(app, { ...textMessage(), instanceData: { idInstance: '1'.repeat(21), wid: '', typeInstance: '' } })
  await until(async () => (await samplesOf(registry))['green_api_polling_stopped_total{idInstance="1999"}'] === 1)
  t.match(await samplesOf(registry), {
    'green_api_received_total{name="textMessage",source="route",idInstance="1101000001"}': 2,
    'green_api_received_total{name="textMessage",source="route",idInstance="1101000002"}': 1,
    'green_api_received_total{name="unrecognized",source="route",idInstance=""}': 1,
    'green_api_received_total{name="textMessage",source="route",idInstance=""}': 2,
    'green_api_receive_lag_seconds_count{source="route",idInstance="1101000002"}': 1,
    'green_api_outcomes_total{name="textMessage",outcome="delivered",direction="incoming",idInstance="1101000001"}': 2
  })
  t.throws(() => { collectMetrics(app, { registry }) }, {
    name: 'InvalidOptionError', message: 'byInstance must be the same in all calls with the same registry and prefix'
  })

  // A sender cannot create an unlimited number of series.
  for (let idInstance = 1; idInstance <= 1000; idInstance++) await post(app, textMessage({}, { idInstance }))
  const series = Object.keys(await samplesOf(registry)).filter(
    (name) => name.startsWith('green_api_received_total{name="textMessage"')
  )
  t.equal(series.length, 1001, '999 instances (one more was only polled), the empty label and other')
  t.equal(
    (await samplesOf(registry))['green_api_received_total{name="textMessage",source="route",idInstance="other"}'], 3
  )
})

t.test('collectMetrics creates new metrics for another prefix, and after the registry was cleared', async (t) => {
  const { app, registry } = await measure(t)
  collectMetrics(app, { registry, prefix: 'shop_' })
  await post(app, textMessage())
  const both = {
    'green_api_received_total{name="textMessage",source="route"}': 1,
    'shop_received_total{name="textMessage",source="route"}': 1
  }
  t.match(await samplesOf(registry), both)
  registry.clear()
  const other = await build(t)
  collectMetrics(other, { registry })
  await post(other, textMessage())
  t.match(await samplesOf(registry), { 'green_api_received_total{name="textMessage",source="route"}': 1 })
})

t.test('closing a server removes all subscriptions', async (t) => {
  const { app } = await measure(t)
  const channels = [recognizeChannel, deliverChannel, outcomeChannel, recoverChannel, unauthorizedChannel]
  t.strictSame(channels.map(({ hasSubscribers }) => hasSubscribers), channels.map(() => true))
  t.equal(app.greenApi.listenerCount('pollingStopped'), 1)
  await app.close()
  t.strictSame(channels.map(({ hasSubscribers }) => hasSubscribers), channels.map(() => false))
  t.equal(app.greenApi.listenerCount('pollingStopped'), 0)
})

t.test('collectMetrics uses the default registry of prom-client by default', async (t) => {
  const { register } = await import('prom-client')
  t.teardown(() => { register.clear() })
  const app = await build(t)
  collectMetrics(app)
  await post(app, textMessage())
  t.match(await samplesOf(register), { 'green_api_received_total{name="textMessage",source="route"}': 1 })
})

t.test('collectMetrics throws when an option is wrong', async (t) => {
  const app = await build(t)
  const cases: Array<[options: object, message: RegExp]> = [
    [{ registry: {} }, /registry must be a Registry of prom-client/],
    [{ registry: null }, /registry must be a Registry of prom-client/],
    [{ prefix: 'my-shop_' }, /prefix must be a valid beginning of a metric name, such as "green_api_"/],
    [{ prefix: 5 }, /prefix must be/],
    [{ byInstance: 'yes' }, /byInstance must be true or false/],
    [{ prefixes: '' }, /^Unknown option `prefixes` for collectMetrics. Did you mean `prefix`\?$/]
  ]
  for (const [options, message] of cases) {
    t.throws(() => { collectMetrics(app, options) }, { name: 'InvalidOptionError', message })
  }
  t.throws(
    () => { collectMetrics(Fastify() as FastifyInstance) },
    /^This instance does not have fastify-green-api. Register the plugin in it/
  )

  await app.ready()
  // Fastify 5 and 6 have different codes.
  const code = /^FST_ERR_INSTANCE_ALREADY_(LISTENING|STARTED)$/
  t.throws(() => { collectMetrics(app, { registry: new Registry() }) }, { code })
  t.equal(outcomeChannel.hasSubscribers, false, 'nothing is subscribed after the error')
})

t.test('metrics count the calls of every Sender once, until the last server is closed', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const registry = new Registry()
  const apps = [await build(t), await build(t)]
  for (const app of apps) collectMetrics(app, { registry })
  const send = (text: string) => sender.send('4915550001234@c.us', text).catch(() => {})
  const counts = async () => {
    const samples = Object.entries(await samplesOf(registry))
    return samples.filter(([name]) => name.startsWith('green_api_send_duration_seconds_count'))
  }

  server.replies.push([200, { idMessage: 'A' }], [401], [500])
  for (let count = 0; count < 3; count++) await send('Hello')
  await send('')
  await sender.call('anyMethod')
  const expected = [
    ['green_api_send_duration_seconds_count{method="sendMessage",result="success"}', 1],
    ['green_api_send_duration_seconds_count{method="sendMessage",result="failed"}', 2],
    ['green_api_send_duration_seconds_count{method="sendMessage",result="uncertain"}', 1],
    ['green_api_send_duration_seconds_count{method="other",result="success"}', 1]
  ]
  t.strictSame(await counts(), expected)

  for (const app of apps) await app.close()
  await send('Hello')
  t.strictSame(await counts(), expected, 'nobody counts any more')
})
