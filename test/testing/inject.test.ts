import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import { expectTypeOf } from 'expect-type'
import greenApi, { type WebhookOptions } from 'fastify-green-api'
import { createBuilders, inject, toEnvelope, toRecord, type Injected } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { callListeners } from '../../lib/delivery/call-listeners.ts'
import { build, collect, token } from '../helpers/app.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { until } from '../helpers/until.ts'

const { interactiveButtons, buttonReply, textMessage } = createBuilders({ idInstance: 7103000042 })

let servers = 0

async function buildStored (t: Test, options: Partial<WebhookOptions> = {}): Promise<FastifyInstance> {
  const inbox = new MemoryInbox(`${t.fullname} ${servers++}`, { concurrency: 4, backoff: 1 })
  return build(t, { inbox, ...options })
}

/** A result without what differs each time. */
function facts ({ statusCode, outcome, listeners }: Injected) {
  return { statusCode, outcome, listeners: listeners.map(({ name, listener, error }) => ({ name, listener, ...error !== undefined && { error } })) }
}

t.test('a notification is posted as GREEN-API posts it, with the right token', async (t) => {
  const app = await build(t)
  const requests: object[] = []
  app.addHook('preHandler', async ({ method, url, headers, body }) => { requests.push({ method, url, headers, body }) })
  const menu = interactiveButtons()

  const { statusCode, response, event, outcome, listeners } = await inject(app, menu)

  t.equal(statusCode, 200)
  t.equal(response.body, '')
  t.match(event, { name: 'interactiveButtons', idMessage: menu.idMessage, raw: menu })
  t.equal(outcome, 'delivered')
  t.strictSame(listeners, [], 'nobody listens')
  t.match(requests, [{
    method: 'POST',
    url: '/green-api',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(menu)
  }])
})

