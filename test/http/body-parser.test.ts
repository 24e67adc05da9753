import { once } from 'node:events'
import { IncomingMessage } from 'node:http'
import http2 from 'node:http2'
import { PassThrough, Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import Fastify, { type FastifyReply } from 'fastify'
import greenApi from 'fastify-green-api'
import t from 'tap'
import { createBodyParser } from '../../lib/http/body-parser.ts'
import { PendingBodies } from '../../lib/http/pending-bodies.ts'
import { build, collect, only, post, token } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'
import { answered, head, listen, open } from '../helpers/sockets.ts'

const MiB = 1024 * 1024

/** A menu whose body has this many bytes. */
function menuOf (bytes: number): string {
  const text = JSON.stringify(menuSent())
  const padding = 'x'.repeat(bytes - Buffer.byteLength(text) - 13)
  return text.slice(0, -1) + `,"padding":"${padding}"}`
}

t.test('the route reads the body as UTF-8 whatever the content type', async (t) => {
  const types = [
    'application/json', 'application/json; charset=utf-8', 'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'text/plain', 'text/html', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'application/octet-stream',
    'garbage', 'a/b/c', '/', ';', 'application/', 'application/json;;;', '*/*', '"', 'Application/JSON', ''
  ]
  for (const type of types) {
    const app = await build(t)
    const events = collect(app, 'interactiveButtons')
    const response = await post(app, menuSent(), { headers: { 'content-type': type } })
    t.equal(response.statusCode, 200, type)
    t.equal(only(events).data.body, menu.contentText, 'as UTF-8')
  }

  const app = await build(t)
  const events = collect(app, 'interactiveButtons')
  const socket = await open(t, await listen(app))
  const text = JSON.stringify(menuSent())
  socket.write(head({ 'content-length': Buffer.byteLength(text) }) + text)
  t.equal(await answered(socket), 200)
  t.equal(events.length, 1)
})

t.test('the route does not decode a content encoding', async (t) => {
  const app = await build(t)
  const unrecognized = collect(app, 'unrecognized')
  const response = await post(app, gzipSync(JSON.stringify(menuSent())), { headers: { 'content-encoding': 'gzip' } })
  t.equal(response.statusCode, 200)
  t.equal(only(unrecognized).reason, 'not-json')
})

t.test('the route treats a request without a body as one with an empty body', async (t) => {
  for (const headers of [
    '', 'content-length: 0\r\n', 'content-type: application/json\r\n', 'transfer-encoding: chunked\r\n'
  ]) {
    const app = await build(t)
    const unrecognized = collect(app, 'unrecognized')
    const socket = await open(t, await listen(app))
    const end = headers.startsWith('transfer') ? '0\r\n\r\n' : ''
    socket.write(head({}).slice(0, -2) + headers + '\r\n' + end)
    t.equal(await answered(socket), 200, headers)
    t.match(only(unrecognized), { reason: 'not-json', raw: '' }, headers)
  }
})

t.test('the route answers 404 when the method is not POST', async (t) => {
  const app = await build(t)
  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    t.equal((await post(app, menuSent(), { method })).statusCode, 404, method)
  }
})

t.test('the route reads a character that is split between two packets', async (t) => {
  const app = await build(t)
  const events = collect(app, 'interactiveButtons')
  const socket = await open(t, await listen(app))
  const bytes = Buffer.from(JSON.stringify(menuSent()))
  const cut = bytes.indexOf(Buffer.from('📦')) + 2
  socket.write(head({ 'content-length': bytes.length }))
  socket.write(bytes.subarray(0, cut))
  await sleep(20)
  socket.write(bytes.subarray(cut))
  t.equal(await answered(socket), 200)
  t.equal(only(events).data.body, menu.contentText)
})

