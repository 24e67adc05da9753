import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate } from 'node:timers/promises'
import type { DeliveryHandler, DueEntry, Inbox } from 'fastify-green-api'
import type { OutcomeMessage } from 'fastify-green-api/diagnostics'
import t, { type Test } from 'tap'
import { settlesWithin } from '../../lib/util/settles-within.ts'
import { build, collect, only, post } from '../helpers/app.ts'
import { hollowInbox } from '../helpers/fixtures/hollow-inbox.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'
import { until } from '../helpers/until.ts'

interface Line { level: number, msg: string, [field: string]: unknown }

/** A server with an inbox that does nothing, the handler that the plugin gave the inbox, and the log. */
async function buildHandler (t: Test, options: { timeout?: number, attempts?: number, inbox?: Partial<Inbox> } = {}) {
  const { inbox, ...rest } = options
  const handlers: DeliveryHandler[] = []
  const lines: Line[] = []
  const write = (text: string) => {
    const line: Line = JSON.parse(text)
    const isRequestLog = line.req !== undefined || line.res !== undefined
    if (!isRequestLog) lines.push(line)
  }
  const app = await build(t, {
    ...rest, inbox: hollowInbox({ async open (handler) { handlers.push(handler) }, ...inbox })
  }, { logger: { level: 'debug', stream: { write } } })
  return { app, handler: only(handlers), lines }
}

/** A stored entry with a menu of this text; its key is not the id of its event. */
function entryOf (text: string, attempt = 1): DueEntry {
  const body = JSON.stringify(menuSent({ ...menu, contentText: text }))
  return { key: text, orderingKey: text, name: 'interactiveButtons', revision: 1, attempt, storedAt: 0, body }
}

function collectOutcomes (t: Test): OutcomeMessage[] {
  const messages: OutcomeMessage[] = []
  // The channel has no other messages.
  const listen = (message: unknown) => { messages.push(message as OutcomeMessage) }
  subscribe('fastify-green-api:outcome', listen)
  t.teardown(() => { unsubscribe('fastify-green-api:outcome', listen) })
  return messages
}

t.test('deliver keeps the last thousand late successes for their next attempt', async (t) => {
  const { app, handler } = await buildHandler(t, { timeout: 50 })
  const calls: unknown[] = []
  const finish = new Map<unknown, () => void>()
  app.greenApi.on('interactiveButtons', ({ data }) => {
    calls.push(data.body)
    return new Promise((resolve) => { finish.set(data.body, resolve) })
  })
  const deliver = (text: string) => handler.deliver(entryOf(text)).then(() => 'delivered', () => 'late')
  const texts = Array.from({ length: 1001 }, (_, index) => `${index}`)

  t.strictSame(new Set(await Promise.all(['endless', ...texts].map(deliver))), new Set(['late']))
  for (const text of texts) finish.get(text)?.()
  await setImmediate()
  t.equal(await deliver('another'), 'late')

  calls.length = 0
  t.strictSame(await Promise.all(['3', '1000'].map(deliver)), ['delivered', 'delivered'])
  t.strictSame(calls, [], 'they had succeeded late')
  t.strictSame(await Promise.all(['endless', '0', '2'].map(deliver)), ['late', 'late', 'late'])
  t.strictSame(calls, ['0', '2'], 'dropped ones start again, a running one does not')
})

t.test('deliver logs the name and id of the event, not the key of the entry', async (t) => {
  const { app, handler, lines } = await buildHandler(t, { attempts: 2 })
  app.greenApi.on('interactiveButtons', async ({ data }) => { if (data.body === 'bad') throw new Error('boom') })
  const id = '7103000042:outgoing:BAE5A0FE4711C0DE'

  await handler.deliver(entryOf('good'))
  await t.rejects(handler.deliver(entryOf('bad', 2)))
  await handler.onDeadLetter(entryOf('bad'), new Error('boom'), 2)

  const name = 'interactiveButtons'
  t.match(lines, [
    { level: 20, name, id, outcome: 'delivered' },
    { level: 40, name, id, attempts: 2, outcome: 'failed', msg: 'delivery failed' },
    { level: 50, name, id, attempts: 2, outcome: 'dead-letter', msg: 'delivery failed, max attempts reached' }
  ])
  t.equal(lines.length, 3)
})