t.test('each call of a listener is told, in their order, with what it took and failed with', async (t) => {
  const app = await build(t)
  const boom = new Error('boom')
  const slow = async () => { await sleep(20) }
  const quick = () => {}
  const failing = async () => { await sleep(1); throw boom }
  const throwing = () => { throw boom }
  app.greenApi.once('webhook', slow).on('incomingMessageReceived', quick).prependOnceListener('buttonReply', failing).on('buttonReply', throwing).on('interactiveButtons', quick)

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

t.test('a listener that is still at work has no duration', async (t) => {
  const app = await build(t, { timeout: 20 })
  const endless = () => new Promise<void>(() => {})
  app.greenApi.on('buttonReply', endless)
  const { statusCode, outcome, listeners } = await inject(app, buttonReply())
  t.match({ statusCode, outcome }, { statusCode: 503, outcome: 'failed' })
  t.strictSame(listeners, [{ name: 'buttonReply', listener: endless }])
})

t.test('a notification that comes again is a repeat, and a changed one is not', async (t) => {
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

t.test('what fails too often is given up, and failed is told', async (t) => {
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

t.test('what is no notification is injected as it is', async (t) => {
  const app = await build(t, { bodyLimit: 100 })
  const unrecognized = collect(app, 'unrecognized')
  t.match(await inject(app, '{"typeWebhook":'), { statusCode: 200, outcome: 'delivered', event: { name: 'unrecognized', reason: 'not-json' }, listeners: [{ name: 'unrecognized' }] })
  t.match(await inject(app, interactiveButtons()), { outcome: 'delivered', event: { reason: 'too-large', raw: undefined }, listeners: [{ name: 'unrecognized' }] })
  t.equal(unrecognized.length, 2)
})

t.test('a journal record is injected likewise', async (t) => {
  const app = await build(t)
  t.match(await inject(app, toRecord(textMessage())), { outcome: 'delivered', event: { name: 'textMessage', idInstance: '' } })
})

t.test('where instances have tokens of their own, that of the notification is sent', async (t) => {
  const app = await build(t, { token: { 7103000042: ['first', 'second'], 5: 'fünf', 8: '☕' } })
  t.match(await inject(app, textMessage()), { statusCode: 200, outcome: 'delivered' })
  t.match(await inject(app, textMessage({}, { idInstance: 5 })), { statusCode: 200 }, 'in whatever letters')
  t.match(await inject(app, textMessage({}, { idInstance: 8 })), { statusCode: 200 }, 'or signs')
  t.match(await inject(app, toRecord(textMessage())), { statusCode: 200 }, 'any, where the body names no instance')
  t.match(await inject(app, textMessage({}, { idInstance: 6 })), { statusCode: 401, outcome: 'refused', event: undefined, listeners: [] }, 'an instance that has none')
})

t.test('a wrong token, or none, can be sent', async (t) => {
  const app = await build(t, { token: ['one', 'two'] })
  const events = collect(app, 'webhook')
  t.match(await inject(app, textMessage()), { outcome: 'delivered' })
  t.match(await inject(app, textMessage(), { token: 'two' }), { outcome: 'delivered' })
  for (const wrong of ['wrong', false] as const) {
    t.match(await inject(app, textMessage(), { token: wrong }), { statusCode: 401, outcome: 'refused', event: undefined, listeners: [] })
  }
  t.equal(events.length, 2)
  const open = await build(t, { token: false })
  let authorization: string | undefined = 'unknown'
  open.addHook('onRequest', async ({ headers }) => { authorization = headers.authorization })
  t.match(await inject(open, textMessage()), { outcome: 'delivered' })
  t.equal(authorization, undefined, 'none is asked for')
})

t.test('what is neither an object nor a text is an error that says so', async (t) => {
  const app = await build(t)
  const wrongs: Array<[unknown, RegExp]> = [
    [undefined, /^notification is undefined: inject an object, .* or a text/], [null, /^notification is null: /], [5, /^notification is 5: /],
    [Buffer.from('{}'), /^notification is bytes: .* or a text, .*, such as notification\.toString\(\)$/]
  ]
  // From JavaScript anything may come.
  for (const [wrong, message] of wrongs) await t.rejects(inject(app, wrong as object), { name: 'TypeError', message })
})

t.test('a token that carries a scheme is sent as it is, as GREEN-API does', async (t) => {
  const app = await build(t, { token: 'Basic dXNlcjpwYXNz' })
  const headers: unknown[] = []
  app.addHook('onRequest', async (request) => { headers.push(request.headers.authorization) })
  t.match(await inject(app, textMessage()), { outcome: 'delivered' })
  for (const token of ['Basic abc', 'bearer abc', 'Basically', '']) await inject(app, textMessage(), { token })
  t.strictSame(headers, ['Basic dXNlcjpwYXNz', 'Basic abc', 'bearer abc', 'Bearer Basically', undefined])
})

t.test('what a hook of the host refuses is refused', async (t) => {
  const app = await build(t)
  app.addHook('onRequest', async (request, reply) => { reply.code(403).send() })
  t.match(await inject(app, textMessage()), { statusCode: 403, outcome: 'refused', event: undefined })
})

t.test('what a hook of the host answers itself is neither refused nor delivered', async (t) => {
  for (const code of [200, 204, 302]) {
    const app = await build(t)
    app.addHook('preHandler', async (request, reply) => { reply.code(code).send() })
    t.match(await inject(app, textMessage()), { statusCode: code, outcome: 'intercepted', event: undefined, listeners: [] })
  }
})

t.test('of several registrations the path chooses', async (t) => {
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
  if (scope === undefined) throw new Error('the scope was made')

  for (const [path, url] of [['/one', '/v1/one'], ['/v1/one', '/v1/one'], ['/v1/hooks/two', '/v1/hooks/two'], ['/v1/others/two', '/v1/others/two']] as const) {
    const { statusCode, response } = await inject(scope, textMessage(), { path })
    t.equal(statusCode, 200, 'with its token')
    t.equal(response.raw.req.url, url)
  }
  await t.rejects(inject(scope, textMessage()), { message: /say which one in the option path, as one of \/v1\/one, \/v1\/hooks\/two, \/v1\/others\/two/ })
  await t.rejects(inject(scope, textMessage(), { path: '/two' }), { message: /several registrations/ })
  await t.rejects(inject(scope, textMessage(), { path: '/three' }), { message: 'no registration has the path /three: write one of /v1/one, /v1/hooks/two, /v1/others/two' })
  await t.rejects(inject(app, textMessage()), { message: /pass the scope that has it$/ })
})

t.test('without a route there is nothing to inject into', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { path: false, poll: { idInstance: '1', apiTokenInstance: 'x', apiUrl: 'http://127.0.0.1:9' } })
  await t.rejects(inject(app, textMessage()), { message: /path: false/ })
  const foreign = Fastify()
  t.teardown(() => foreign.close())
  foreign.decorate('greenApi', 'something else' as never)
  await t.rejects(inject(foreign, textMessage()), { message: /^This instance does not have fastify-green-api/ })
})

t.test('the server is made ready', async (t) => {
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

t.test('a server that closes turns notifications away', async (t) => {
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
    t.match(await inject(stored, textMessage()), { statusCode: 503, outcome: 'shutting-down', listeners: [] }, 'with an inbox')
  }
})

t.test('a prefix that ends with a slash leads to the same route', async (t) => {
  for (const prefix of ['/', '/v2/']) {
    const app = await build(t, { prefix })
    t.match(await inject(app, textMessage()), { statusCode: 200, outcome: 'delivered' }, prefix)
  }
})

t.test('a server that is closed, or begins to close before, rejects as Fastify does', async (t) => {
  const app = await build(t)
  const closing = app.close()
  await t.rejects(inject(app, textMessage()), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
  await closing
  await t.rejects(inject(app, textMessage()), { code: 'FST_ERR_REOPENED_CLOSE_SERVER' })
})

t.test('several at once do not mix up their results', async (t) => {
  for (const app of [await build(t), await buildStored(t)]) {
    app.greenApi.on('textMessage', async ({ data }) => {
      await sleep(Math.random() * 20)
      if (data.text.startsWith('bad')) throw new Error(data.text)
    })
    const messages = Array.from({ length: 20 }, (item, index) => textMessage({ text: `${index % 3 === 0 ? 'bad' : 'good'} ${index}` }, { chatId: `${index}@c.us` }))
    const results = await Promise.all(messages.map((message) => inject(app, message)))
    for (const [index, { event, outcome, listeners }] of results.entries()) {
      t.match(event, { idMessage: messages[index]?.idMessage })
      t.equal(outcome, index % 3 === 0 ? 'failed' : 'delivered')
      t.equal(listeners.length, 1)
      t.strictSame(listeners.map(({ error }) => error instanceof Error && error.message), [index % 3 === 0 && `bad ${index}`])
    }
  }
})

t.test('what is published is looked at once, however many are injected at once', async (t) => {
  const { outcomeChannel } = await import('fastify-green-api/diagnostics')
  const app = await build(t)
  let atWork = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => { open = resolve })
  app.greenApi.on('textMessage', () => { atWork++; return opened })
  const results = Promise.all(Array.from({ length: 50 }, () => inject(app, textMessage())))
  await until(() => atWork === 50)
  let looks = 0
  outcomeChannel.publish({ get emitter () { looks++; return app.greenApi }, event: { id: 'another' }, outcome: 'delivered' })
  open()
  t.strictSame([...new Set((await results).map(({ outcome }) => outcome))], ['delivered'])
  t.equal(looks, 1, 'else many at once would take their number squared')
})

t.test('of the same notification at once, one is delivered; what comes meanwhile shares its outcome, what comes later is a repeat', async (t) => {
  const app = await build(t)
  const message = textMessage()
  app.greenApi.on('textMessage', () => {})
  const both = await Promise.all([inject(app, message), inject(app, message)])
  t.strictSame(both.map(({ outcome, listeners }) => [outcome, listeners.length]), [['delivered', 1], ['duplicate', 0]])

  app.greenApi.on('buttonReply', () => sleep(10))
  const tap = buttonReply()
  const shared = await Promise.all([inject(app, tap), inject(app, tap)])
  t.strictSame(shared.map(({ outcome, listeners }) => [outcome, listeners.length]), [['delivered', 1], ['delivered', 1]])

  const late = await build(t, { timeout: 20 })
  late.greenApi.on('buttonReply', () => sleep(100))
  const changed = { ...tap, timestamp: 5 }
  const results = await Promise.all([inject(late, tap), inject(late, changed)])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['failed', 1], ['failed', 0]], 'the second never had its turn')
})

t.test('two servers at once do not mix up their results', async (t) => {
  const message = textMessage()
  const [one, other] = [await build(t), await build(t)]
  one.greenApi.on('textMessage', () => { throw new Error('boom') })
  other.greenApi.on('pollingStopped', () => {}).on('webhook', () => {})
  const results = await Promise.all([inject(one, message), inject(other, message)])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['failed', 1], ['delivered', 1]])
})

t.test('two servers with an inbox each at once do not mix up their results', async (t) => {
  const message = textMessage()
  const [one, other] = [await buildStored(t), await buildStored(t)]
  one.greenApi.on('textMessage', () => { throw new Error('boom') })
  other.greenApi.on('textMessage', () => sleep(30))
  const results = await Promise.all([inject(one, message), inject(other, message)])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['failed', 1], ['delivered', 1]])
})

