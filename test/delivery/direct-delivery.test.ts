import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import t from 'tap'
import { build, collect, only, post, token } from '../helpers/app.ts'
import { enveloped, journalMenuSent, journalRecord, menu, menuSent, status, tap } from '../helpers/fixtures/notifications.ts'
import { until } from '../helpers/until.ts'

/** Fails as often as it is told to, then succeeds. */
function failing (times: number) {
  let calls = 0
  return { get calls () { return calls }, listener: async () => { if (++calls <= times) throw new Error('boom') } }
}

/** A listener that is at work until it is told to stop. */
function gate () {
  let calls = 0
  let open: () => void = () => {}
  let fail: (error: Error) => void = () => {}
  const opened = new Promise<void>((resolve, reject) => { open = resolve; fail = reject })
  return { get calls () { return calls }, open: () => { open() }, fail: (error: Error) => { fail(error) }, listener: () => { calls++; return opened } }
}

t.test('the answer waits for every listener', async (t) => {
  const app = await build(t)
  const done: string[] = []
  app.greenApi.on('interactiveButtons', async () => { await sleep(30); done.push('slow') })
  app.greenApi.on('interactiveButtons', async () => { await sleep(1); done.push('quick') })
  app.greenApi.on('webhook', () => { done.push('synchronous') })

  const response = await post(app, menuSent())

  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
  t.strictSame(done, ['synchronous', 'quick', 'slow'], 'side by side, not one after the other')
})

