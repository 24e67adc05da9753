import { once } from 'node:events'
import http2 from 'node:http2'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi from 'fastify-green-api'
import t, { type Test } from 'tap'
import { PendingBodies } from '../../lib/http/pending-bodies.ts'
import { build, collect, token } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'
import { answered, head, listen, open } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const text = JSON.stringify(menuSent())
const length = Buffer.byteLength(text)
const half = text.slice(0, 200)

/** Requests that do not arrive completely. */
const incomplete: Array<[title: string, request: string]> = [
  ['without a body', head({ 'content-length': length })],
  ['with half of its body', head({ 'content-length': length }) + half],
  ['without a chunk', head({ 'transfer-encoding': 'chunked' })],
  ['without the last chunk', head({ 'transfer-encoding': 'chunked' }) + `c8\r\n${half}\r\n`]
]

/** Fails the test when anything reaches a listener. */
function expectNothing (t: Test, app: Pick<FastifyInstance, 'greenApi'>): void {
  for (const name of ['webhook', 'unrecognized', 'failed'] as const) {
    app.greenApi.on(name, () => { t.fail('a listener was called') })
  }
}

/** Everything that a socket receives until it is closed. */
async function receive (socket: Socket): Promise<string> {
  let received = ''
  socket.on('data', (data) => { received += String(data) })
  // Not `once` of node:events, which rejects when a write fails because the server has closed the connection.
  if (!socket.closed) await new Promise((resolve) => { socket.once('close', resolve) })
  return received
}

async function drip (socket: Socket, bytes: string): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return
    socket.write(byte)
    await sleep(10)
  }
}

/** Settles with whether a promise settles within two seconds. */
function isSoon (promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(2000, false, { ref: false })])
}

t.test('the route answers 408 and closes the connection when a body stalls', async (t) => {
  for (const [title, request] of incomplete) {
    await t.test(title, async (t) => {
      const lines: string[] = []
      const stream = { write: (line: string) => { lines.push(line) } }
      const app = await build(t, { bodyTimeout: 100 }, { logger: { stream } })
      expectNothing(t, app)
      const socket = await open(t, await listen(app))
      const started = performance.now()

      socket.write(request)
      const response = await receive(socket)

      t.match(response, /^HTTP\/1.1 408 .*connection: close\r\n/is)
      t.match(response, '"code":"FST_GREEN_API_INCOMPLETE_BODY"')
      const passed = performance.now() - started
      t.ok(passed >= 99 && passed < 1000, `after ${passed} ms`)
      t.strictSame(lines.filter((line) => JSON.parse(line).level > 30), [], 'no line above info')
    })
  }
})

t.test('the route answers 408 when a body drips', async (t) => {
  const app = await build(t, { bodyTimeout: 100 })
  expectNothing(t, app)
  const socket = await open(t, await listen(app))

  socket.write(head({ 'content-length': length }))
  const [response] = await Promise.all([receive(socket), drip(socket, text)])

  t.match(response, /^HTTP\/1.1 408 /)
})

t.test('the route answers 408 when the stream of a hook stalls', async (t) => {
  const app = await build(t, { bodyTimeout: 100 })
  app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new PassThrough()))
  expectNothing(t, app)
  const socket = await open(t, await listen(app))

  socket.write(head({ 'content-length': length }) + half)

  t.match(await receive(socket), /^HTTP\/1.1 408 /)
})

t.test('the route ends each stalled body after its own time', async (t) => {
  const app = await build(t, { bodyTimeout: 200 })
  const port = await listen(app)
  const durations: number[] = []

  await Promise.all([0, 60, 120].map(async (delay) => {
    await sleep(delay)
    const socket = await open(t, port)
    const started = performance.now()
    socket.write(head({ 'content-length': length }) + half)
    await receive(socket)
    durations.push(performance.now() - started)
  }))

  t.ok(durations.every((duration) => duration >= 190 && duration < 1000), durations.join())
})

