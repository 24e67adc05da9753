import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { text as readText } from 'node:stream/consumers'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi from 'fastify-green-api'
import t, { type Test } from 'tap'
import { collect, only, post, token } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'

/** A request as platforms decorate it. */
interface Kept {
  rawBody?: unknown
  body?: unknown
}

type Keep = (text: string) => Kept

/** The ways in which platforms keep a body that they have read. */
const platforms: Array<[title: string, keep: Keep]> = [
  ['the bytes and the parsed body', (text) => ({ rawBody: Buffer.from(text), body: { typeWebhook: 'other' } })],
  ['the bytes in a Uint8Array', (text) => ({ rawBody: new TextEncoder().encode(text) })],
  ['the text', (text) => ({ rawBody: text })],
  ['the parsed body', (text) => ({ body: JSON.parse(text) })],
  ['the parsed body, without bytes', (text) => ({ rawBody: null, body: JSON.parse(text) })],
  ['the body as text', (text) => ({ body: text })],
  ['the body as bytes', (text) => ({ body: Buffer.from(text) })]
]

/** What platforms can leave that is not a body. */
const nothing: Array<[title: string, keep: Keep]> = [
  ['nothing', () => ({})],
  ['null', () => ({ rawBody: undefined, body: null })],
  ['a stream', () => ({ body: Readable.from(['{}']) })],
  ['a web stream', () => ({ body: new Blob(['{}']).stream() })],
  ['an object that JSON cannot express', () => ({ body: { large: 1n } })]
]

/** The ways in which a request whose body was read reaches Fastify. Each posts a text and returns the status. */
const hosts: Record<string, (t: Test, keep: Keep, lines: string[]) => Promise<Host>> = {
  routing: createRoutingHost,

  async serverFactory (t, keep, lines) {
    let server: http.Server | undefined
    const app = await build(t, lines, {
      serverFactory (handler: http.RequestListener) {
        server = http.createServer((request, response) => {
          consume(request, keep).then(() => { handler(request, response) })
        })
        return server
      }
    })
    if (server === undefined) throw new Error('Fastify did not create a server')
    return { app, post: await postHttp1(t, server) }
  },

  async 'HTTP/2' (t, keep, lines) {
    const app = await build(t, lines)
    const server = http2.createServer((request, response) => {
      // Fastify's routing accepts requests of both versions, but its type names one.
      const [raw, reply] = [request, response] as unknown as Parameters<typeof app.routing>
      consume(raw, keep).then(() => { app.routing(raw, reply) })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => { server.close() })
    return {
      app,
      async post (text) {
        // A server has this type of address unless it listens on a pipe.
        const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
        t.teardown(() => { client.destroy() })
        const stream = client.request({ ':method': 'POST', ':path': '/green-api', authorization: token })
        stream.end(text)
        const [headers] = await once(stream, 'response', { signal: AbortSignal.timeout(3000) })
        return Number(headers[':status'])
      }
    }
  },

  async inject (t, keep, lines) {
    const app = await build(t, lines, {}, (app) => {
      app.addHook('onRequest', async ({ raw }) => { await consume(raw, keep) })
    })
    return { app, post: async (text) => (await post(app, text)).statusCode }
  },

  async 'a hook that pipes the consumed stream' (t, keep, lines) {
    const app = await build(t, lines, {}, (app) => {
      app.addHook('onRequest', async ({ raw }) => { await consume(raw, keep) })
      app.addHook('preParsing', async (request, reply, payload) => payload.pipe(new PassThrough()))
    })
    return { app, post: async (text) => (await post(app, text)).statusCode }
  },

  async 'a hook that decorates the request of Fastify' (t, keep, lines) {
    const app = await build(t, lines, {}, (app) => {
      app.addHook('onRequest', async (request) => {
        const text = await readText(request.raw)
        Object.defineProperties(request, Object.getOwnPropertyDescriptors(keep(text)))
      })
    })
    return { app, post: async (text) => (await post(app, text)).statusCode }
  }
}

async function createRoutingHost (t: Test, keep: Keep, lines: string[] = []): Promise<Host> {
  const app = await build(t, lines)
  const server = http.createServer((request, response) => {
    consume(request, keep).then(() => { app.routing(request, response) })
  })
  return { app, post: await postHttp1(t, server) }
}

interface Host {
  readonly app: FastifyInstance
  post (text: string): Promise<number>
}

async function build (
  t: Test, lines: string[], options: object = {}, prepare: (app: FastifyInstance) => void = () => {}
): Promise<FastifyInstance> {
  const stream = { write: (line: string) => { lines.push(line) } }
  const app: FastifyInstance = Fastify({ ...options, logger: { stream } })
  t.teardown(() => app.close())
  prepare(app)
  await app.register(greenApi, { token, bodyLimit: 2000 })
  await app.ready()
  return app
}

async function consume (request: IncomingMessage, keep: Keep): Promise<void> {
  const text = await readText(request)
  Object.defineProperties(request, Object.getOwnPropertyDescriptors(keep(text)))
}

async function postHttp1 (t: Test, server: http.Server): Promise<Host['post']> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  // A server has this type of address unless it listens on a pipe.
  const { port } = server.address() as AddressInfo
  return async (body) => {
    const response = await fetch(`http://127.0.0.1:${port}/green-api`, {
      method: 'POST', headers: { authorization: token }, body, signal: AbortSignal.timeout(3000)
    })
    await response.text()
    return response.status
  }
}