t.test('the route emits unrecognized when a body is one byte larger than the limit', async (t) => {
  const app = await build(t)
  const menus = collect(app, 'interactiveButtons')
  const unrecognized = collect(app, 'unrecognized')
  const port = await listen(app)

  for (const size of [4 * MiB, 4 * MiB + 1]) {
    const text = menuOf(size)
    t.equal(Buffer.byteLength(text), size)
    const socket = await open(t, port)
    socket.write(head({ 'content-type': 'application/json', 'content-length': size }) + text)
    t.equal(await answered(socket), 200, `${size} bytes`)
  }

  t.equal(menus.length, 1)
  const event = only(unrecognized)
  t.match(event, { reason: 'too-large', errors: [], idInstance: '', timestamp: 0 })
  t.equal(event.raw, undefined)
  t.match(event.id, /^[\w-]{43}$/)
})

t.test('the route answers an oversized body when the sender writes all of it first', async (t) => {
  for (const announced of [true, false]) {
    const app = await build(t, { bodyLimit: 1000 })
    const unrecognized = collect(app, 'unrecognized')
    const socket = await open(t, await listen(app))
    const answer = answered(socket)
    const size = 8 * MiB
    const payload = Buffer.alloc(size, 'x')

    if (announced) {
      socket.write(head({ 'content-length': size }))
      await new Promise((resolve) => { socket.write(payload, resolve) })
    } else {
      socket.write(head({ 'transfer-encoding': 'chunked' }) + size.toString(16) + '\r\n')
      await new Promise((resolve) => { socket.write(payload, resolve) })
      socket.write('\r\n0\r\n\r\n')
    }

    t.equal(await answer, 200)
    t.equal(only(unrecognized).reason, 'too-large')

    const text = JSON.stringify(menuSent()).slice(0, 900)
    socket.write(head({ 'content-length': Buffer.byteLength(text) }) + text)
    t.equal(await answered(socket), 200, 'the connection stays usable')
  }
})

t.test('the route distinguishes oversized bodies by their content', async (t) => {
  const app = await build(t, { bodyLimit: 10 })
  const unrecognized = collect(app, 'unrecognized')
  for (const text of ['x'.repeat(100), 'y'.repeat(100), 'x'.repeat(100)]) await post(app, text)
  t.equal(unrecognized.length, 2, 'the third is a duplicate')
  const enveloped = (receiptId: number, text: string) => `{"receiptId":${receiptId},"body":{"padding":"${text}"}}`
  for (const [receiptId, letter] of [[7, 'x'], [88888, 'y'], [123456, 'x']] as const) {
    await post(
      app, enveloped(receiptId, letter.repeat(2000))
    )
  }
  t.equal(unrecognized.length, 4, 'under another receipt id too')
})

t.test('the route closes the connection when a body is larger than 64 MiB', async (t) => {
  const app = await build(t)
  const unrecognized = collect(app, 'unrecognized')
  const socket = await open(t, await listen(app))
  const closed = new Promise((resolve) => { socket.once('close', resolve) })
  socket.write(head({ 'content-length': 1024 * MiB }))
  const chunk = Buffer.alloc(MiB)
  let written = 0
  while (!socket.destroyed && written < 200) {
    await Promise.race([new Promise((resolve) => { socket.write(chunk, resolve) }), closed])
    written++
  }
  await closed
  t.ok(written >= 64, `${written} MiB were read`)
  t.ok(written < 100, `${written} MiB were read`)
  t.equal(only(unrecognized).reason, 'too-large')
})

t.test('the route closes the connection when a body is larger than 64 MiB and a hook answers', async (t) => {
  const hooks: Array<(reply: FastifyReply) => unknown> = [
    (reply) => reply.code(403).send('no'),
    () => { throw Object.assign(new Error('no'), { statusCode: 403 }) }
  ]
  for (const hook of hooks) {
    const app = Fastify()
    t.teardown(() => app.close())
    app.addHook('preHandler', async (request, reply) => hook(reply))
    await app.register(greenApi, { token })
    const socket = await open(t, await listen(app))
    const closed = once(socket, 'close')
    socket.write(head({ 'content-length': 1024 * MiB }))
    const chunk = Buffer.alloc(MiB)
    while (!socket.destroyed) await Promise.race([new Promise((resolve) => { socket.write(chunk, resolve) }), closed])
    t.ok(socket.bytesWritten < 100 * MiB, `${socket.bytesWritten} bytes were read`)
  }
})