t.test('the route delivers a slow body that is complete in time, and keeps its connection', async (t) => {
  const app = await build(t, { bodyTimeout: 300 })
  const events = collect(app, 'interactiveButtons')
  const socket = await open(t, await listen(app))

  socket.write(head({ 'content-length': length }) + half)
  await sleep(100)
  socket.write(text.slice(half.length))
  t.equal(await answered(socket), 200)
  await sleep(400)
  const second = JSON.stringify(menuSent(menu, { idMessage: 'SECOND' }))
  socket.write(head({ 'content-length': Buffer.byteLength(second) }) + second)
  t.equal(await answered(socket), 200)

  t.equal(events.length, 2)
})

t.test('the route answers 408 over HTTP/2 and closes the stream when a body stalls', async (t) => {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, bodyTimeout: 100 })
  expectNothing(t, app)
  const warnings: Error[] = []
  const warn = (warning: Error) => { warnings.push(warning) }
  process.on('warning', warn)
  t.teardown(() => { process.off('warning', warn) })
  const client = http2.connect(await app.listen({ host: '127.0.0.1', port: 0 }))
  t.teardown(() => { client.destroy() })

  for (const sent of ['', half]) {
    const stream = client.request({ ':method': 'POST', ':path': '/green-api', authorization: token })
    stream.on('error', () => {})
    if (sent !== '') stream.write(sent)
    const [headers] = await once(stream, 'response')
    t.equal(headers[':status'], 408)
    stream.resume()
    if (!stream.closed) await once(stream, 'close')
  }
  t.strictSame(warnings, [])
})

t.test('app.close() does not wait for bodies that are not complete', async (t) => {
  for (const [title, request] of incomplete) {
    await t.test(title, async (t) => {
      const app = await build(t)
      expectNothing(t, app)
      let begun = 0
      app.addHook('onRequest', async () => { begun++ })
      const socket = await open(t, await listen(app))
      socket.write(request)
      await until(() => begun === 1)
      await sleep(20)

      const response = receive(socket)

      t.ok(await isSoon(app.close()))
      t.match(await response, /^HTTP\/1.1 503 .*retry-after: 60\r\n/is)
    })
  }
})

t.test('app.close() does not wait for an HTTP/2 body that is not complete', async (t) => {
  const app = Fastify({ http2: true })
  await app.register(greenApi, { token })
  expectNothing(t, app)
  const client = http2.connect(await app.listen({ host: '127.0.0.1', port: 0 }))
  t.teardown(() => { client.destroy() })
  const stream = client.request({ ':method': 'POST', ':path': '/green-api', authorization: token })
  stream.on('error', () => {})
  stream.write(half)
  await sleep(50)
  const answer = once(stream, 'response')

  const closing = app.close()

  const [headers] = await answer
  t.equal(headers[':status'], 503)
  stream.resume()
  // Before version 24, Node waits until the client ends the session, which has to wait for its streams.
  client.close()
  t.ok(await isSoon(closing))
})

t.test('app.close() does not wait for a body that a hook delays until then', async (t) => {
  const app = Fastify()
  let release = () => {}
  app.addHook('preParsing', (request, reply, payload, done) => { release = () => { done(null, payload) } })
  await app.register(greenApi, { token })
  expectNothing(t, app)
  const socket = await open(t, await listen(app))
  socket.write(head({ 'content-length': length }) + half)
  await sleep(50)
  const response = receive(socket)

  const closing = app.close()
  await sleep(20)
  release()

  t.match(await response, /^HTTP\/1.1 503 /)
  t.ok(await isSoon(closing))
})

t.test('app.close() does not wait for the rest of a request that was answered 401', async (t) => {
  for (const size of [length, 1_000_000]) {
    const app = await build(t)
    const socket = await open(t, await listen(app))
    socket.write(head({ 'content-length': size, authorization: 'Bearer wrong' }) + half)
    const response = receive(socket)
    t.equal(await answered(socket), 401)

    t.ok(await isSoon(app.close()), `${size} bytes`)

    await response
  }
})

