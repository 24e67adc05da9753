import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { expectTypeOf } from 'expect-type'
import greenApi, { type WebhookOptions } from 'fastify-green-api'
import {
  createBuilders, inject, toEnvelope, toJournalMessage, type InjectResult
} from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { callListeners } from '../../lib/delivery/call-listeners.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { observe } from '../../lib/testing/observe.ts'
import { build, collect, post, token } from '../helpers/app.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { until } from '../helpers/until.ts'

const { interactiveButtons, buttonReply, textMessage } = createBuilders({ idInstance: 7103000042 })

let servers = 0

async function buildStored (t: Test, options: Partial<WebhookOptions> = {}): Promise<FastifyInstance> {
  const inbox = new MemoryInbox(`${t.fullname} ${servers++}`, { concurrency: 4, backoff: 1 })
  return build(t, { inbox, ...options })
}

/** The parts of a result that are the same in each run. */
function facts ({ statusCode, outcome, listeners }: InjectResult) {
  const calls = listeners.map(({ name, listener, error }) => ({ name, listener, ...error !== undefined && { error } }))
  return { statusCode, outcome, listeners: calls }
}

t.test('inject posts a notification with the right token as GREEN-API does', async (t) => {
  const app = await build(t)
  const requests: object[] = []
  app.addHook('preHandler', async ({ method, url, headers, body }) => { requests.push({ method, url, headers, body }) })
  const menu = interactiveButtons()

  const { statusCode, response, event, outcome, listeners } = await inject(app, menu)

  t.equal(statusCode, 200)
  t.equal(response.body, '')
  t.match(event, { name: 'interactiveButtons', idMessage: menu.idMessage, raw: menu })
  t.equal(outcome, 'delivered')
  t.strictSame(listeners, [], 'there is no listener')
  t.match(requests, [{
    method: 'POST',
    url: '/green-api',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(menu)
  }])
})

t.test('inject returns each call of a listener with its duration and its error, in their order', async (t) => {
  const app = await build(t)
  const boom = new Error('boom')
  const slow = async () => { await sleep(20) }
  const quick = () => {}
  const failing = async () => { await sleep(1); throw boom }
  const throwing = () => { throw boom }
  app.greenApi
    .once('webhook', slow)
    .on('incomingMessageReceived', quick)
    .prependOnceListener('buttonReply', failing)
    .on('buttonReply', throwing)
    .on('interactiveButtons', quick)

  const injected = await inject(app, buttonReply())

  t.strictSame(facts(injected), {
    statusCode: 503,
    outcome: 'failed',
    listeners: [
      { name: 'webhook', listener: slow },
      { name: 'incomingMessageReceived', listener: quick },
      { name: 'buttonReply', listener: failing, error: boom },
      { name: 'buttonReply', listener: throwing, error: boom }
    ]
  })
  const [first, second] = injected.listeners
  t.ok(Number(first?.duration) >= 19, 'in milliseconds')
  t.ok(Number(second?.duration) < 19)
})

t.test('inject returns an error and no duration for a listener that timed out', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 2 })
  const endless = () => new Promise<void>(() => {})
  const quick = () => {}
  app.greenApi.on('buttonReply', endless).on('buttonReply', quick)
  const message = buttonReply()
  const error = { code: 'FST_GREEN_API_LISTENER_TIMEOUT', message: /^Listeners timed out after 20 ms/ }

  const { statusCode, outcome, listeners } = await inject(app, message)

  t.match({ statusCode, outcome }, { statusCode: 503, outcome: 'failed' })
  t.match(listeners, [{ listener: endless, error }, { listener: quick }])
  t.notOk('duration' in (listeners[0] ?? {}))
  t.notOk('error' in (listeners[1] ?? {}))
})

t.test('inject returns an error for a listener that timed out in the last attempt', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 1 })
  const endless = () => new Promise<void>(() => {})
  app.greenApi.on('buttonReply', endless).on('failed', endless)

  const { outcome, listeners } = await inject(app, buttonReply())

  t.equal(outcome, 'dead-letter')
  t.match(listeners, [
    { name: 'buttonReply', error: { code: 'FST_GREEN_API_LISTENER_TIMEOUT' } },
    { name: 'failed', error: { code: 'FST_GREEN_API_LISTENER_TIMEOUT' } }
  ])
})

