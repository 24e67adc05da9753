import { EventEmitter, on, once } from 'node:events'
import type { Event } from 'fastify-green-api'
import t from 'tap'
import { callListeners } from '../../lib/delivery/call-listeners.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { build, post } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'

t.test("it is Node's own emitter", async (t) => {
  const app = await build(t)
  t.ok(app.greenApi instanceof EventEmitter)
  const calls: string[] = []
  app.greenApi.on('webhook', () => { calls.push('second') })
  app.greenApi.prependListener('webhook', () => { calls.push('first') })
  const removed = () => { calls.push('never') }
  app.greenApi.on('webhook', removed).off('webhook', removed)
  await post(app, menuSent())
  t.strictSame(calls, ['first', 'second'])
  t.equal(app.greenApi.listenerCount('webhook'), 2)
})

t.test('listeners are called on the emitter, as Node calls them', async (t) => {
  const app = await build(t)
  const seen: unknown[] = []
  app.greenApi.on('webhook', function (this: unknown) { seen.push(this) })
  app.greenApi.once('webhook', function (this: unknown) { seen.push(this) })
  await post(app, menuSent())
  t.strictSame(seen.map((each) => each === app.greenApi), [true, true])
})

t.test('events.once and events.on take events', async (t) => {
  const app = await build(t)
  const first = once(app.greenApi, 'interactiveButtons')
  const controller = new AbortController()
  const taken: string[] = []
  const loop = (async () => {
    for await (const [event] of on(app.greenApi, 'interactiveButtons', { signal: controller.signal })) {
      taken.push(event.idMessage)
      if (taken.length === 2) controller.abort()
    }
  })()
  await post(app, menuSent(menu, { idMessage: 'A' }))
  await post(app, menuSent(menu, { idMessage: 'B' }))
  const [event] = await first
  t.equal(event.idMessage, 'A')
  await t.rejects(loop, { name: 'AbortError' })
  t.strictSame(taken, ['A', 'B'])
})

t.test('many listeners are no leak', async (t) => {
  const warnings: Error[] = []
  const warn = (warning: Error) => { warnings.push(warning) }
  process.on('warning', warn)
  t.teardown(() => { process.off('warning', warn) })
  const app = await build(t)
  for (let i = 0; i < 50; i++) app.greenApi.on('webhook', () => {})
  await new Promise(setImmediate)
  t.strictSame(warnings, [])
})

t.test("emit stays Node's own: it waits for nobody", async (t) => {
  const emitter = new GreenApiEmitter()
  let calls = 0
  emitter.on('failed', async () => { calls++ })
  const failed = { name: 'failed', attempts: 1 } as Event<'failed'>
  t.equal(emitter.emit('failed', failed), true)
  t.equal(calls, 1)
  emitter.once('failed', async () => { calls++ })
  emitter.emit('failed', failed)
  emitter.emit('failed', failed)
  t.equal(calls, 4, 'once is once there too')
  t.equal(emitter.listenerCount('failed'), 1)
})

t.test('delivery returns at once where every listener is synchronous', async (t) => {
  const emitter = new GreenApiEmitter()
  t.equal(callListeners(emitter, ['webhook'], {}), undefined, 'nobody listens')
  emitter.on('webhook', () => {})
  t.equal(callListeners(emitter, ['webhook'], {}), undefined)
  emitter.on('webhook', () => { throw new Error('boom') })
  const one = callListeners(emitter, ['webhook'], {})
  t.type(one, AggregateError)
  t.match(one, { message: 'a listener failed', errors: [{ message: 'boom' }] })
  emitter.on('webhook', async () => { throw new Error('bang') })
  t.match(await callListeners(emitter, ['webhook'], {}), { message: '2 listeners failed', errors: [{ message: 'boom' }, { message: 'bang' }] })
})

t.test('what a listener throws need not be an error', async (t) => {
  const emitter = new GreenApiEmitter()
  // eslint-disable-next-line no-throw-literal -- a listener may throw anything
  emitter.on('webhook', () => { throw undefined })
  // eslint-disable-next-line prefer-promise-reject-errors -- and reject with it
  emitter.on('webhook', () => Promise.reject(null))
  t.match(await callListeners(emitter, ['webhook'], {}), { errors: [undefined, null] })
})