t.test('deliver passes one event to listeners, outcomes and failed', async (t) => {
  const { app, handler } = await buildHandler(t, { attempts: 1 })
  const outcomes = collectOutcomes(t)
  const events = collect(app, 'interactiveButtons')
  app.greenApi.on('interactiveButtons', () => { throw new Error('boom') })
  const failed = collect(app, 'failed')

  await t.rejects(handler.deliver(entryOf('bad')))
  await handler.onDeadLetter(entryOf('bad'), new Error('boom'), 1)

  const event = only(events)
  t.equal(only(failed).event, event)
  t.equal(only(outcomes).event, event)
})

t.test('deliver passes one event to every attempt that joins a running one', async (t) => {
  const { app, handler } = await buildHandler(t, { timeout: 20 })
  const outcomes = collectOutcomes(t)
  let finish = () => {}
  app.greenApi.on('interactiveButtons', () => new Promise<void>((resolve) => { finish = resolve }))

  await t.rejects(handler.deliver(entryOf('slow')), /timed out/)
  const second = handler.deliver(entryOf('slow', 2))
  finish()
  await second

  const [late, delivered] = outcomes
  t.match([late, delivered], [{ outcome: 'failed', attempts: 1 }, { outcome: 'delivered' }])
  t.equal(delivered?.event, late?.event)
})

t.test('deliver logs a failure once when the listener fails in time', async (t) => {
  const { app, handler, lines } = await buildHandler(t)
  app.greenApi.on('interactiveButtons', async () => { throw new Error('boom') })

  await t.rejects(handler.deliver(entryOf('bad')))

  t.strictSame(lines.map(({ msg }) => msg), ['delivery failed'])
})

t.test('deliver logs a failure again when the listener fails after its timeout', async (t) => {
  const { app, handler, lines } = await buildHandler(t, { timeout: 10 })
  let fail = (_: Error) => {}
  app.greenApi.on('interactiveButtons', () => new Promise<void>((resolve, reject) => { fail = reject }))

  await t.rejects(handler.deliver(entryOf('bad')))
  fail(new Error('boom'))
  await setImmediate()

  t.match(lines, [
    { msg: 'delivery failed', outcome: 'failed' },
    { level: 40, name: 'interactiveButtons', id: /BAE5A0FE4711C0DE$/, msg: 'a listener failed after its timeout' }
  ])
})

t.test('deliver calls the listeners of a retried dead letter again, even if its last attempt is running', async (t) => {
  const { app, handler } = await buildHandler(t, { timeout: 10, attempts: 1 })
  let calls = 0
  app.greenApi.on('interactiveButtons', () => ++calls === 1 ? new Promise<void>(() => {}) : undefined)

  await t.rejects(handler.deliver(entryOf('slow')))
  await handler.onDeadLetter(entryOf('slow'), new Error('boom'), 1)
  await handler.deliver(entryOf('slow'))

  t.equal(calls, 2)
})

t.test('onDeadLetter recognizes the entry when another process made the last attempt', async (t) => {
  const { app, handler } = await buildHandler(t)
  const failed = collect(app, 'failed')

  await handler.onDeadLetter(entryOf('bad'), new AggregateError([new Error('boom')], 'boom'), 5)

  t.match(only(failed), { event: { name: 'interactiveButtons', data: { body: 'bad' } }, attempts: 5 })
})

t.test('onDeadLetter emits an AggregateError whatever the inbox passes', async (t) => {
  const { app, handler } = await buildHandler(t)
  const failed = collect(app, 'failed')
  const cause = new Error('boom')

  await handler.onDeadLetter(entryOf('bad'), cause, 3)

  const { event, attempts, error } = only(failed)
  t.equal(event.name, 'interactiveButtons')
  t.equal(attempts, 3)
  t.ok(error instanceof AggregateError)
  t.equal(error.message, 'boom')
  t.strictSame(error.errors, [cause])
})

