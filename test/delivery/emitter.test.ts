import { EventEmitter, errorMonitor, on, once } from 'node:events'
import { expectTypeOf } from 'expect-type'
import type { Event, GreenApiEmitter as PublishedEmitter } from 'fastify-green-api'
import { imageMessage, textMessage } from 'fastify-green-api/testing'
import t from 'tap'
import { callListeners } from '../../lib/delivery/call-listeners.ts'
import { GreenApiEmitter, countListeners, emitterOf } from '../../lib/delivery/emitter.ts'
import { build, post } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'

t.test("greenApi has the interface of Node's EventEmitter", async (t) => {
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

t.test('greenApi has no method of the delivery, neither in its type nor at run time', async (t) => {
  expectTypeOf<PublishedEmitter>().toHaveProperty('once')
  expectTypeOf<PublishedEmitter>().not.toHaveProperty('deliver')
  expectTypeOf<PublishedEmitter>().not.toHaveProperty('countListeners')
  const app = await build(t)

  t.notOk('deliver' in app.greenApi)
  t.notOk('countListeners' in app.greenApi)
})

t.test('greenApi calls listeners with itself as this, as Node does', async (t) => {
  const app = await build(t)
  const receivers: unknown[] = []
  app.greenApi.on('webhook', function (this: unknown) { receivers.push(this) })
  app.greenApi.once('webhook', function (this: unknown) { receivers.push(this) })

  await post(app, menuSent())

  t.strictSame(receivers.map((each) => each === app.greenApi), [true, true])
})

t.test('greenApi works with events.once and events.on', async (t) => {
  const app = await build(t)
  const first = once(app.greenApi, 'interactiveButtons')
  const controller = new AbortController()
  const ids: string[] = []
  const loop = (async () => {
    for await (const [event] of on(app.greenApi, 'interactiveButtons', { signal: controller.signal })) {
      ids.push(event.idMessage)
      if (ids.length === 2) controller.abort()
    }
  })()

  await post(app, menuSent(menu, { idMessage: 'A' }))
  await post(app, menuSent(menu, { idMessage: 'B' }))

  const [event] = await first
  t.equal(event.idMessage, 'A')
  await t.rejects(loop, { name: 'AbortError' })
  t.strictSame(ids, ['A', 'B'])
})

t.test('greenApi prints no leak warning when it has many listeners', async (t) => {
  const warnings: Error[] = []
  const warn = (warning: Error) => { warnings.push(warning) }
  process.on('warning', warn)
  t.teardown(() => { process.off('warning', warn) })
  const app = await build(t)

  for (let i = 0; i < 50; i++) app.greenApi.on('webhook', () => {})

  await new Promise(setImmediate)
  t.strictSame(warnings, [])
})

t.test('greenApi adds and removes one listener for several events when on, once and off get a list', async (t) => {
  const app = await build(t)
  const names: string[] = []
  const listener = ({ name }: Event<'textMessage' | 'imageMessage'>) => { names.push(name) }
  app.greenApi.on(['textMessage', 'imageMessage'], listener)

  await post(app, textMessage())
  await post(app, imageMessage())
  app.greenApi.off(['textMessage', 'imageMessage'], listener)
  app.greenApi.once(['textMessage', 'imageMessage'], listener)
  for (const body of [textMessage(), textMessage()]) await post(app, body)

  t.strictSame(names, ['textMessage', 'imageMessage', 'textMessage'])
  t.equal(countListeners(app.greenApi, ['textMessage']), 0)
  t.equal(countListeners(app.greenApi, ['imageMessage']), 1)
  app.greenApi.off(['textMessage', 'imageMessage'], listener)
  t.equal(countListeners(app.greenApi, ['imageMessage']), 0, 'off removes what once added')
})

t.test('greenApi calls a listener once for each name when a notification has several of the list', async (t) => {
  const app = await build(t)
  let calls = 0
  app.greenApi.on(['webhook', 'textMessage', 'imageMessage'], () => { calls++ })

  await post(app, textMessage())

  t.equal(calls, 2)
})

t.test('every method that takes a listener throws the nearest name when a name is unknown', async (t) => {
  const emitter = new GreenApiEmitter()
  const methods = [
    'on', 'off', 'once', 'addListener', 'removeListener', 'prependListener', 'prependOnceListener'
  ] as const
  for (const method of methods) {
    // What a JavaScript program may pass.
    const call = (...names: unknown[]) => () => { Reflect.apply(emitter[method], emitter, [...names, () => {}]) }
    const expected = { code: 'FST_GREEN_API_INVALID_OPTION' }

    t.throws(call('buttonReplay'), { ...expected, message: 'Unknown event `buttonReplay`. Did you mean `buttonReply`?' })
    t.throws(call(['webhook', 'texts']), expected, 'in a list')
    t.throws(call('zzzzzzzzzzzzzzz'), { ...expected, message: /Expected one of .*`webhook`/ })
    t.throws(call(undefined), { ...expected, message: /^Unknown event `undefined`/ })
  }
  t.equal(emitter.listenerCount('webhook'), 0, 'no name of the list is subscribed')
})

t.test('greenApi throws no error when a name is a symbol, an event of Node or a report', async (t) => {
  const emitter = new EventEmitter()
  const greenApi: EventEmitter = new GreenApiEmitter()
  const added: unknown[] = []
  for (const each of [emitter, greenApi]) {
    each.on('newListener', (name) => { added.push(name) })
    for (const name of [errorMonitor, 'error', 'removeListener']) each.on(name, () => {})
  }

  t.strictSame(added, [errorMonitor, 'error', 'removeListener', errorMonitor, 'error', 'removeListener'])
  new GreenApiEmitter().on(['failed', 'unrecognized', 'pollingStopped'], () => {})
})

t.test('emit calls listeners without waiting for them, as Node does', async (t) => {
  const emitter = new GreenApiEmitter()
  let calls = 0
  emitter.on('failed', async () => { calls++ })
  const failed = { name: 'failed', attempts: 1 } as Event<'failed'>

  t.equal(emitter.emit('failed', failed), true)
  t.equal(calls, 1)

  emitter.once('failed', async () => { calls++ })
  emitter.emit('failed', failed)
  emitter.emit('failed', failed)

  t.equal(calls, 4, 'a once listener is called once')
  t.equal(emitter.listenerCount('failed'), 1)
})

t.test('countListeners returns the number of listeners under all names', async (t) => {
  const emitter = new GreenApiEmitter()
  emitter.on('webhook', () => {}).once('webhook', () => {}).on('textMessage', () => {}).on('failed', () => {})

  t.equal(countListeners(emitter, ['webhook', 'textMessage', 'incomingMessageReceived']), 3)
})

t.test('callListeners returns no promise when every listener is synchronous', async (t) => {
  const emitter = new GreenApiEmitter()
  t.equal(callListeners(emitter, ['webhook'], {}), undefined, 'no listener')
  emitter.on('webhook', () => {})
  t.equal(callListeners(emitter, ['webhook'], {}), undefined)

  emitter.on('webhook', () => { throw new Error('boom') })
  const error = callListeners(emitter, ['webhook'], {})

  t.type(error, AggregateError)
  t.match(error, { message: 'a listener failed: boom', errors: [{ message: 'boom' }] })
})

t.test('callListeners waits for every listener and collects all errors', async (t) => {
  const emitter = new GreenApiEmitter()
  emitter.on('webhook', () => { throw new Error('boom') })
  emitter.on('webhook', async () => { throw new Error('bang') })

  const error = await callListeners(emitter, ['webhook'], {})

  t.match(error, { message: '2 listeners failed: boom; bang', errors: [{ message: 'boom' }, { message: 'bang' }] })
})

t.test('callListeners collects what a listener throws, even if it is not an error', async (t) => {
  const emitter = new GreenApiEmitter()
  // eslint-disable-next-line no-throw-literal -- a listener may throw anything
  emitter.on('webhook', () => { throw undefined })
  // eslint-disable-next-line prefer-promise-reject-errors -- and reject with it
  emitter.on('webhook', () => Promise.reject(null))

  t.match(await callListeners(emitter, ['webhook'], {}), { errors: [undefined, null] })
})

t.test('callListeners does not wait for an object whose member then is not a function', async (t) => {
  const emitter = new GreenApiEmitter()
  // The types forbid it, but a JavaScript listener may return anything.
  emitter.on('webhook', () => ({ then: 'next' }) as unknown as Promise<void>)

  t.equal(callListeners(emitter, ['webhook'], {}), undefined)
})

t.test('inbox throws an error with the fix when the plugin has no inbox', async (t) => {
  t.throws(() => new GreenApiEmitter().inbox, {
    code: 'FST_GREEN_API_INBOX',
    message: 'There is no inbox. Register the plugin with the option `inbox`, such as sqliteInbox({ path })'
  })
})

t.test('emitterOf returns the emitter of an instance, and throws when there is none', async (t) => {
  const greenApi = new GreenApiEmitter()
  const message =
    'This instance does not have fastify-green-api. Register the plugin in it, or pass the scope that has it'

  t.equal(emitterOf({ greenApi }), greenApi)
  t.throws(() => emitterOf({}), { message })
  t.throws(() => emitterOf({ greenApi: new EventEmitter() }), { message })
})

t.test('callListeners waits for a function that has a member then', async (t) => {
  const emitter = new GreenApiEmitter()
  const errors: unknown[] = []
  const thenable = Object.assign(() => {}, { then: (done: () => void) => { errors.push('waited'); done() } })
  emitter.on('webhook', () => thenable as unknown as Promise<void>)

  await callListeners(emitter, ['webhook'], {})

  t.strictSame(errors, ['waited'])
})

t.test('callListeners waits for no other value than a promise', async (t) => {
  const emitter = new GreenApiEmitter()
  // JavaScript listeners may return anything.
  for (const value of [null, undefined, 5, 'then', {}, () => {}]) {
    emitter.on('webhook', () => value as unknown as Promise<void>)
  }

  t.equal(callListeners(emitter, ['webhook'], {}), undefined)
})

t.test('prependOnceListener adds a listener before the others, for one event', async (t) => {
  const emitter = new GreenApiEmitter()
  const calls: string[] = []
  emitter.on('webhook', () => { calls.push('on') })
  emitter.prependOnceListener('webhook', () => { calls.push('once') })

  callListeners(emitter, ['webhook'], {})
  callListeners(emitter, ['webhook'], {})

  t.strictSame(calls, ['once', 'on', 'on'])
})