t.test('the route closes the connection of a request that it answers before a large body', async (t) => {
  const MiB = 1024 * 1024
  for (const [title, headers, prepare] of [
    ['401', { 'content-length': 500 * MiB, authorization: 'Bearer wrong' }, () => {}],
    ['401, chunked', { 'transfer-encoding': 'chunked', authorization: 'Bearer wrong' }, () => {}],
    ['the answer of a hook', { 'content-length': 500 * MiB }, (app: FastifyInstance) => {
      app.addHook('onRequest', async (request, reply) => reply.code(403).send())
    }]
  ] as const) {
    await t.test(title, async (t) => {
      const app = Fastify()
      t.teardown(() => app.close())
      prepare(app)
      await app.register(greenApi, { token })
      const socket = await open(t, await listen(app))
      const closed = new Promise((resolve) => { socket.once('close', resolve) })
      let received = ''
      socket.on('data', (data) => { received += String(data) })

      socket.write(head(headers))
      const chunk = Buffer.alloc(MiB)
      const piece = 'transfer-encoding' in headers
        ? Buffer.concat([Buffer.from('100000\r\n'), chunk, Buffer.from('\r\n')])
        : chunk
      while (!socket.destroyed && socket.bytesWritten < 200 * MiB) {
        await Promise.race([new Promise((resolve) => { socket.write(piece, resolve) }), closed])
      }

      t.match(received, /^HTTP\/1.1 40[13] .*connection: close\r\n/is)
      t.ok(socket.bytesWritten < 20 * MiB, `${socket.bytesWritten} bytes were sent`)
    })
  }
})

t.test('the route keeps the connection of a small request that it answers 401', async (t) => {
  const app = await build(t, { bodyTimeout: 200 })
  const socket = await open(t, await listen(app))

  for (const apart of [false, true, false]) {
    socket.write(head({ 'content-length': length, authorization: 'Bearer wrong' }) + (apart ? '' : text))
    t.equal(await answered(socket), 401)
    if (apart) socket.write(text)
  }
  await sleep(400)

  socket.write(head({ 'content-length': length }) + text)
  t.equal(await answered(socket), 200)
})

t.test('the route closes the connection of a small request that it answers 401 when the body stalls', async (t) => {
  const app = await build(t, { bodyTimeout: 100 })
  const socket = await open(t, await listen(app))

  socket.write(head({ 'content-length': length, authorization: 'Bearer wrong' }) + half)
  const response = await receive(socket)

  t.match(response, /^HTTP\/1.1 401 /)
  t.notMatch(response, '408')
})

/** Adds a body and records the errors with which it is abandoned. */
function addTo (pending: PendingBodies) {
  const errors: Error[] = []
  const abandon = (error: Error) => { errors.push(error) }
  pending.add(abandon)
  return { errors, abandon }
}

t.test('PendingBodies abandons a body once, with status 408, when its time is over', async (t) => {
  const pending = new PendingBodies(50)
  const { errors } = addTo(pending)

  await sleep(130)
  pending.close()

  t.match(errors, [{ statusCode: 408, message: 'The body was not complete after 50 ms' }])
  t.equal(errors.length, 1)
})

t.test('PendingBodies never abandons a body that was deleted', async (t) => {
  const pending = new PendingBodies(50)
  const { errors, abandon } = addTo(pending)

  pending.delete(abandon)
  await sleep(130)
  pending.close()

  t.strictSame(errors, [])
})

t.test('PendingBodies abandons its bodies, and each later one at once, with status 503 when it closes', async (t) => {
  const pending = new PendingBodies(50)
  const before = addTo(pending)

  pending.close()
  const after = addTo(pending)
  await sleep(130)

  const closed = { statusCode: 503, message: 'The server closed before the body was complete' }
  t.match(before.errors, [closed])
  t.equal(before.errors.length, 1)
  t.match(after.errors, [closed])
  t.equal(after.errors.length, 1)
})

t.test('PendingBodies abandons a body that is added after another one was abandoned', async (t) => {
  const pending = new PendingBodies(50)
  addTo(pending)
  await sleep(130)
  const { errors } = addTo(pending)

  await sleep(130)

  t.equal(errors.length, 1)
})
