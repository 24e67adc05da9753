import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ListenerMessage, OutcomeMessage } from 'fastify-green-api/diagnostics'
import { textMessage, toEnvelope } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { build, post } from '../helpers/app.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { collectUncaught } from '../helpers/uncaught.ts'
import { until } from '../helpers/until.ts'
import { callListeners } from '../../lib/delivery/call-listeners.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'

/** Collects the messages of a channel while the test runs. */
function hear<Message> (t: Test, name: string): Message[] {
  const messages: Message[] = []
  const listen = (message: unknown) => { messages.push(message as Message) }
  subscribe(`fastify-green-api:${name}`, listen)
  t.teardown(() => { unsubscribe(`fastify-green-api:${name}`, listen) })
  return messages
}

t.test('the listener channels publish each call when it starts and when it ends', async (t) => {
  const app = await build(t)
  const starts = hear<ListenerMessage>(t, 'listener:start')
  const ends = hear<ListenerMessage>(t, 'listener:end')
  const atStart: object[] = []
  const slow = async () => { await sleep(10) }
  const failing = () => {
    atStart.push(...starts.map((message) => ({ ...message })))
    throw new Error('boom')
  }
  app.greenApi.once('textMessage', slow).on('textMessage', failing)

  await post(app, textMessage())

  t.match(starts, [{ listener: slow, duration: Number }, { listener: failing, duration: Number, error: { message: 'boom' } }])
  t.strictSame(atStart.map((message) => 'duration' in message), [false, false], 'neither call had ended')
  t.strictSame(ends.map(({ listener }) => listener), [failing, slow], 'in the order of their ends')
  t.ok(ends.every((message) => starts.includes(message)), 'the same objects')
  for (const { emitter, name, event, startedAt } of starts) {
    t.equal(emitter, app.greenApi)
    t.equal(name, 'textMessage')
    t.match(event, { name: 'textMessage' })
    t.ok(startedAt <= performance.now())
  }
  t.notOk('error' in Object(ends[1]))
})

t.test('the channel of ends publishes when it is the only one with a subscriber', async (t) => {
  const app = await build(t)
  const ends = hear<ListenerMessage>(t, 'listener:end')
  app.greenApi.on('textMessage', () => {})
  await post(app, textMessage())
  t.equal(ends.length, 1)
})

t.test('the outcome channel publishes the result of each notification', async (t) => {
  const app = await build(t, { attempts: 2 })
  const outcomes = hear<OutcomeMessage>(t, 'outcome')
  app.greenApi.on('textMessage', ({ data }) => { if (data.text === 'bad') throw new Error('boom') })
  const good = textMessage({ text: 'good' })
  const bad = textMessage({ text: 'bad' })
  for (const body of [good, good, bad, bad, bad, 'not JSON']) await post(app, body)
  t.match(outcomes, [
    { outcome: 'delivered', event: { raw: good }, emitter: app.greenApi },
    { outcome: 'duplicate', event: { raw: good } },
    { outcome: 'failed', attempts: 1, error: { errors: [{ message: 'boom' }] } },
    { outcome: 'dead-letter', attempts: 2, error: { errors: [{ message: 'boom' }] } },
    { outcome: 'duplicate', event: { raw: bad } },
    { outcome: 'delivered', event: { name: 'unrecognized' } }
  ])
  t.equal(outcomes.length, 6)
})

t.test('the outcome channel publishes stored and then the result when there is an inbox', async (t) => {
  const app = await build(t, { attempts: 2, inbox: new MemoryInbox(t.fullname, { concurrency: 1, backoff: 1 }) })
  const outcomes = hear<OutcomeMessage>(t, 'outcome')
  let calls = 0
  app.greenApi.on('textMessage', async ({ data }) => {
    await sleep(5)
    if (calls++ > 0 || data.text === 'bad') throw new Error('boom')
  })
  const good = textMessage({ text: 'good' })
  await app.ready()
  for (const body of [good, toEnvelope(good), textMessage({ text: 'bad' })]) await post(app, body)
  await until(() => outcomes.some(({ outcome }) => outcome === 'dead-letter'))
  t.strictSame(outcomes.map(({ outcome }) => outcome).sort(), ['dead-letter', 'delivered', 'duplicate', 'failed', 'failed', 'stored', 'stored'])
  t.match(outcomes.at(-1), { attempts: 2, error: { message: 'a listener failed: boom' }, event: { data: { text: 'bad' } } })
})

t.test('a subscriber that throws changes neither a delivery nor its outcome', async (t) => {
  const uncaught = collectUncaught(t)
  const app = await build(t)
  const fail = () => { throw new Error('a bad subscriber') }
  for (const name of ['listener:start', 'listener:end', 'outcome']) {
    subscribe(`fastify-green-api:${name}`, fail)
    t.teardown(() => { unsubscribe(`fastify-green-api:${name}`, fail) })
  }
  let called = false
  app.greenApi.on('textMessage', async () => { called = true })
  const { statusCode } = await post(app, textMessage())
  t.match({ statusCode, called }, { statusCode: 200, called: true })
  await until(() => uncaught.length === 3)
})

t.test('callListeners returns no promise for synchronous listeners, with and without a subscriber', async (t) => {
  const emitter = new GreenApiEmitter()
  emitter.on('webhook', () => {})
  t.equal(callListeners(emitter, ['webhook'], {}), undefined)
  const ends = hear<ListenerMessage>(t, 'listener:end')
  t.equal(callListeners(emitter, ['webhook'], {}), undefined)
  t.equal(ends.length, 1)
})