t.test('what an inbox delivers in the course of another request is told to its own', async (t) => {
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
  t.match(results, [{ outcome: 'delivered', event: { data: { text: 'first' } } }, { outcome: 'delivered', event: { data: { text: 'second' } } }])
})

t.test('what is refused has no part in what becomes of the same notification', async (t) => {
  const app = await build(t)
  app.addHook('onRequest', async ({ headers }) => { if (headers.authorization === 'Bearer wrong') await sleep(20) })
  app.greenApi.on('textMessage', () => {})
  const message = textMessage()
  const results = await Promise.all([inject(app, message), inject(app, message, { token: 'wrong' })])
  t.strictSame(results.map(({ outcome, listeners }) => [outcome, listeners.length]), [['delivered', 1], ['refused', 0]])
})

t.test('what happens on the emitter besides is none of its business', async (t) => {
  const app = await build(t)
  const stopped = { name: 'pollingStopped' as const, idInstance: '1', error: new Error('gone') as never }
  app.greenApi.on('pollingStopped', () => {})
  app.greenApi.on('textMessage', async () => { await callListeners(app.greenApi, ['pollingStopped'], stopped) })
  t.strictSame((await inject(app, textMessage())).listeners.map(({ name }) => name), ['textMessage'])
})

t.test('a listener may inject', async (t) => {
  const app = await build(t)
  const inner: Injected[] = []
  app.greenApi.on('textMessage', async () => { inner.push(await inject(app, buttonReply())) })
  app.greenApi.on('buttonReply', () => {})
  const outer = await inject(app, textMessage())
  t.strictSame([outer, ...inner].map(({ event, outcome, listeners }) => [event?.name, outcome, listeners.map(({ name }) => name)]), [
    ['textMessage', 'delivered', ['textMessage']], ['buttonReply', 'delivered', ['buttonReply']]
  ])
})