t.test("inject returns an error for a listener of 'failed' that timed out", async (t) => {
  const app = await build(t, { timeout: 20, attempts: 1 })
  app.greenApi.on('buttonReply', () => { throw new Error('boom') }).on('failed', () => new Promise<void>(() => {}))

  const { listeners } = await inject(app, buttonReply())

  t.match(listeners, [
    { name: 'buttonReply', error: { message: 'boom' } },
    { name: 'failed', error: { code: 'FST_GREEN_API_LISTENER_TIMEOUT' } }
  ])
})

t.test('inject returns an error for a listener that timed out while an inbox delivered', async (t) => {
  const app = await buildStored(t, { timeout: 20 })
  app.greenApi.on('buttonReply', () => new Promise<void>(() => {}))

  const { outcome, listeners } = await inject(app, buttonReply())

  t.equal(outcome, 'failed')
  t.match(listeners, [{ error: { code: 'FST_GREEN_API_LISTENER_TIMEOUT' } }])
})

t.test('inject returns an error for a listener that timed out for a request that joined the attempt', async (t) => {
  const app = await build(t, { timeout: 50 })
  app.greenApi.on('buttonReply', () => new Promise<void>(() => {}))
  const message = buttonReply()

  const results = await Promise.all([inject(app, message), inject(app, message)])

  for (const { listeners } of results) t.match(listeners, [{ error: { code: 'FST_GREEN_API_LISTENER_TIMEOUT' } }])
})

t.test('inject returns duplicate when the notification is repeated unchanged', async (t) => {
  const app = await build(t)
  const events = collect(app, 'textMessage')
  const message = textMessage()
  t.match(await inject(app, message), { outcome: 'delivered', listeners: [{ name: 'textMessage' }] })
  t.match(facts(await inject(app, message)), { statusCode: 200, outcome: 'duplicate', listeners: [] })
  t.match(await inject(app, toEnvelope(message)), { outcome: 'duplicate', event: { name: 'textMessage' } })
  message.messageData.textMessageData.textMessage = 'changed'
  t.match(await inject(app, message), { outcome: 'delivered', event: { revision: 2 } })
  t.equal(events.length, 2)
})

t.test('inject returns dead-letter and the listeners of failed when the last attempt fails', async (t) => {
  const app = await build(t, { attempts: 2 })
  const error = new Error('boom')
  const failing = () => { throw error }
  const told = () => {}
  app.greenApi.on('buttonReply', failing).on('failed', told)
  const tap = buttonReply()
  t.match(await inject(app, tap), { outcome: 'failed', statusCode: 503 })
  t.strictSame(facts(await inject(app, tap)), {
    statusCode: 200,
    outcome: 'dead-letter',
    listeners: [{ name: 'buttonReply', listener: failing, error }, { name: 'failed', listener: told }]
  })
  t.match(await inject(app, tap), { outcome: 'duplicate' })
})

t.test('inject posts invalid notifications as they are', async (t) => {
  const app = await build(t, { bodyLimit: 100 })
  const unrecognized = collect(app, 'unrecognized')
  t.match(
    await inject(app, '{"typeWebhook":'),
    {
      statusCode: 200,
      outcome: 'delivered',
      event: { name: 'unrecognized', reason: 'not-json' },
      listeners: [{ name: 'unrecognized' }]
    }
  )
  t.match(
    await inject(app, interactiveButtons()),
    { outcome: 'delivered', event: { reason: 'too-large', raw: undefined }, listeners: [{ name: 'unrecognized' }] }
  )
  t.equal(unrecognized.length, 2)
})

t.test('inject posts a journal record', async (t) => {
  const app = await build(t)
  t.match(
    await inject(app, toJournalMessage(textMessage())),
    { outcome: 'delivered', event: { name: 'textMessage', idInstance: '' } }
  )
})