t.test('receive accepts an inbox whose add returns no promise', async (t) => {
  // As an inbox written in JavaScript may.
  const { app } = await buildHandler(t, { inbox: { add: () => true as unknown as Promise<boolean> } })

  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('close waits for entries that are being stored, and no longer', async (t) => {
  let store = (_: boolean) => {}
  const { app } = await buildHandler(t, { inbox: { add: () => new Promise((resolve) => { store = resolve }) } })
  let adding = false
  app.addHook('preHandler', async () => { adding = true })
  const answer = post(app, menuSent())
  await until(() => adding)
  await setImmediate()
  const closing = app.close()

  t.equal(await settlesWithin(closing, 30), false, 'the entry is not stored yet')
  store(true)

  t.equal(await settlesWithin(closing, 5000), true)
  t.equal((await answer).statusCode, 200)
})

t.test('start does nothing when the server was closed before it was called', async (t) => {
  let starts = 0
  const { app } = await buildHandler(t, { inbox: { start () { starts++ } } })

  await app.ready()
  await app.close()

  t.equal(starts, 0)
})

t.test('receive logs and publishes whether the entry is new', async (t) => {
  const results = [true, false]
  const { app, lines } = await buildHandler(t, { inbox: { add: async () => results.shift() === true } })
  const outcomes = collectOutcomes(t)

  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal((await post(app, menuSent())).statusCode, 200)

  const line = { level: 20, name: 'interactiveButtons', id: /BAE5A0FE4711C0DE$/, msg: 'notification handled' }
  t.match(lines, [{ ...line, outcome: 'stored' }, { ...line, outcome: 'duplicate' }])
  const event = { name: 'interactiveButtons' }
  t.match(outcomes, [{ outcome: 'stored', event }, { outcome: 'duplicate', event }])
})

t.test('receive answers 503 and logs an error when the inbox cannot store the entry', async (t) => {
  const error = new Error('disk full')
  const { app, lines } = await buildHandler(t, { inbox: { add: () => Promise.reject(error) } })
  const outcomes = collectOutcomes(t)

  t.equal((await post(app, menuSent())).statusCode, 503)

  t.match(lines, [{
    level: 50,
    name: 'interactiveButtons',
    id: /BAE5A0FE4711C0DE$/,
    outcome: 'not-stored',
    err: { message: 'disk full' },
    msg: 'inbox write failed, GREEN-API will resend'
  }])
  t.match(outcomes, [{ outcome: 'not-stored', error }])
})

t.test('deliver publishes only the dead letter when there is one attempt', async (t) => {
  const { app, handler } = await buildHandler(t, { attempts: 1 })
  const outcomes = collectOutcomes(t)
  app.greenApi.on('webhook', () => { throw new Error('boom') })

  await t.rejects(handler.deliver(entryOf('bad')))
  await handler.onDeadLetter(entryOf('bad'), new Error('boom'), 1)

  t.match(outcomes, [{ outcome: 'dead-letter', attempts: 1, error: { message: 'boom' } }])
  t.equal(outcomes.length, 1)
})

t.test('start and close log an error when the inbox fails', async (t) => {
  const { app, lines } = await buildHandler(t, {
    inbox: { start () { throw new Error('no start') }, close: () => Promise.reject(new Error('no close')) }
  })

  await app.listen({ host: '127.0.0.1', port: 0 })
  await until(() => lines.some(({ msg }) => msg === 'inbox start failed'))
  await app.close()

  const own = lines.filter(({ level }) => level === 50)
  t.match(own, [
    { err: { message: 'no start' }, msg: 'inbox start failed' },
    { err: { message: 'no close' }, msg: 'inbox close failed' }
  ])
  t.equal(own.length, 2)
})