t.test('with an inbox it is waited for until it is delivered', async (t) => {
  const app = await buildStored(t)
  const listener = () => sleep(20)
  app.greenApi.once('textMessage', listener)
  const message = textMessage()
  const injected = await inject(app, message)
  t.strictSame(facts(injected), { statusCode: 200, outcome: 'delivered', listeners: [{ name: 'textMessage', listener }] })
  t.match(injected.event, { revision: 1, raw: message })
  t.match(await inject(app, message), { outcome: 'duplicate', listeners: [], event: { name: 'textMessage' } })
  message.timestamp++
  t.match(await inject(app, message), { outcome: 'delivered', event: { revision: 2 } })
})

t.test('with an inbox a repeat is stored already, and maybe not delivered yet', async (t) => {
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

t.test('with an inbox, a first attempt that fails is told, or what comes of the only one', async (t) => {
  const app = await buildStored(t)
  let calls = 0
  app.greenApi.on('textMessage', async () => { if (calls++ === 0) throw new Error('boom') })
  t.match(await inject(app, textMessage()), { statusCode: 200, outcome: 'failed', listeners: [{ error: { message: 'boom' } }] })
  await until(() => calls === 2)

  const hasty = await buildStored(t, { attempts: 1 })
  hasty.greenApi.on('textMessage', () => { throw new Error('boom') })
  hasty.greenApi.on('failed', () => sleep(5))
  const { outcome, listeners } = await inject(hasty, textMessage())
  t.equal(outcome, 'dead-letter')
  t.strictSame(listeners.map(({ name, duration }) => [name, duration !== undefined]), [['textMessage', true], ['failed', true]])
})

t.test('with an inbox, another revision waits for the one before, and tells of itself', async (t) => {
  const app = await buildStored(t, { attempts: 2 })
  app.greenApi.on('textMessage', async ({ data }) => {
    await sleep(5)
    if (data.text === 'first') throw new Error('boom')
  })
  const first = textMessage({ text: 'first' })
  const second = { ...first, ...textMessage({ text: 'second' }, { idMessage: first.idMessage }) }
  const results = await Promise.all([inject(app, first), inject(app, second)])
  t.strictSame(results.map(({ outcome, listeners, event }) => [outcome, listeners.length, event?.revision]), [['failed', 1, 1], ['delivered', 1, 2]])
})

t.test('with an inbox, what is too large to be kept is told by its digest', async (t) => {
  const app = await buildStored(t, { bodyLimit: 100 })
  app.greenApi.on('unrecognized', () => {})
  t.match(await inject(app, textMessage()), { outcome: 'delivered', event: { reason: 'too-large' }, listeners: [{ name: 'unrecognized' }] })
})

t.test('what an inbox cannot have is not stored', async (t) => {
  const inbox = new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 })
  inbox.add = () => Promise.reject(new Error('the disk is full'))
  const app = await build(t, { inbox })
  t.match(await inject(app, textMessage()), { statusCode: 503, outcome: 'not-stored', event: { name: 'textMessage' }, listeners: [] })
})