t.test("inject sends the token of the notification's instance when each instance has its own", async (t) => {
  const app = await build(t, { token: { 7103000042: ['first', 'second'], 5: 'fünf', 8: '☕' } })
  t.match(await inject(app, textMessage()), { statusCode: 200, outcome: 'delivered' })
  t.match(
    await inject(app, textMessage({}, { idInstance: 5 })),
    { statusCode: 200 },
    'a token with a letter beyond ASCII'
  )
  t.match(await inject(app, textMessage({}, { idInstance: 8 })), { statusCode: 200 }, 'a token with a symbol')
  t.match(
    await inject(app, toJournalMessage(textMessage())),
    { statusCode: 200 },
    'any token, because the body has no instance id'
  )
  t.match(
    await inject(app, textMessage({}, { idInstance: 6 })),
    { statusCode: 401, outcome: 'refused', event: undefined, listeners: [] },
    'the instance has no token'
  )
})

t.test('inject sends the given token, or none when it is false', async (t) => {
  const app = await build(t, { token: ['one', 'two'] })
  const events = collect(app, 'webhook')
  t.match(await inject(app, textMessage()), { outcome: 'delivered' })
  t.match(await inject(app, textMessage(), { token: 'two' }), { outcome: 'delivered' })
  for (const wrong of ['wrong', false] as const) {
    t.match(
      await inject(app, textMessage(), { token: wrong }),
      { statusCode: 401, outcome: 'refused', event: undefined, listeners: [] }
    )
  }
  t.equal(events.length, 2)
  const open = await build(t, { token: false })
  let authorization: string | undefined = 'unknown'
  open.addHook('onRequest', async ({ headers }) => { authorization = headers.authorization })
  t.match(await inject(open, textMessage()), { outcome: 'delivered' })
  t.equal(authorization, undefined, 'the route requires no token')
})

t.test('inject rejects when the notification is neither an object nor a string', async (t) => {
  const app = await build(t)
  const wrongs: Array<[unknown, RegExp]> = [
    [undefined, /^The notification is undefined\. Pass an object, .* or a string, .*\.$/],
    [null, /^The notification is null\. /],
    [5, /^The notification is 5\. /],
    [Buffer.from('{}'), /^The notification is binary\. .* or a string, .*, for example notification\.toString\(\)\.$/]
  ]
  // JavaScript programs can pass any value.
  for (const [wrong, message] of wrongs) await t.rejects(inject(app, wrong as object), { name: 'TypeError', message })
})

t.test('inject sends a token with a scheme as it is, as GREEN-API does', async (t) => {
  const app = await build(t, { token: 'Basic dXNlcjpwYXNz' })
  const headers: unknown[] = []
  app.addHook('onRequest', async (request) => { headers.push(request.headers.authorization) })
  t.match(await inject(app, textMessage()), { outcome: 'delivered' })
  for (const token of ['Basic abc', 'bearer abc', 'Basically', '']) await inject(app, textMessage(), { token })
  t.strictSame(headers, ['Basic dXNlcjpwYXNz', 'Basic abc', 'bearer abc', 'Bearer Basically', undefined])
})

t.test('inject returns refused when a hook answers with an error', async (t) => {
  const app = await build(t)
  app.addHook('onRequest', async (request, reply) => { reply.code(403).send() })
  t.match(await inject(app, textMessage()), { statusCode: 403, outcome: 'refused', event: undefined })
})

t.test('inject returns intercepted when a hook answers without an error', async (t) => {
  for (const code of [200, 204, 302]) {
    const app = await build(t)
    app.addHook('preHandler', async (request, reply) => { reply.code(code).send() })
    t.match(
      await inject(app, textMessage()),
      { statusCode: code, outcome: 'intercepted', event: undefined, listeners: [] }
    )
  }
})

