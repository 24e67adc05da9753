import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import Fastify, { type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import greenApi from '../../lib/index.ts'
import { build, post, token } from '../helpers/app.ts'
import { menu, menuSent } from '../helpers/fixtures/notifications.ts'
import { head, listen, open } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

/** A server whose listener waits with a first request, and whose hook holds further requests until it closes. */
async function buildBusy (t: Test) {
  const app = await build(t, { timeout: 5000 }, { return503OnClosing: false })
  const gates = new EventEmitter()
  let requests = 0
  app.addHook('onRequest', async () => { if (++requests > 1) await once(gates, 'closing') })
  const called = once(app.greenApi, 'webhook')
  app.greenApi.on('webhook', async () => { await once(gates, 'release') })
  const port = await listen(app)
  const text = JSON.stringify(menuSent())
  const first = await send(t, port, head({ 'content-length': Buffer.byteLength(text) }) + text)
  await called

  return {
    port,
    first,
    requests: () => requests,
    release () { gates.emit('release') },
    async close () {
      const closing = app.close()
      await setImmediate()
      gates.emit('closing')
      return { closing }
    }
  }
}

async function send (t: Test, port: number, request: string) {
  const socket = await open(t, port)
  socket.write(request)
  return socket
}

async function responseOn (socket: Socket): Promise<string> {
  const [data] = await once(socket, 'data')
  return String(data)
}

t.test('the route answers 503 before it checks the token or reads the body when the server is closing', async (t) => {
  const { port, requests, release, close } = await buildBusy(t)
  const second = await send(t, port, head({ 'content-length': 1000, authorization: 'Bearer wrong' }))
  await until(() => requests() === 2)

  const { closing } = await close()

  const response = await responseOn(second)
  t.match(response, /^HTTP\/1.1 503 /)
  t.match(response, /\r\nretry-after: 60\r\n/)
  t.match(response, /\r\nconnection: close\r\n/i)
  release()
  await closing
})

t.test('the route closes the connection of a running request when the server is closing', async (t) => {
  const { first, release, close } = await buildBusy(t)
  const { closing } = await close()

  release()

  const response = await responseOn(first)
  t.match(response, /^HTTP\/1.1 200 /)
  t.match(response, /\r\nconnection: close\r\n/i)
  await closing
})

t.test('the route answers and logs the error of a hook as Fastify does', async (t) => {
  const cases: Array<[title: string, code: number | undefined, error: object, status: number, level: number]> = [
    ['499', undefined, { statusCode: 499 }, 499, 30],
    ['500', undefined, { statusCode: 500 }, 500, 50],
    ['599', undefined, { statusCode: 599 }, 599, 50],
    ['600', undefined, { statusCode: 600 }, 500, 50],
    ['399', undefined, { statusCode: 399 }, 500, 50],
    ['status', undefined, { status: 418 }, 418, 30],
    ['statusCode and status', undefined, { statusCode: 403, status: 418 }, 403, 30],
    ['a reply with an error code', 404, { statusCode: 403 }, 404, 30],
    ['a reply with code 200', 200, { statusCode: 403 }, 403, 30],
    ['a reply with code 202', 202, { statusCode: 403 }, 202, 30]
  ]
  for (const [title, code, members, status, level] of cases) {
    await t.test(title, async (t) => {
      const lines: Array<{ level: number, msg: string }> = []
      const stream = { write: (line: string) => { lines.push(JSON.parse(line)) } }
      const app = Fastify({ logger: { stream } })
      t.teardown(() => app.close())
      app.addHook('preHandler', async (request, reply: FastifyReply) => {
        if (code !== undefined) reply.code(code)
        throw Object.assign(new Error('no'), members)
      })
      await app.register(greenApi, { token })

      const response = await post(app, menuSent())

      t.equal(response.statusCode, status)
      t.strictSame(lines.filter(({ msg }) => msg === 'request failed').map(({ level }) => level), [level])
    })
  }
})

t.test('the route logs at most 40 characters of an instance that the token is not valid for', async (t) => {
  const lines: Array<Record<string, unknown>> = []
  const stream = { write: (line: string) => { lines.push(JSON.parse(line)) } }
  const app = Fastify({ logger: { level: 'warn', stream } })
  t.teardown(() => app.close())
  await app.register(greenApi, { token: { 1: token } })

  await post(app, menuSent(menu, { instanceData: { idInstance: '2'.repeat(41) } }))

  t.strictSame(lines.map(({ idInstance }) => idInstance), ['2'.repeat(40)])
})