t.test('what an inbox does not deliver in time is an error that says so', async (t) => {
  const app = await buildStored(t)
  app.greenApi.on('textMessage', () => sleep(200))
  await t.rejects(inject(app, textMessage(), { timeout: 10 }), { message: /not delivered it within 10 ms: raise timeout/ })
})

t.test('nobody watches when it is over', async (t) => {
  const { listenerStartChannel, listenerEndChannel, outcomeChannel } = await import('fastify-green-api/diagnostics')
  const app = await build(t)
  await inject(app, textMessage())
  await t.rejects(inject(app, textMessage(), { path: '/elsewhere' }))
  t.strictSame([listenerStartChannel, listenerEndChannel, outcomeChannel].map(({ hasSubscribers }) => hasSubscribers), [false, false, false])
})

t.test('a wrong option does not compile, and a result has its type', async (t) => {
  const app = await build(t)
  // @ts-expect-error a notification is an object or a text
  t.type(() => inject(app, 5), 'function')
  // @ts-expect-error the option has another name
  t.type(() => inject(app, {}, { prefix: '/v1' }), 'function')
  const injected = await inject(app, textMessage())
  expectTypeOf(injected.outcome).toEqualTypeOf<'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'not-stored' | 'refused' | 'intercepted' | 'shutting-down'>()
  if (injected.event?.name === 'textMessage') expectTypeOf(injected.event.data.text).toEqualTypeOf<string>()
})