t.test('the route keeps the headers that a hook sets when the content type is invalid', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.addHook('onRequest', async (request) => { request.headers = { authorization: 'one' } })
  await app.register(greenApi, { token: { 1101000001: 'one' } })
  const body = { ...menuSent(), instanceData: { idInstance: 1101000001 } }
  for (const type of ['application/json', 'garbage']) {
    t.equal((await post(app, body, { headers: { authorization: '', 'content-type': type } })).statusCode, 200, type)
  }
})

t.test('the route closes an HTTP/2 stream when a body is larger than 64 MiB', async (t) => {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(greenApi, { token })
  const unrecognized = collect(app, 'unrecognized')
  const warnings: Error[] = []
  const warn = (warning: Error) => { warnings.push(warning) }
  process.on('warning', warn)
  t.teardown(() => { process.off('warning', warn) })
  const client = http2.connect(await app.listen({ host: '127.0.0.1', port: 0 }))
  t.teardown(() => { client.destroy() })
  for (const size of [MiB, 300_001]) {
    const stream = client.request({ ':method': 'POST', ':path': '/green-api', authorization: token })
    stream.on('error', () => {})
    let answer: unknown
    stream.once('response', (headers) => { answer = headers[':status'] })
    stream.resume()
    const chunk = Buffer.alloc(size)
    for (let written = 0; !stream.closed && written < 200 * MiB; written += size) {
      await Promise.race([new Promise((resolve) => { stream.write(chunk, resolve) }), sleep(200)])
    }
    t.equal(stream.closed, true)
    t.equal(answer, 200)
  }
  t.equal(only(unrecognized).reason, 'too-large', 'the second is a duplicate, although its chunks differ')
  t.strictSame(warnings, [])
})

t.test('the route reads more than 64 MiB when the limit is higher', async (t) => {
  const app = await build(t, { bodyLimit: 70 * MiB })
  const events = collect(app, 'interactiveButtons')
  t.equal((await post(app, menuOf(66 * MiB))).statusCode, 200)
  t.equal(events.length, 1)
})

t.test('the route emits nothing and logs nothing above info when the connection is lost', async (t) => {
  for (const [limit, piped] of [[4 * MiB, false], [100, false], [4 * MiB, true]] as const) {
    const levels: unknown[] = []
    const app = await build(t, { bodyLimit: limit }, {
      logger: { stream: { write: (line: string) => { levels.push(JSON.parse(line).level) } } }
    })
    if (piped) app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new PassThrough()))
    app.greenApi.on('webhook', () => { t.fail('it was incomplete') })
    app.greenApi.on('unrecognized', () => { t.fail('it was incomplete') })
    const text = JSON.stringify(menuSent())
    const port = await listen(app)
    for (const headers of [{ 'content-length': text.length + 100 }, { 'transfer-encoding': 'chunked' }]) {
      const socket = await open(t, port)
      const body = 'transfer-encoding' in headers ? `${Buffer.byteLength(text).toString(16)}\r\n${text}` : text
      socket.write(head(headers) + body)
      await sleep(20)
      socket.destroy()
    }
    await sleep(20)
    t.ok(levels.length > 0)
    t.strictSame(levels.filter((level) => level !== 30), [], 'no line above info')
    t.equal((await app.inject('/none')).statusCode, 404)
  }
})