for (const [title, createHost] of Object.entries(hosts)) {
  t.test(`the route takes the body that the platform has kept: ${title}`, async (t) => {
    for (const [kept, keep] of platforms) {
      const host = await createHost(t, keep, [])
      const events = collect(host.app, 'interactiveButtons')

      t.equal(await host.post(JSON.stringify(menuSent())), 200, kept)

      t.equal(only(events).data.body, menu.contentText, kept)
    }
  })

  t.test(`the route answers 503 when the platform has kept no body: ${title}`, async (t) => {
    for (const [kept, keep] of nothing) {
      const lines: string[] = []
      const host = await createHost(t, keep, lines)
      host.app.greenApi.on('webhook', () => { t.fail('it has no content') })
      host.app.greenApi.on('unrecognized', () => { t.fail('it has no content') })

      t.equal(await host.post(JSON.stringify(menuSent())), 503, kept)

      const warnings = lines.filter((line) => JSON.parse(line).level > 30)
      t.match(only(warnings), /keep its bytes in `rawBody`/, kept)
    }
  })

  t.test(`the route applies the size limit to the body that the platform has kept: ${title}`, async (t) => {
    const host = await createHost(t, (text) => ({ rawBody: text }), [])
    const unrecognized = collect(host.app, 'unrecognized')

    t.equal(await host.post(JSON.stringify({ ...menuSent(), padding: 'x'.repeat(2000) })), 200)

    t.equal(only(unrecognized).reason, 'too-large')
  })
}

t.test('the route keeps the text of a kept body', async (t) => {
  const text = '{"typeWebhook": "incomingMessageReceived", "typeWebhook": '
  const host = await createRoutingHost(t, () => ({ rawBody: text, body: {} }))
  const unrecognized = collect(host.app, 'unrecognized')

  await host.post(text)

  t.match(only(unrecognized), { reason: 'not-json', raw: text })
})

t.test('the route answers 503 when the platform parses the body in a getter that throws', async (t) => {
  const host = await createRoutingHost(t, () => ({ get body () { throw new Error('Invalid JSON') } }))

  t.equal(await host.post('{'), 503)
})

t.test('the route reads the stream of a hook when the platform has read the request', async (t) => {
  const app = await build(t, [], {}, (app) => {
    app.addHook('preParsing', async ({ raw }) => Readable.from([Buffer.from(await readText(raw))]))
  })
  const events = collect(app, 'interactiveButtons')

  t.equal((await post(app, menuSent())).statusCode, 200)

  t.equal(events.length, 1)
})

t.test('the route treats a consumed request without a body as one with an empty body', async (t) => {
  const host = await createRoutingHost(t, () => ({}))
  const unrecognized = collect(host.app, 'unrecognized')

  t.equal(await host.post(''), 200)

  t.match(only(unrecognized), { reason: 'not-json', raw: '' })
})

t.test('the route answers at once when the stream of a hook is destroyed already', async (t) => {
  for (const [error, status] of [[new Error('broken'), 500], [undefined, 400]] as const) {
    const app = await build(t, [], {}, (app) => {
      app.addHook('preParsing', async () => new PassThrough().destroy(error))
    })
    app.greenApi.on('unrecognized', () => { t.fail('it was incomplete') })

    t.equal((await post(app, menuSent())).statusCode, status)
  }
})
