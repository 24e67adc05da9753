import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import {
  channelNames, deliverChannel, recognizeChannel, type DeliverMessage, type RecognizeMessage
} from 'fastify-green-api/diagnostics'
import { textMessage } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { build, post } from '../helpers/app.ts'
import { emulate } from '../helpers/emulated.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { collectUncaught } from '../helpers/uncaught.ts'
import { until } from '../helpers/until.ts'
import { callListenersTraced } from '../../lib/delivery/call-listeners.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { recognize } from '../../lib/recognition/recognize.ts'

/** Traces a channel: the steps, a copy of each message at its step, and the message objects. */
function trace<Message extends object> (t: Test, name: 'recognize' | 'deliver') {
  const steps: string[] = []
  const said: Message[] = []
  const messages: Message[] = []
  const note = (step: string) => (message: object) => {
    steps.push(step)
    said.push({ ...message } as Message)
    messages.push(message as Message)
  }
  const subscribers = { start: note('start'), end: note('end'), asyncStart: note('asyncStart'), asyncEnd: note('asyncEnd'), error: note('error') }
  const channel = tracingChannel(channelNames[name])
  channel.subscribe(subscribers)
  t.teardown(() => { channel.unsubscribe(subscribers) })
  return { steps, said, messages }
}

t.test('the recognize channel traces the length and the event of a request', async (t) => {
  const app = await build(t, { bodyLimit: 1000 })
  const { steps, said, messages } = trace<RecognizeMessage>(t, 'recognize')
  const body = JSON.stringify(textMessage({ text: 'Grüße' }))
  for (const sent of [body, '{"typeWebhook":', 'x'.repeat(2000)]) await post(app, sent)
  t.strictSame(steps, ['start', 'end', 'start', 'end', 'start', 'end'])
  t.match(said, [
    { source: 'route', length: body.length, emitter: app.greenApi },
    { event: { name: 'textMessage', id: String } },
    { source: 'route', length: 15 },
    { event: { name: 'unrecognized', reason: 'not-json' } },
    { source: 'route' },
    { event: { name: 'unrecognized', reason: 'too-large' } }
  ])
  t.notOk('event' in Object(said[0]), 'it is not known at the start')
  t.notOk('length' in Object(said[5]), 'a body that is too large has none')
  t.equal(messages[0], messages[1], 'the same object')
  t.strictSame(Object.keys(said[1] ?? {}), ['emitter', 'source', 'length', 'event'])
})

t.test('the recognize channel traces a polled notification with its source', async (t) => {
  const emulator = await emulate(t)
  const { apiUrl } = emulator
  const { idInstance, apiTokenInstance } = emulator.instance()
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { path: false, poll: { apiUrl, idInstance, apiTokenInstance } })
  const { said } = trace<RecognizeMessage>(t, 'recognize')
  await app.ready()
  emulator.instance().receive(textMessage())
  await until(() => said.length > 1)
  t.match(said[1], { source: 'poll', length: Number, emitter: app.greenApi, event: { name: 'textMessage' } })
})

t.test('the deliver channel ends when synchronous listeners have returned', async (t) => {
  const app = await build(t)
  const { steps, said } = trace<DeliverMessage>(t, 'deliver')
  app.greenApi.on('textMessage', () => { steps.push('listener') })
  app.greenApi.once('webhook', () => {})
  await post(app, textMessage())
  t.strictSame(steps, ['start', 'listener', 'end', 'asyncStart', 'asyncEnd'])
  t.match(said[0], { emitter: app.greenApi, event: { name: 'textMessage' }, attempt: 1, listeners: 2, startedAt: Number })
  t.notOk('duration' in Object(said[1]), 'it is not known before the end')
  t.match(said[3], { duration: Number })
  t.notOk('error' in Object(said[3]))
})

t.test('the deliver channel ends with the last listener', async (t) => {
  const app = await build(t)
  const { steps, messages } = trace<DeliverMessage>(t, 'deliver')
  app.greenApi.on('textMessage', async () => {
    await sleep(5)
    steps.push('listener')
  })
  await post(app, textMessage())
  t.strictSame(steps, ['start', 'end', 'listener', 'asyncStart', 'asyncEnd'])
  t.equal(new Set(messages).size, 1, 'the same object')
})