t.test('the route works over HTTP/2 and emits nothing when a stream is lost', async (t) => {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, bodyLimit: 2000 })
  const menus = collect(app, 'interactiveButtons')
  const unrecognized = collect(app, 'unrecognized')
  const client = http2.connect(await app.listen({ host: '127.0.0.1', port: 0 }))
  client.on('error', () => {})
  t.teardown(() => { client.destroy() })

  const request = (authorization = `Bearer ${token}`) => client.request(
    { ':method': 'POST', ':path': '/green-api', authorization, 'content-type': 'application/json' }
  )
  const status = async (stream: http2.ClientHttp2Stream) => {
    const [headers] = await once(stream, 'response')
    stream.resume()
    return headers[':status']
  }

  const whole = request()
  whole.end(JSON.stringify(menuSent()))
  t.equal(await status(whole), 200)
  t.equal(menus.length, 1)

  for (const [index, type] of ['application/json', 'text/plain', 'garbage', undefined].entries()) {
    const stream = client.request({
      ':method': 'POST', ':path': '/green-api', authorization: token, ...type !== undefined && { 'content-type': type }
    })
    stream.end(JSON.stringify(menuSent(menu, { idMessage: `T${index}` })))
    t.equal(await status(stream), 200)
    t.equal(menus.length, 2 + index, `with content type ${type}, and no length`)
  }
  menus.length = 1

  const refused = request('Bearer wrong')
  refused.end('{}')
  t.equal(await status(refused), 401)

  const large = request()
  large.end('x'.repeat(10_000))
  t.equal(await status(large), 200)
  t.equal(only(unrecognized).reason, 'too-large')

  const cut = request()
  cut.on('error', () => {})
  cut.write(JSON.stringify(menuSent(menu, { idMessage: 'CUT' })))
  await sleep(30)
  client.destroy()
  await sleep(30)
  t.equal(menus.length, 1)
  t.equal(unrecognized.length, 1)
})

t.test('the route reads the stream that a hook of the host returns', async (t) => {
  const app = await build(t)
  app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new Transform({
    transform (chunk, encoding, done) { done(null, String(chunk).replace('Order 4711', 'Order 4712')) }
  })).setEncoding('utf8'))
  const events = collect(app, 'interactiveButtons')
  t.equal((await post(app, menuSent())).statusCode, 200)
  t.equal(only(events).data.header, 'Order 4712')
})

t.test('the route emits nothing when the stream of a hook fails', async (t) => {
  const app = await build(t)
  app.addHook('preParsing', async () => {
    const broken = new PassThrough()
    setImmediate(() => broken.destroy(new Error('broken')))
    return broken
  })
  app.greenApi.on('unrecognized', () => { t.fail('it was incomplete') })
  t.equal((await post(app, menuSent())).statusCode, 500)
})

t.test('createBodyParser reports a body once when its stream fails after the end', async (t) => {
  const { payload, raw, results } = parse(100)

  payload.end('{}')
  await once(payload, 'end')
  payload.emit('error', new Error('too late'))
  raw.emit('aborted')

  t.strictSame(results, [[null, '{}']])
})

t.test('createBodyParser reports an incomplete body when the request of a replaced stream is aborted', async (t) => {
  const { payload, raw, results } = parse(100)

  payload.write('{')
  raw.emit('aborted')

  t.match(results, [[{ code: 'FST_GREEN_API_INCOMPLETE_BODY' }]])
  t.equal(results.length, 1)
})

t.test('createBodyParser ignores what arrives beyond 64 MiB when the stream is resumed', async (t) => {
  const { payload, results } = parse(100)
  const chunk = Buffer.alloc(65 * MiB)

  payload.write(chunk)
  payload.write('more')
  payload.resume()
  payload.end()
  await once(payload, 'end')

  t.match(results, [[null, { truncated: true }]])
  t.equal(results.length, 1)
})

/** Runs a parser on a stream that replaces the request's own. */
function parse (limit: number) {
  const payload = new PassThrough()
  const raw = new IncomingMessage(new Socket())
  const results: unknown[][] = []
  createBodyParser(limit, new PendingBodies(1000))({ raw }, payload, (...result) => { results.push(result) })
  return { payload, raw, results }
}
