import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import type { OutcomeMessage } from 'fastify-green-api/diagnostics'
import t, { type Test } from 'tap'
import { DirectDelivery } from '../../lib/delivery/direct-delivery.ts'
import { GreenApiEmitter } from '../../lib/delivery/emitter.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { build, collect, only, post, token } from '../helpers/app.ts'
import {
  enveloped, journalMenuSent, journalRecord, menu, menuSent, status, tap
} from '../helpers/fixtures/notifications.ts'
import { until } from '../helpers/until.ts'

const headers = { authorization: `Bearer ${token}` }

/** A listener that fails the first `times` calls, then succeeds. */
function failing (times: number) {
  let calls = 0
  return { get calls () { return calls }, listener: async () => { if (++calls <= times) throw new Error('boom') } }
}

/** Waits until requests that were injected before are being handled, however busy the machine is. */
async function manyTurns (): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await nextTurn()
}

/** A listener that runs until `open` or `fail` is called. */
function gate () {
  let calls = 0
  let open: () => void = () => {}
  let fail: (error: Error) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => { open = resolve; fail = reject })
  return {
    get calls () { return calls },
    open: () => { open() },
    fail: (error: Error) => { fail(error) },
    listener: () => { calls++; return opened }
  }
}

/** The outcomes that are published while the test runs. */
function collectOutcomes (t: Test): string[] {
  const outcomes: string[] = []
  // The channel has no other messages.
  const listen = (message: unknown) => { outcomes.push((message as OutcomeMessage).outcome) }
  subscribe('fastify-green-api:outcome', listen)
  t.teardown(() => { unsubscribe('fastify-green-api:outcome', listen) })
  return outcomes
}

t.test('receive answers when every listener is done', async (t) => {
  const app = await build(t)
  const done: string[] = []
  const work = gate()
  app.greenApi.on('interactiveButtons', async () => { await work.listener(); done.push('slow') })
  app.greenApi.on('interactiveButtons', async () => { await nextTurn(); done.push('quick'); work.open() })
  app.greenApi.on('webhook', () => { done.push('synchronous') })

  const response = await post(app, menuSent())

  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
  t.strictSame(done, ['synchronous', 'quick', 'slow'], 'concurrently')
})