t.test('the deliver channel publishes errors, and numbers the attempts', async (t) => {
  const app = await build(t)
  const { steps, messages } = trace<DeliverMessage>(t, 'deliver')
  let fail: () => void | Promise<void> = () => { throw new Error('boom') }
  app.greenApi.on('textMessage', () => fail())
  const body = textMessage()
  await post(app, body)
  t.strictSame(steps.splice(0), ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  fail = () => Promise.reject(new Error('bang'))
  await post(app, body)
  t.strictSame(steps.splice(0), ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  fail = () => {}
  await post(app, body)
  await post(app, { ...body, senderData: { ...body.senderData, senderName: 'Another' } })
  t.match([...new Set(messages)], [
    { attempt: 1, error: { errors: [{ message: 'boom' }] } },
    { attempt: 2, error: { errors: [{ message: 'bang' }] } },
    { attempt: 3 },
    { attempt: 1, event: { revision: 2 } }
  ])
})

t.test('the deliver channel ends once when an attempt times out', async (t) => {
  const app = await build(t, { timeout: 20 })
  const { steps, said } = trace<DeliverMessage>(t, 'deliver')
  let release = () => {}
  app.greenApi
    .on('textMessage', () => new Promise<void>((resolve) => { release = resolve }))
    .on('textMessage', () => { throw new Error('boom') })
  await post(app, textMessage())
  t.strictSame(steps, ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  t.match(said.at(-1), { error: { errors: [{ message: 'boom' }, { name: 'ListenerTimeoutError' }] } })
  release()
  await sleep(5)
  t.equal(steps.length, 5, 'it is not published again')
})

t.test('a store bound to the deliver channel is available in listeners and after them', async (t) => {
  const app = await build(t)
  const spans = new AsyncLocalStorage<string>()
  deliverChannel.start.bindStore(spans, ({ event }) => event.id)
  t.teardown(() => { deliverChannel.start.unbindStore(spans) })
  const found: Array<string | undefined> = []
  app.greenApi.on('textMessage', async ({ id }) => {
    found.push(id, spans.getStore())
    await sleep(1)
    found.push(spans.getStore())
  })
  await post(app, textMessage())
  t.equal(found.length, 3)
  t.equal(new Set(found).size, 1)
  t.equal(spans.getStore(), undefined)
})

t.test('a store bound to the recognize channel is not available in listeners', async (t) => {
  const app = await build(t)
  const store = new AsyncLocalStorage<string>()
  recognizeChannel.start.bindStore(store, ({ source }) => source)
  t.teardown(() => { recognizeChannel.start.unbindStore(store) })
  const found: unknown[] = []
  app.greenApi.on('textMessage', () => { found.push(store.getStore()) })
  await post(app, textMessage())
  t.strictSame(found, [undefined])
})

t.test('an inbox traces deliveries, and only recognizes what arrives', async (t) => {
  const app = await build(t, { inbox: new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 }) })
  const recognized = trace<RecognizeMessage>(t, 'recognize')
  const delivered = trace<DeliverMessage>(t, 'deliver')
  app.greenApi.on('textMessage', async () => { await sleep(1) })
  await app.ready()
  await post(app, textMessage())
  await until(() => delivered.steps.includes('asyncEnd'))
  t.strictSame(recognized.steps, ['start', 'end'])
  t.strictSame(delivered.steps, ['start', 'end', 'asyncStart', 'asyncEnd'])
  t.match(delivered.said[0], { emitter: app.greenApi, event: { name: 'textMessage' }, attempt: 1, storedAt: Number })
})

t.test('a subscriber that throws changes neither a recognition nor a delivery', async (t) => {
  const uncaught = collectUncaught(t)
  const app = await build(t)
  const fail = () => { throw new Error('a bad subscriber') }
  const subscribers = { start: fail, end: fail, asyncStart: fail, asyncEnd: fail, error: fail }
  for (const name of [channelNames.recognize, channelNames.deliver]) {
    tracingChannel(name).subscribe(subscribers)
    t.teardown(() => { tracingChannel(name).unsubscribe(subscribers) })
  }
  let called = false
  app.greenApi.on('textMessage', async () => { called = true })
  const { statusCode } = await post(app, textMessage())
  t.match({ statusCode, called }, { statusCode: 200, called: true })
  await until(() => uncaught.length === 6)
})

t.test('callListenersTraced returns no promise for synchronous listeners, traced or not', async (t) => {
  const emitter = new GreenApiEmitter()
  emitter.on('webhook', () => {})
  const delivering = { emitter, notification: recognize(JSON.stringify(textMessage())), errors: [], timeout: 1000, attempt: 1 }
  t.equal(callListenersTraced(delivering), undefined)
  const { steps } = trace<DeliverMessage>(t, 'deliver')
  t.equal(callListenersTraced(delivering), undefined)
  t.strictSame(steps, ['start', 'end', 'asyncStart', 'asyncEnd'])
})