t.test('inject selects the route by its path when the plugin is registered several times', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  let scope: FastifyInstance | undefined
  await app.register(async (child) => {
    scope = child
    await child.register(greenApi, { token: 'one', path: '/one' })
    await child.register(greenApi, { token: 'two', path: '/two', prefix: '/hooks' })
    await child.register(greenApi, { token: 'three', path: '/two', prefix: '/others' })
  }, { prefix: '/v1' })
  await app.ready()
  if (scope === undefined) throw new Error('The scope is missing')

  for (const [path, url] of [
    ['/one', '/v1/one'],
    ['/v1/one', '/v1/one'],
    ['/v1/hooks/two', '/v1/hooks/two'],
    ['/v1/others/two', '/v1/others/two']
  ] as const) {
    const { statusCode, response } = await inject(scope, textMessage(), { path })
    t.equal(statusCode, 200, 'with its token')
    t.equal(response.raw.req.url, url)
  }
  await t.rejects(
    inject(scope, textMessage()),
    {
      message: 'Several routes match. Set the option `path` to one of: /v1/one, /v1/hooks/two, /v1/others/two.'
    }
  )
  await t.rejects(inject(scope, textMessage(), { path: '/two' }), { message: /^Several routes match/ })
  await t.rejects(
    inject(scope, textMessage(), { path: '/three' }),
    { message: 'Unknown path /three. Use one of: /v1/one, /v1/hooks/two, /v1/others/two.' }
  )
  await t.rejects(inject(app, textMessage()), { message: /pass the scope that has it$/ })
})

t.test('inject rejects when the plugin has no route', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(
    greenApi,
    { path: false, poll: { idInstance: '1', apiTokenInstance: 'x', apiUrl: 'http://127.0.0.1:9' } }
  )
  await t.rejects(inject(app, textMessage()), { message: /path: false/ })
  const foreign = Fastify()
  t.teardown(() => foreign.close())
  foreign.decorate('greenApi', 'something else' as never)
  await t.rejects(inject(foreign, textMessage()), { message: /^This instance does not have fastify-green-api/ })
})

t.test('inject rejects with the fix when it gets something else than a Fastify instance', async (t) => {
  const message = 'inject() takes the Fastify instance. With NestJS, pass app.getHttpAdapter().getInstance().'
  // An application of NestJS has inject, but not ready. Its adapter is the same.
  const nest = { inject () {}, register () {}, getHttpAdapter () {} }
  for (const wrong of [nest, { ready () {} }, () => {}, undefined, null, 5]) {
    // JavaScript programs can pass any value.
    await t.rejects(inject(wrong as never, textMessage()), { name: 'TypeError', message })
  }
})

t.test('inject waits until the server is ready', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.register(greenApi, { token: 'a token' })
  app.register(greenApi, { token: 'another token', path: '/other' })
  t.match(await inject(app, textMessage(), { path: '/other' }), { outcome: 'delivered' })

  const failing = Fastify()
  t.teardown(() => failing.close())
  failing.register(greenApi, { token: '' })
  await t.rejects(inject(failing, textMessage()), { message: /^token is empty/ })
})

t.test('inject returns refused when the answer is 503 for another reason than shutdown', async (t) => {
  const busy = await build(t)
  busy.addHook('onRequest', async () => { throw Object.assign(new Error('overloaded'), { statusCode: 503 }) })
  const consuming = await build(t)
  consuming.addHook('onRequest', async ({ raw }) => { for await (const chunk of raw) String(chunk) })

  for (const app of [busy, consuming]) {
    t.match(await inject(app, textMessage()), { statusCode: 503, outcome: 'refused', listeners: [] })
  }
})

t.test('inject returns shutting-down when the server closes during the request', async (t) => {
  for (const hook of ['onRequest', 'preHandler'] as const) {
    const app = await build(t)
    app.addHook(hook, async () => {
      app.close()
      await sleep(20)
    })
    t.match(await inject(app, textMessage()), { statusCode: 503, outcome: 'shutting-down', listeners: [] })
    const stored = await buildStored(t)
    stored.addHook(hook, async () => {
      stored.close()
      await sleep(20)
    })
    t.match(
      await inject(stored, textMessage()),
      { statusCode: 503, outcome: 'shutting-down', listeners: [] },
      'with an inbox'
    )
  }
})

t.test('inject finds the route when the prefix ends with a slash', async (t) => {
  for (const prefix of ['/', '/v2/']) {
    const app = await build(t, { prefix })
    t.match(await inject(app, textMessage()), { statusCode: 200, outcome: 'delivered' }, prefix)
  }
})