t.test('receive answers 200 when there is no listener', async (t) => {
  const app = await build(t)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('receive calls every listener and answers 503 when one of them fails', async (t) => {
  for (const fail of [() => { throw new Error('boom') }, async () => { throw new Error('boom') }]) {
    const app = await build(t)
    let reached = false
    app.greenApi.on('webhook', fail)
    app.greenApi.on('interactiveButtons', async () => { reached = true })

    const response = await post(app, menuSent())

    t.equal(reached, true)
    t.equal(response.statusCode, 503, 'GREEN-API sends it again')
    t.equal(response.headers['retry-after'], '60')
    t.equal(response.body, '')
  }
})

t.test('receive calls every listener again when GREEN-API resends after a failure', async (t) => {
  const app = await build(t)
  const { listener } = failing(2)
  app.greenApi.on('interactiveButtons', listener)
  const events = collect(app, 'interactiveButtons')

  const codes = []
  for (let i = 0; i < 4; i++) codes.push((await post(app, menuSent())).statusCode)

  t.strictSame(codes, [503, 503, 200, 200])
  t.equal(events.length, 3, 'the last repeat arrives after the success')
  t.strictSame(events.map(({ revision }) => revision), [1, 1, 1])
  t.equal(new Set(events.map(({ id }) => id)).size, 1)
})

t.test('receive emits failed and answers 200 when the last attempt fails', async (t) => {
  const app = await build(t, { attempts: 3 })
  const { listener } = failing(Infinity)
  app.greenApi.on('interactiveButtons', listener)
  const delivered = collect(app, 'webhook')
  const failed = collect(app, 'failed')

  const codes = []
  for (let i = 0; i < 5; i++) codes.push((await post(app, menuSent())).statusCode)

  t.strictSame(codes, [503, 503, 200, 200, 200])
  t.equal(delivered.length, 3)
  const report = only(failed)
  t.equal(report.attempts, 3)
  t.equal(report.event, delivered[2])
  t.type(report.error, AggregateError)
  t.match(report.error.errors, [{ message: 'boom' }])
})

t.test('receive makes five attempts by default', async (t) => {
  const app = await build(t)
  const { listener } = failing(Infinity)
  app.greenApi.on('webhook', listener)
  const codes = []
  for (let i = 0; i < 6; i++) codes.push((await post(app, menuSent())).statusCode)
  t.strictSame(codes, [503, 503, 503, 503, 200, 200])
})

t.test('receive waits for the listeners of failed and ignores their errors', async (t) => {
  const app = await build(t, { attempts: 1, timeout: 40 })
  app.greenApi.on('webhook', failing(Infinity).listener)
  let finished = false
  app.greenApi.on('failed', async () => { await sleep(10); finished = true })
  app.greenApi.on('failed', async () => { throw new Error('ignored') })
  app.greenApi.on('failed', () => { throw new Error('ignored') })

  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(finished, true)

  const endless = gate()
  app.greenApi.on('failed', endless.listener)
  t.equal((await post(app, tap())).statusCode, 200, 'it waits no longer than the timeout')
  t.equal(endless.calls, 1)
})

t.test('receive drops an exact repeat, with or without a queue envelope', async (t) => {
  for (const [body, repeat] of [
    [menuSent(), menuSent()],
    [menuSent(), enveloped(menuSent(), 5)],
    [enveloped(menuSent(), 5), enveloped(menuSent(), 6)],
    [status('read'), status('read')],
    [tap(), tap()],
    [journalMenuSent, journalRecord()],
    [{ nonsense: true }, { nonsense: true }],
    ['{', '{']
  ]) {
    const app = await build(t)
    const seen: unknown[] = []
    app.greenApi.on('webhook', (event) => { seen.push(event) })
    app.greenApi.on('unrecognized', (event) => { seen.push(event) })

    t.equal((await post(app, body)).statusCode, 200)
    t.equal((await post(app, repeat)).statusCode, 200)

    t.equal(seen.length, 1)
  }
})

t.test('receive delivers a changed repeat as the next revision, with its own attempts', async (t) => {
  const app = await build(t, { attempts: 2 })
  let down = true
  app.greenApi.on('interactiveButtons', () => { if (down) throw new Error('boom') })
  const events = collect(app, 'interactiveButtons')
  const changed = menuSent({ ...menu, contentText: 'changed' })
  const again = menuSent({ ...menu, contentText: 'changed again' })

  t.equal((await post(app, menuSent())).statusCode, 503)
  t.equal((await post(app, changed)).statusCode, 503, 'the first of its own two attempts')
  down = false
  t.equal((await post(app, changed)).statusCode, 200)
  t.equal((await post(app, again)).statusCode, 200)
  t.equal((await post(app, changed)).statusCode, 200, 'a repeat of a delivered body')
  t.equal((await post(app, again)).statusCode, 200, 'another repeat of a delivered body')

  t.strictSame(events.map(({ revision, data }) => [revision, data.body]), [
    [1, menu.contentText], [2, 'changed'], [2, 'changed'], [3, 'changed again']
  ])
  t.equal(new Set(events.map(({ id }) => id)).size, 1)
})

t.test('receive joins a running attempt when an exact repeat arrives, and shares its result', async (t) => {
  for (const [end, code] of [['open', 200], ['fail', 503]] as const) {
    const app = await build(t)
    const work = gate()
    app.greenApi.on('interactiveButtons', work.listener)

    const first = post(app, menuSent())
    const repeat = post(app, enveloped(menuSent()))
    await manyTurns()
    t.equal(work.calls, 1, 'one attempt')
    work[end](new Error('boom'))

    t.equal((await first).statusCode, code)
    t.equal((await repeat).statusCode, code)
    t.equal(work.calls, 1)
  }
})

t.test('receive counts a listener that succeeds after its timeout, while a repeat waits', async (t) => {
  const app = await build(t, { timeout: 300 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)

  t.equal((await post(app, menuSent())).statusCode, 503, 'timed out')
  const repeat = post(app, menuSent())
  await manyTurns()
  work.open()

  t.equal((await repeat).statusCode, 200, 'the result of the running attempt')
  t.equal(work.calls, 1)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(work.calls, 1, 'it has succeeded already')
})

t.test('receive counts a listener that succeeds after its timeout, while no repeat waits', async (t) => {
  const app = await build(t, { timeout: 300 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  t.equal((await post(app, menuSent())).statusCode, 503)
  work.open()
  await manyTurns()
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(work.calls, 1)
})

t.test('receive calls the listeners again when a listener fails after its timeout', async (t) => {
  const app = await build(t, { timeout: 300, attempts: 3 })
  const work = gate()
  let calls = 0
  app.greenApi.on('interactiveButtons', () => ++calls === 1 ? work.listener() : undefined)

  t.equal((await post(app, menuSent())).statusCode, 503)
  const repeat = post(app, menuSent())
  await manyTurns()
  work.fail(new Error('late'))
  t.equal((await repeat).statusCode, 503, 'a repeat shares the failure')
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(calls, 2)
})

t.test('receive dead-letters a notification whose listener never ends', async (t) => {
  const app = await build(t, { timeout: 300, attempts: 3 })
  const endless = gate()
  app.greenApi.on('interactiveButtons', endless.listener)
  const failed = collect(app, 'failed')

  const codes = []
  for (let i = 0; i < 4; i++) codes.push((await post(app, menuSent())).statusCode)

  t.strictSame(codes, [503, 503, 200, 200])
  t.equal(endless.calls, 1, 'repeats start no second attempt beside it')
  t.match(only(failed).error.errors, [{ code: 'FST_GREEN_API_LISTENER_TIMEOUT' }])

  const changed = await post(app, menuSent({ ...menu, contentText: 'changed' }))
  t.equal(changed.statusCode, 503, 'the next revision waits only for its own listeners')
  t.equal(endless.calls, 2)

  endless.fail(new Error('late'))
  await manyTurns()
  t.equal(only(failed).attempts, 3, 'emitted once')
})

t.test('receive drops repeats of a settled body while a later revision is running', async (t) => {
  const app = await build(t, { timeout: 50, attempts: 2 })
  const endless = gate()
  app.greenApi.on('interactiveButtons', ({ data }) => data.body === 'hangs' ? endless.listener() : undefined)
  const failed = collect(app, 'failed')
  const settled = menuSent()
  const hanging = menuSent({ ...menu, contentText: 'hangs' })

  const codes = []
  for (const body of [settled, hanging, settled, settled, hanging, settled]) {
    codes.push((await post(app, body)).statusCode)
  }

  t.strictSame(codes, [200, 503, 200, 200, 200, 200])
  t.match(only(failed), { event: { revision: 2, data: { body: 'hangs' } }, attempts: 2 })
})

t.test('receive delivers a changed repeat with all its attempts after a dead letter', async (t) => {
  const app = await build(t, { timeout: 30, attempts: 3 })
  const endless = gate()
  const changed: number[] = []
  app.greenApi.on('interactiveButtons', ({ data, revision }) => {
    if (data.body === menu.contentText) return endless.listener()
    changed.push(revision)
  })
  const failed = collect(app, 'failed')

  const codes = [(await post(app, menuSent())).statusCode]
  for (let i = 0; i < 3; i++) codes.push((await post(app, menuSent({ ...menu, contentText: 'changed' }))).statusCode)

  t.strictSame(codes, [503, 503, 200, 200], 'the timeout counts against the previous revision')
  t.strictSame(changed, [2])
  t.match(only(failed), { event: { revision: 1 }, attempts: 3 })
})

t.test('receive gives a changed repeat its whole timeout, however long it waited before', async (t) => {
  const app = await build(t, { timeout: 100, attempts: 1 })
  app.greenApi.on('interactiveButtons', async () => { await sleep(80) })
  const first = post(app, menuSent())
  const second = post(app, menuSent({ ...menu, contentText: 'changed' }))
  t.equal((await first).statusCode, 200)
  t.equal((await second).statusCode, 200)
})

t.test('receive counts one failure when several repeats time out together', async (t) => {
  const app = await build(t, { timeout: 300, attempts: 3 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const failed = collect(app, 'failed')
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(app, menuSent())))
  const codes = answers.map(({ statusCode }) => statusCode)
  t.strictSame(codes, [503, 503, 503, 503, 503, 503], 'they share the result')
  const repeat = post(app, menuSent())
  await manyTurns()
  work.open()
  t.equal((await repeat).statusCode, 200)
  t.equal(work.calls, 1)
  t.strictSame(failed, [])
})

t.test('receive handles an error that the logger cannot write', async (t) => {
  const circular = new AggregateError([])
  circular.errors.push(circular)
  const hostile = new Error('hostile')
  Object.defineProperty(hostile, 'boom', { enumerable: true, get () { throw new Error('unreadable') } })
  for (const error of [circular, hostile]) {
    for (const listener of [() => { throw error }, async () => { throw error }]) {
      const lines: string[] = []
      const logger = { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } }
      const app = await build(t, { attempts: 2 }, { logger })
      app.greenApi.on('interactiveButtons', listener)
      app.greenApi.on('failed', listener)
      t.equal((await post(app, menuSent())).statusCode, 503)
      t.equal((await post(app, menuSent())).statusCode, 200)
      t.match(lines[0], 'unserializable error')
    }
  }
})

t.test('receive reports earlier errors together with the timeout', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 1 })
  app.greenApi.on('interactiveButtons', gate().listener)
  app.greenApi.on('interactiveButtons', async () => { throw new Error('boom') })
  const failed = collect(app, 'failed')
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.match(only(failed).error.errors, [{ message: 'boom' }, { code: 'FST_GREEN_API_LISTENER_TIMEOUT' }])
})

t.test('receive delivers revisions one after the other', async (t) => {
  const app = await build(t)
  const order: string[] = []
  const work = gate()
  app.greenApi.on('interactiveButtons', async ({ data, revision }) => {
    order.push(`start ${revision}`)
    if (data.body === menu.contentText) await work.listener()
    order.push(`end ${revision}`)
  })

  const first = post(app, menuSent())
  const second = post(app, menuSent({ ...menu, contentText: 'changed' }))
  const third = post(app, menuSent({ ...menu, contentText: 'changed again' }))
  await manyTurns()
  t.strictSame(order, ['start 1'])
  work.open()

  t.strictSame((await Promise.all([first, second, third])).map(({ statusCode }) => statusCode), [200, 200, 200])
  t.strictSame(order, ['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3'])
})

t.test('receive answers 503 when the previous revision runs longer than the timeout', async (t) => {
  const app = await build(t, { timeout: 300, attempts: 2 })
  const work = gate()
  app.greenApi.on('interactiveButtons', ({ data }) => data.body === menu.contentText ? work.listener() : undefined)
  const failed = collect(app, 'failed')
  const changed = menuSent({ ...menu, contentText: 'changed' })

  const first = post(app, menuSent())
  await manyTurns()
  const second = post(app, changed)
  t.equal((await first).statusCode, 503)
  t.equal((await second).statusCode, 503)
  work.open()
  await manyTurns()
  t.equal((await post(app, changed)).statusCode, 200)
  t.strictSame(failed, [])
})

t.test('once keeps a listener that failed and removes one that succeeded', async (t) => {
  const app = await build(t)
  let throwing = 0
  let rejecting = 0
  let succeeding = 0
  app.greenApi.once('interactiveButtons', () => { if (++throwing === 1) throw new Error('boom') })
  app.greenApi.once('webhook', async () => { if (++rejecting === 1) throw new Error('boom') })
  app.greenApi.once('webhook', async () => { succeeding++ })

  t.equal((await post(app, menuSent())).statusCode, 503)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal((await post(app, menuSent(menu, { idMessage: 'B' }))).statusCode, 200)

  t.strictSame([throwing, rejecting, succeeding], [2, 2, 1])
})

t.test('once calls no running listener again, and off removes it', async (t) => {
  const app = await build(t)
  const work = gate()
  app.greenApi.once('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  await manyTurns()
  t.equal((await post(app, menuSent(menu, { idMessage: 'B' }))).statusCode, 200)
  t.equal(work.calls, 1)
  app.greenApi.off('interactiveButtons', work.listener)
  work.fail(new Error('boom'))
  t.equal((await first).statusCode, 503)
  t.equal(app.greenApi.listenerCount('interactiveButtons'), 0)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('prependOnceListener keeps the position of a listener that failed', async (t) => {
  const app = await build(t)
  const calls: string[] = []
  app.greenApi.on('interactiveButtons', () => { calls.push('second') })
  app.greenApi.prependOnceListener('interactiveButtons', () => {
    calls.push('first')
    if (calls.length === 1) throw new Error('boom')
  })
  await post(app, menuSent())
  await post(app, menuSent())
  await post(app, menuSent(menu, { idMessage: 'B' }))
  t.strictSame(calls, ['first', 'second', 'first', 'second', 'second'])
})

t.test('receive does not remove a failing listener that has a member listener', async (t) => {
  const app = await build(t)
  app.greenApi.on('interactiveButtons', Object.assign(() => { throw new Error('boom') }, { listener: () => {} }))
  await post(app, menuSent())
  t.equal(app.greenApi.listenerCount('interactiveButtons'), 1)
})

t.test('receive delivers unrecognized with the same attempts as other events', async (t) => {
  const app = await build(t, { attempts: 2 })
  app.greenApi.on('unrecognized', async () => { throw new Error('boom') })
  const failed = collect(app, 'failed')
  t.equal((await post(app, '{')).statusCode, 503)
  t.equal((await post(app, '{')).statusCode, 200)
  t.match(only(failed).event, { name: 'unrecognized', raw: '{' })
})

t.test('receive waits for any thenable that a listener returns', async (t) => {
  const then = (_: unknown, reject: (error: Error) => void) => { reject(new Error('boom')) }
  for (const fails of [{ then }, Object.assign(() => {}, { then })]) {
    const app = await build(t)
    app.greenApi.on('interactiveButtons', () => fails as unknown as Promise<void>)
    t.equal((await post(app, menuSent())).statusCode, 503)
  }
})

t.test('close waits for the listeners of failed', async (t) => {
  const app = await build(t, { attempts: 1 })
  app.greenApi.on('interactiveButtons', () => { throw new Error('boom') })
  let telling = false
  let told = false
  app.greenApi.on('failed', async () => { telling = true; await sleep(100); told = true })
  const first = post(app, menuSent())
  await until(() => telling)
  await app.close()
  t.equal(told, true)
  t.equal((await first).statusCode, 200)
})

t.test('close waits no longer than the timeout', async (t) => {
  const app = await build(t, { timeout: 40 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  await until(() => work.calls === 1)
  await app.close()
  t.equal((await first).statusCode, 503)
})

t.test('close waits longer than pluginTimeout', async (t) => {
  for (const pluginTimeout of [50, 0]) {
    const app = await build(t, {}, { pluginTimeout })
    let begun = false
    let finished = false
    app.greenApi.on('interactiveButtons', async () => { begun = true; await sleep(200); finished = true })
    const first = post(app, menuSent())
    await until(() => begun)
    await app.close()
    t.equal(finished, true)
    t.equal((await first).statusCode, 200)
  }
})

t.test('close answers running requests before connections are closed by force', async (t) => {
  const app = await build(t, {}, { forceCloseConnections: true })
  let begun = false
  app.greenApi.on('interactiveButtons', async () => { begun = true; await sleep(100) })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = fetch(`${address}/green-api`, { method: 'POST', headers, body: JSON.stringify(menuSent()) })
  await until(() => begun)
  await app.close()
  t.equal((await answer).status, 200)
})

t.test('close answers 503 to a revision that waits for the previous one', async (t) => {
  const app = await build(t)
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  const second = post(app, menuSent({ ...menu, contentText: 'changed' }))
  await until(() => work.calls === 1)
  // Let the second one arrive.
  await manyTurns()
  const closing = app.close()
  await manyTurns()
  work.open()
  t.equal((await first).statusCode, 200)
  t.equal((await second).statusCode, 503)
  await closing
  t.equal(work.calls, 1)
})

t.test('close answers running requests, and 503 to new ones', async (t) => {
  for (const return503OnClosing of [true, false]) {
    const app = await build(t, {}, { return503OnClosing })
    const work = gate()
    app.greenApi.on('interactiveButtons', work.listener)
    let begun = 0
    app.server.on('request', () => { begun++ })
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const send = (body: unknown) => {
      return fetch(`${address}/green-api`, { method: 'POST', headers, body: JSON.stringify(body) })
    }

    const first = send(menuSent())
    // The request starts before closing begins, and is complete afterwards.
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const late = JSON.stringify(tap())
    const headerLines = ['Host: localhost', `Authorization: Bearer ${token}`, `Content-Length: ${late.length}`]
    socket.write(`POST /green-api HTTP/1.1\r\n${headerLines.join('\r\n')}\r\n\r\n`)
    await until(() => work.calls === 1 && begun === 2)
    let closed = false
    const closing = app.close().then(() => { closed = true })
    await sleep(10)

    t.equal((await send(tap())).status, 503, 'a new request')
    socket.write(late)
    const [answer] = await once(socket, 'data')
    t.match(String(answer), /^HTTP\/1.1 503 /, 'a request that was incomplete when closing began')
    socket.destroy()
    t.equal(closed, false)
    work.open()
    t.equal((await first).status, 200)
    await closing
    t.equal(work.calls, 1)
  }
})

t.test('registrations of a scope share seen notifications, each with its own options', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { token, path: '/patient', attempts: 3 })
  await app.register(greenApi, { token, path: '/hasty', attempts: 1 })
  const { listener } = failing(1)
  app.greenApi.on('interactiveButtons', listener)
  const failed = collect(app, 'failed')

  t.equal((await post(app, menuSent(), { url: '/patient' })).statusCode, 503)
  t.equal((await post(app, menuSent(), { url: '/hasty' })).statusCode, 200)
  t.equal((await post(app, menuSent(), { url: '/patient' })).statusCode, 200, 'a repeat from the other route')
  t.strictSame(failed, [])
})

t.test('receive counts one failure when a listener fails after its timeout', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 2 })
  const work = gate()
  let calls = 0
  app.greenApi.on('interactiveButtons', () => ++calls === 1 ? work.listener() : undefined)
  const failed = collect(app, 'failed')

  t.equal((await post(app, menuSent())).statusCode, 503)
  work.fail(new Error('late'))
  await nextTurn()

  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(calls, 2)
  t.strictSame(failed, [])
})

t.test('receive publishes no second outcome when a listener of a dead letter succeeds', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 1 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const outcomes = collectOutcomes(t)

  t.equal((await post(app, menuSent())).statusCode, 200)
  work.open()
  await nextTurn()

  t.strictSame(outcomes, ['dead-letter'])
})

t.test('receive publishes shutting-down and is not acknowledged after close', async (t) => {
  const emitter = new GreenApiEmitter()
  const delivery = new DirectDelivery(emitter)
  const outcomes = collectOutcomes(t)
  let calls = 0
  emitter.on('interactiveButtons', () => { calls++ })
  const body = JSON.stringify(menuSent())
  const { log } = Fastify()

  await delivery.close()
  const options = { timeout: 1000, attempts: 1 }
  const acknowledged = delivery.receive({ notification: recognize(body), body, options, log })

  t.equal(acknowledged, false)
  t.equal(calls, 0)
  t.strictSame(outcomes, ['shutting-down'])
})