t.test('nobody listening is no failure', async (t) => {
  const app = await build(t)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('a failing listener neither silences the others nor passes for success', async (t) => {
  for (const fail of [() => { throw new Error('boom') }, async () => { throw new Error('boom') }]) {
    const app = await build(t)
    let reached = false
    app.greenApi.on('webhook', fail)
    app.greenApi.on('interactiveButtons', async () => { reached = true })

    const response = await post(app, menuSent())

    t.equal(reached, true)
    t.equal(response.statusCode, 503, 'so that GREEN-API sends it again')
    t.equal(response.headers['retry-after'], '60')
    t.equal(response.body, '')
  }
})

t.test('a repeat after a failure reaches every listener again', async (t) => {
  const app = await build(t)
  const { listener } = failing(2)
  app.greenApi.on('interactiveButtons', listener)
  const events = collect(app, 'interactiveButtons')

  const codes = []
  for (let i = 0; i < 4; i++) codes.push((await post(app, menuSent())).statusCode)

  t.strictSame(codes, [503, 503, 200, 200])
  t.equal(events.length, 3, 'the last repeat came after the success')
  t.strictSame(events.map(({ revision }) => revision), [1, 1, 1])
  t.equal(new Set(events.map(({ id }) => id)).size, 1)
})

t.test('what fails too often is given up, told as failed, and blocks no longer', async (t) => {
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

t.test('five attempts are made unless told otherwise', async (t) => {
  const app = await build(t)
  const { listener } = failing(Infinity)
  app.greenApi.on('webhook', listener)
  const codes = []
  for (let i = 0; i < 6; i++) codes.push((await post(app, menuSent())).statusCode)
  t.strictSame(codes, [503, 503, 503, 503, 200, 200])
})

t.test('listeners of failed are waited for and change nothing', async (t) => {
  const app = await build(t, { attempts: 1, timeout: 40 })
  app.greenApi.on('webhook', failing(Infinity).listener)
  let finished = false
  app.greenApi.on('failed', async () => { await sleep(10); finished = true })
  app.greenApi.on('failed', async () => { throw new Error('of no consequence') })
  app.greenApi.on('failed', () => { throw new Error('of no consequence') })

  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(finished, true)

  const endless = gate()
  app.greenApi.on('failed', endless.listener)
  t.equal((await post(app, tap())).statusCode, 200, 'not longer than the timeout')
  t.equal(endless.calls, 1)
})

t.test('an exact repeat is dropped, in whatever envelope', async (t) => {
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

t.test('a changed repeat is the next revision, with attempts of its own', async (t) => {
  const app = await build(t, { attempts: 2 })
  let down = true
  app.greenApi.on('interactiveButtons', () => { if (down) throw new Error('boom') })
  const events = collect(app, 'interactiveButtons')
  const changed = menuSent({ ...menu, contentText: 'changed' })
  const again = menuSent({ ...menu, contentText: 'changed again' })

  t.equal((await post(app, menuSent())).statusCode, 503)
  t.equal((await post(app, changed)).statusCode, 503, 'the first of its own two')
  down = false
  t.equal((await post(app, changed)).statusCode, 200)
  t.equal((await post(app, again)).statusCode, 200)
  t.equal((await post(app, changed)).statusCode, 200, 'a repeat of what was delivered')
  t.equal((await post(app, again)).statusCode, 200, 'likewise')

  t.strictSame(events.map(({ revision, data }) => [revision, data.body]), [
    [1, menu.contentText], [2, 'changed'], [2, 'changed'], [3, 'changed again']
  ])
  t.equal(new Set(events.map(({ id }) => id)).size, 1)
})

t.test('a repeat of what is being handled waits for it and shares its outcome', async (t) => {
  for (const [end, code] of [['open', 200], ['fail', 503]] as const) {
    const app = await build(t)
    const work = gate()
    app.greenApi.on('interactiveButtons', work.listener)

    const first = post(app, menuSent())
    const repeat = post(app, enveloped(menuSent()))
    await sleep(20)
    t.equal(work.calls, 1, 'one attempt')
    work[end](new Error('boom'))

    t.equal((await first).statusCode, code)
    t.equal((await repeat).statusCode, code)
    t.equal(work.calls, 1)
  }
})

t.test('the deadline ends the waiting, not the work', async (t) => {
  const app = await build(t, { timeout: 30 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)

  t.equal((await post(app, menuSent())).statusCode, 503, 'out of time')
  const repeat = post(app, menuSent())
  await sleep(5)
  work.open()

  t.equal((await repeat).statusCode, 200, 'the outcome of the attempt that was still at work')
  t.equal(work.calls, 1)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(work.calls, 1, 'what succeeded late has succeeded')
})

t.test('what succeeds with nobody waiting is remembered', async (t) => {
  const app = await build(t, { timeout: 20 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  t.equal((await post(app, menuSent())).statusCode, 503)
  work.open()
  await sleep(5)
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(work.calls, 1)
})

t.test('what fails late is no unhandled rejection, and is tried again', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 3 })
  const work = gate()
  let calls = 0
  app.greenApi.on('interactiveButtons', () => ++calls === 1 ? work.listener() : undefined)

  t.equal((await post(app, menuSent())).statusCode, 503)
  const repeat = post(app, menuSent())
  await sleep(5)
  work.fail(new Error('late'))
  t.equal((await repeat).statusCode, 503, 'a repeat shares the failure too')
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(calls, 2)
})

t.test('a listener that never ends cannot block the queue for ever', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 3 })
  const endless = gate()
  app.greenApi.on('interactiveButtons', endless.listener)
  const failed = collect(app, 'failed')

  const codes = []
  for (let i = 0; i < 4; i++) codes.push((await post(app, menuSent())).statusCode)

  t.strictSame(codes, [503, 503, 200, 200])
  t.equal(endless.calls, 1, 'repeats started no other beside it')
  t.match(only(failed).error.errors, [{ code: 'FST_GREEN_API_LISTENER_TIMEOUT' }])

  t.equal((await post(app, menuSent({ ...menu, contentText: 'changed' }))).statusCode, 503, 'a successor waits for its own listeners only')
  t.equal(endless.calls, 2)

  endless.fail(new Error('after all'))
  await sleep(5)
  t.equal(only(failed).attempts, 3, 'told once')
})

t.test('repeats of what is settled are dropped while a later body is at work', async (t) => {
  const app = await build(t, { timeout: 50, attempts: 2 })
  const endless = gate()
  app.greenApi.on('interactiveButtons', ({ data }) => data.body === 'hangs' ? endless.listener() : undefined)
  const failed = collect(app, 'failed')
  const settled = menuSent()
  const hanging = menuSent({ ...menu, contentText: 'hangs' })

  const codes = []
  for (const body of [settled, hanging, settled, settled, hanging, settled]) codes.push((await post(app, body)).statusCode)

  t.strictSame(codes, [200, 503, 200, 200, 200, 200])
  t.match(only(failed), { event: { revision: 2, data: { body: 'hangs' } }, attempts: 2 })
})

t.test('a changed repeat behind listeners that never end keeps its attempts and gets its turn', async (t) => {
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

  t.strictSame(codes, [503, 503, 200, 200], 'the time it waits is counted against what it waits for')
  t.strictSame(changed, [2])
  t.match(only(failed), { event: { revision: 1 }, attempts: 3 })
})

t.test('a changed repeat has the whole time for itself, whatever it waited before', async (t) => {
  const app = await build(t, { timeout: 100, attempts: 1 })
  app.greenApi.on('interactiveButtons', async () => { await sleep(80) })
  const first = post(app, menuSent())
  const second = post(app, menuSent({ ...menu, contentText: 'changed' }))
  t.equal((await first).statusCode, 200)
  t.equal((await second).statusCode, 200)
})

t.test('many who wait at once are one failure', async (t) => {
  const app = await build(t, { timeout: 40, attempts: 3 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const failed = collect(app, 'failed')
  const codes = (await Promise.all(Array.from({ length: 6 }, () => post(app, menuSent())))).map(({ statusCode }) => statusCode)
  t.strictSame(codes, [503, 503, 503, 503, 503, 503], 'they share the outcome')
  const repeat = post(app, menuSent())
  await sleep(5)
  work.open()
  t.equal((await repeat).statusCode, 200)
  t.equal(work.calls, 1)
  t.strictSame(failed, [])
})

t.test('an error that cannot be logged fails no delivery', async (t) => {
  const circular = new AggregateError([])
  circular.errors.push(circular)
  const hostile = Object.defineProperty(new Error('hostile'), 'boom', { enumerable: true, get () { throw new Error('on being read') } })
  for (const error of [circular, hostile]) {
    for (const listener of [() => { throw error }, async () => { throw error }]) {
      const lines: string[] = []
      const app = await build(t, { attempts: 2 }, { logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } })
      app.greenApi.on('interactiveButtons', listener)
      app.greenApi.on('failed', listener)
      t.equal((await post(app, menuSent())).statusCode, 503)
      t.equal((await post(app, menuSent())).statusCode, 200)
      t.match(lines[0], 'unserializable error')
    }
  }
})

t.test('what failed before the time was over is told with the timeout', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 1 })
  app.greenApi.on('interactiveButtons', gate().listener)
  app.greenApi.on('interactiveButtons', async () => { throw new Error('boom') })
  const failed = collect(app, 'failed')
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.match(only(failed).error.errors, [{ message: 'boom' }, { code: 'FST_GREEN_API_LISTENER_TIMEOUT' }])
})

t.test('a changed repeat waits until the attempt before it is over', async (t) => {
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
  await sleep(20)
  t.strictSame(order, ['start 1'])
  work.open()

  t.strictSame((await Promise.all([first, second, third])).map(({ statusCode }) => statusCode), [200, 200, 200])
  t.strictSame(order, ['start 1', 'end 1', 'start 2', 'end 2', 'start 3', 'end 3'])
})

t.test('a changed repeat does not wait longer than its time', async (t) => {
  const app = await build(t, { timeout: 30, attempts: 2 })
  const work = gate()
  app.greenApi.on('interactiveButtons', ({ data }) => data.body === menu.contentText ? work.listener() : undefined)
  const failed = collect(app, 'failed')
  const changed = menuSent({ ...menu, contentText: 'changed' })

  const first = post(app, menuSent())
  await sleep(10)
  const second = post(app, changed)
  t.equal((await first).statusCode, 503)
  t.equal((await second).statusCode, 503)
  work.open()
  await sleep(5)
  t.equal((await post(app, changed)).statusCode, 200)
  t.strictSame(failed, [])
})

t.test('a once listener that failed is put back, one that succeeded is not', async (t) => {
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

t.test('a once listener at work takes no other event, and can be taken away', async (t) => {
  const app = await build(t)
  const work = gate()
  app.greenApi.once('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  await sleep(5)
  t.equal((await post(app, menuSent(menu, { idMessage: 'B' }))).statusCode, 200)
  t.equal(work.calls, 1)
  app.greenApi.off('interactiveButtons', work.listener)
  work.fail(new Error('boom'))
  t.equal((await first).statusCode, 503)
  t.equal(app.greenApi.listenerCount('interactiveButtons'), 0)
  t.equal((await post(app, menuSent())).statusCode, 200)
})

t.test('a once listener that failed keeps its place', async (t) => {
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

t.test('a listener with a listener of its own is registered as often as before when it fails', async (t) => {
  const app = await build(t)
  app.greenApi.on('interactiveButtons', Object.assign(() => { throw new Error('boom') }, { listener: () => {} }))
  await post(app, menuSent())
  t.equal(app.greenApi.listenerCount('interactiveButtons'), 1)
})

t.test('unrecognized is delivered like any event: awaited, repeated, given up', async (t) => {
  const app = await build(t, { attempts: 2 })
  app.greenApi.on('unrecognized', async () => { throw new Error('boom') })
  const failed = collect(app, 'failed')
  t.equal((await post(app, '{')).statusCode, 503)
  t.equal((await post(app, '{')).statusCode, 200)
  t.match(only(failed).event, { name: 'unrecognized', raw: '{' })
})

t.test('a listener may return a thenable of any make', async (t) => {
  const then = (_: unknown, reject: (error: Error) => void) => { reject(new Error('boom')) }
  for (const fails of [{ then }, Object.assign(() => {}, { then })]) {
    const app = await build(t)
    app.greenApi.on('interactiveButtons', () => fails as unknown as Promise<void>)
    t.equal((await post(app, menuSent())).statusCode, 503)
  }
})

t.test('closing waits for the listeners of failed', async (t) => {
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

t.test('closing waits no longer than the deadline', async (t) => {
  const app = await build(t, { timeout: 40 })
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  await until(() => work.calls === 1)
  await app.close()
  t.equal((await first).statusCode, 503)
})

t.test('closing waits longer than plugins may take to load', async (t) => {
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

t.test('closing keeps connections open that are to be closed by force until they are answered', async (t) => {
  const app = await build(t, {}, { forceCloseConnections: true })
  let begun = false
  app.greenApi.on('interactiveButtons', async () => { begun = true; await sleep(100) })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = fetch(`${address}/green-api`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(menuSent()) })
  await until(() => begun)
  await app.close()
  t.equal((await answer).status, 200)
})

t.test('what waits for its predecessor while closing is turned away', async (t) => {
  const app = await build(t)
  const work = gate()
  app.greenApi.on('interactiveButtons', work.listener)
  const first = post(app, menuSent())
  const second = post(app, menuSent({ ...menu, contentText: 'changed' }))
  await until(() => work.calls === 1)
  // The second one is close behind.
  await sleep(50)
  const closing = app.close()
  await sleep(5)
  work.open()
  t.equal((await first).statusCode, 200)
  t.equal((await second).statusCode, 503)
  await closing
  t.equal(work.calls, 1)
})

t.test('closing answers what it began, and 503 to what arrives meanwhile', async (t) => {
  for (const return503OnClosing of [true, false]) {
    const app = await build(t, {}, { return503OnClosing })
    const work = gate()
    app.greenApi.on('interactiveButtons', work.listener)
    let begun = 0
    app.server.on('request', () => { begun++ })
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const send = (body: unknown) => fetch(`${address}/green-api`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(body) })

    const first = send(menuSent())
    // Begun before closing begins, complete only afterwards.
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const late = JSON.stringify(tap())
    socket.write(`POST /green-api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${late.length}\r\n\r\n`)
    await until(() => work.calls === 1 && begun === 2)
    let closed = false
    const closing = app.close().then(() => { closed = true })
    await sleep(10)

    t.equal((await send(tap())).status, 503, 'a newcomer')
    socket.write(late)
    const [answer] = await once(socket, 'data')
    t.match(String(answer), /^HTTP\/1.1 503 /, 'a latecomer')
    socket.destroy()
    t.equal(closed, false)
    work.open()
    t.equal((await first).status, 200)
    await closing
    t.equal(work.calls, 1)
  }
})

t.test('registrations of one scope share identities; each keeps its own terms', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(greenApi, { token, path: '/patient', attempts: 3 })
  await app.register(greenApi, { token, path: '/hasty', attempts: 1 })
  const { listener } = failing(1)
  app.greenApi.on('interactiveButtons', listener)
  const failed = collect(app, 'failed')

  t.equal((await post(app, menuSent(), { url: '/patient' })).statusCode, 503)
  t.equal((await post(app, menuSent(), { url: '/hasty' })).statusCode, 200)
  t.equal((await post(app, menuSent(), { url: '/patient' })).statusCode, 200, 'a repeat of what came the other way')
  t.strictSame(failed, [])
})