t.test("inject rejects with Fastify's error when the server is closed or closing", async (t) => {
  const app = await build(t)
  const closing = app.close()
  await t.rejects(inject(app, textMessage()), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
  await closing
  await t.rejects(inject(app, textMessage()), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
})

t.test('inject returns the right results when it is called several times at once', async (t) => {
  for (const app of [await build(t), await buildStored(t)]) {
    app.greenApi.on('textMessage', async ({ data }) => {
      await sleep(Math.random() * 20)
      if (data.text.startsWith('bad')) throw new Error(data.text)
    })
    const messages = Array.from({ length: 20 }, (item, index) => {
      return textMessage({ text: `${index % 3 === 0 ? 'bad' : 'good'} ${index}` }, { chatId: `${index}@c.us` })
    })
    const results = await Promise.all(messages.map((message) => inject(app, message)))
    for (const [index, { event, outcome, listeners }] of results.entries()) {
      t.match(event, { idMessage: messages[index]?.idMessage })
      t.equal(outcome, index % 3 === 0 ? 'failed' : 'delivered')
      t.equal(listeners.length, 1)
      t.strictSame(
        listeners.map(({ error }) => error instanceof Error && error.message),
        [index % 3 === 0 && `bad ${index}`]
      )
    }
  }
})

t.test('inject reads each diagnostics message once when it is called several times at once', async (t) => {
  const { outcomeChannel } = await import('fastify-green-api/diagnostics')
  const app = await build(t)
  let atWork = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => { open = resolve })
  app.greenApi.on('textMessage', () => { atWork++; return opened })
  const results = Promise.all(Array.from({ length: 50 }, () => inject(app, textMessage())))
  await until(() => atWork === 50)
  let looks = 0
  outcomeChannel.publish({
    get emitter () { looks++; return app.greenApi },
    event: { id: 'another' },
    outcome: 'delivered'
  })
  open()
  t.strictSame([...new Set((await results).map(({ outcome }) => outcome))], ['delivered'])
  t.equal(looks, 1, 'the cost does not grow with the square of the calls')
})

t.test('inject shares the outcome when the same notification is injected several times at once', async (t) => {
  const app = await build(t)
  const message = textMessage()
  app.greenApi.on('textMessage', () => {})
  const both = await Promise.all([inject(app, message), inject(app, message)])
  t.strictSame(both.map(({ outcome, listeners }) => [outcome, listeners.length]), [['delivered', 1], ['duplicate', 0]])

  app.greenApi.on('buttonReply', () => sleep(10))
  const tap = buttonReply()
  const shared = await Promise.all([inject(app, tap), inject(app, tap)])
  t.strictSame(
    shared.map(({ outcome, listeners }) => [outcome, listeners.length]),
    [['delivered', 1], ['delivered', 1]]
  )

  const late = await build(t, { timeout: 20 })
  late.greenApi.on('buttonReply', () => sleep(100))
  const changed = { ...tap, timestamp: 5 }
  const results = await Promise.all([inject(late, tap), inject(late, changed)])
  t.strictSame(
    results.map(({ outcome, listeners }) => [outcome, listeners.length]),
    [['failed', 1], ['failed', 0]],
    'the second notification was not attempted'
  )
})

t.test('inject returns the right results when two servers receive the same notification at once', async (t) => {
  const message = textMessage()
  const [one, other] = [await build(t), await build(t)]
  one.greenApi.on('textMessage', () => { throw new Error('boom') })
  other.greenApi.on('pollingStopped', () => {}).on('webhook', () => {})
  const results = await Promise.all([inject(one, message), inject(other, message)])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['failed', 1], ['delivered', 1]])
})

t.test('inject returns the right results when two servers with inboxes receive the same notification', async (t) => {
  const message = textMessage()
  const [one, other] = [await buildStored(t), await buildStored(t)]
  one.greenApi.on('textMessage', () => { throw new Error('boom') })
  other.greenApi.on('textMessage', () => sleep(30))
  const results = await Promise.all([inject(one, message), inject(other, message)])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['failed', 1], ['delivered', 1]])
})

t.test('inject returns its own notification when the inbox delivers another one during the request', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 4, backoff: 1 })
  const { open, add } = inbox
  const [first, second] = [textMessage({ text: 'first' }), textMessage({ text: 'second' })]
  let deliverFirst = async () => {}
  inbox.open = async (host) => {
    await open.call(inbox, host)
    inbox.add = async (entry) => {
      if (entry.key.includes(first.idMessage)) {
        deliverFirst = () => host.deliver({ ...entry, revision: 1, attempt: 1, storedAt: 0 })
        return true
      }
      await deliverFirst()
      return add.call(inbox, entry)
    }
  }
  const app = await build(t, { inbox })
  const results = await Promise.all([inject(app, first), inject(app, second)])
  t.match(
    results,
    [
      { outcome: 'delivered', event: { data: { text: 'first' } } },
      { outcome: 'delivered', event: { data: { text: 'second' } } }
    ]
  )
})

t.test('inject returns refused when the same notification is delivered in another request', async (t) => {
  const app = await build(t)
  app.addHook('onRequest', async ({ headers }) => { if (headers.authorization === 'Bearer wrong') await sleep(20) })
  app.greenApi.on('textMessage', () => {})
  const message = textMessage()
  const results = await Promise.all([inject(app, message), inject(app, message, { token: 'wrong' })])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['delivered', 1], ['refused', 0]])
})

t.test('inject ignores events that are not about the notification', async (t) => {
  const app = await build(t)
  const stopped = { name: 'pollingStopped' as const, idInstance: '1', error: new Error('gone') as never }
  app.greenApi.on('pollingStopped', () => {})
  app.greenApi.on('textMessage', async () => { await callListeners(app.greenApi, ['pollingStopped'], stopped) })
  t.strictSame((await inject(app, textMessage())).listeners.map(({ name }) => name), ['textMessage'])
})

t.test('inject can be called by a listener', async (t) => {
  const app = await build(t)
  const inner: InjectResult[] = []
  app.greenApi.on('textMessage', async () => { inner.push(await inject(app, buttonReply())) })
  app.greenApi.on('buttonReply', () => {})
  const outer = await inject(app, textMessage())
  const results = [outer, ...inner].map(({ event, outcome, listeners }) => {
    return [event?.name, outcome, listeners.map(({ name }) => name)]
  })
  t.strictSame(results, [
    ['textMessage', 'delivered', ['textMessage']],
    ['buttonReply', 'delivered', ['buttonReply']]
  ])
})

t.test('inject waits for the delivery when there is an inbox', async (t) => {
  const app = await buildStored(t)
  const listener = () => sleep(20)
  app.greenApi.once('textMessage', listener)
  const message = textMessage()
  const injected = await inject(app, message)
  t.strictSame(
    facts(injected),
    { statusCode: 200, outcome: 'delivered', listeners: [{ name: 'textMessage', listener }] }
  )
  t.match(injected.event, { revision: 1, raw: message })
  t.match(await inject(app, message), { outcome: 'duplicate', listeners: [], event: { name: 'textMessage' } })
  message.timestamp++
  t.match(await inject(app, message), { outcome: 'delivered', event: { revision: 2 } })
})

t.test('inject returns duplicate when the inbox has stored but not delivered the notification', async (t) => {
  const app = await buildStored(t)
  let open = () => {}
  app.greenApi.on('textMessage', () => new Promise<void>((resolve) => { open = resolve }))
  const message = textMessage()
  let delivered = false
  const first = inject(app, message).then(() => { delivered = true })
  await until(async () => await app.greenApi.inbox.pendingCount() === 1)
  t.match(await inject(app, message), { outcome: 'duplicate' })
  t.equal(delivered, false)
  open()
  await first
})

t.test('inject returns the outcome of the first attempt when there is an inbox', async (t) => {
  const app = await buildStored(t)
  let calls = 0
  app.greenApi.on('textMessage', async () => { if (calls++ === 0) throw new Error('boom') })
  t.match(
    await inject(app, textMessage()),
    { statusCode: 200, outcome: 'failed', listeners: [{ error: { message: 'boom' } }] }
  )
  await until(() => calls === 2)

  const hasty = await buildStored(t, { attempts: 1 })
  hasty.greenApi.on('textMessage', () => { throw new Error('boom') })
  hasty.greenApi.on('failed', () => sleep(5))
  const { outcome, listeners } = await inject(hasty, textMessage())
  t.equal(outcome, 'dead-letter')
  t.strictSame(
    listeners.map(({ name, duration }) => [name, duration !== undefined]),
    [['textMessage', true], ['failed', true]]
  )
})

t.test('inject returns the outcome of its own revision when there is an inbox', async (t) => {
  const app = await buildStored(t, { attempts: 2 })
  app.greenApi.on('textMessage', async ({ data }) => {
    await sleep(5)
    if (data.text === 'first') throw new Error('boom')
  })
  const first = textMessage({ text: 'first' })
  const second = { ...first, ...textMessage({ text: 'second' }, { idMessage: first.idMessage }) }
  const results = await Promise.all([inject(app, first), inject(app, second)])
  t.strictSame(
    results.map(({ outcome, listeners, event }) => [outcome, listeners.length, event?.revision]),
    [['failed', 1, 1], ['delivered', 1, 2]]
  )
})

t.test('inject finds an oversized notification by its digest when there is an inbox', async (t) => {
  const app = await buildStored(t, { bodyLimit: 100 })
  app.greenApi.on('unrecognized', () => {})
  t.match(
    await inject(app, textMessage()),
    { outcome: 'delivered', event: { reason: 'too-large' }, listeners: [{ name: 'unrecognized' }] }
  )
})

t.test('inject returns not-stored when the inbox fails', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  inbox.add = () => Promise.reject(new Error('the disk is full'))
  const app = await build(t, { inbox })
  t.match(
    await inject(app, textMessage()),
    { statusCode: 503, outcome: 'not-stored', event: { name: 'textMessage' }, listeners: [] }
  )
})

t.test('inject rejects when the inbox does not deliver in time', async (t) => {
  const app = await buildStored(t)
  app.greenApi.on('textMessage', () => sleep(200))
  await t.rejects(
    inject(app, textMessage(), { timeout: 10 }),
    { message: /^The inbox did not deliver the notification within 10 ms\. Raise `timeout`/ }
  )
})

t.test('inject waits 10 seconds by default when the inbox does not deliver', async (t) => {
  const app = await buildStored(t)
  let release = () => {}
  app.greenApi.on('textMessage', () => new Promise<void>((resolve) => { release = resolve }))
  await app.ready()
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })

  let elapsed = 0
  let isSettled = false
  const injected = inject(app, textMessage()).finally(() => { isSettled = true })
  const advance = async () => {
    for (; elapsed < 100_000; elapsed += 100) {
      if (isSettled) return
      await new Promise(setImmediate)
      mock.timers.tick(100)
    }
  }
  await Promise.all([
    t.rejects(injected, { message: /^The inbox did not deliver the notification within 10000 ms/ }),
    advance()
  ])

  t.ok(elapsed >= 10_000)
  release()
})

t.test('observe collects each outcome once when its own task causes it', async (t) => {
  const app = await build(t)
  const body = textMessage()
  const { event } = recognize(JSON.stringify(body))
  await app.ready()

  await observe(app.greenApi, event, async ({ outcomes }) => {
    await post(app, body)
    t.match(outcomes, [{ own: true, message: { outcome: 'delivered' } }])
    t.equal(outcomes.length, 1)
  })
})

t.test('inject unsubscribes from the diagnostics channels at the end', async (t) => {
  const { listenerStartChannel, listenerEndChannel, outcomeChannel } = await import('fastify-green-api/diagnostics')
  const app = await build(t)
  await inject(app, textMessage())
  await t.rejects(inject(app, textMessage(), { path: '/elsewhere' }))
  t.strictSame(
    [listenerStartChannel, listenerEndChannel, outcomeChannel].map(({ hasSubscribers }) => hasSubscribers),
    [false, false, false]
  )
})

t.test('a wrong option of inject does not compile and a result has its type', async (t) => {
  const app = await build(t)
  // @ts-expect-error a notification is an object or a text
  t.type(() => inject(app, 5), 'function')
  // @ts-expect-error the option has another name
  t.type(() => inject(app, {}, { prefix: '/v1' }), 'function')
  const injected = await inject(app, textMessage())
  expectTypeOf(injected.outcome).toEqualTypeOf<
    'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'not-stored' | 'refused' | 'intercepted' | 'shutting-down'
  >()
  if (injected.event?.name === 'textMessage') expectTypeOf(injected.event.data.text).toEqualTypeOf<string>()
})
