import { expectTypeOf } from 'expect-type'
import Fastify from 'fastify'
import greenApi, { type Token, type TokenLookup } from 'fastify-green-api'
import { createBuilders, inject } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { createAuthenticate } from '../../lib/http/authorization.ts'
import { collect } from '../helpers/app.ts'
import { answered, head, listen, open } from '../helpers/sockets.ts'

const { textMessage } = createBuilders({ idInstance: 1101000001 })
const strange = createBuilders({ idInstance: 1101000009 })

/** A listening server, and a function that posts to it. */
async function start (t: Test, token: TokenLookup) {
  const lines: Array<Record<string, unknown>> = []
  const stream = { write (line: string) { lines.push(JSON.parse(line)) } }
  const app = Fastify({ logger: { level: 'warn', stream } })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, bodyLimit: 10_000 })
  const port = await listen(app)
  const post = async (body: object | string, authorization?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/green-api`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...authorization !== undefined && { headers: { authorization } }
    })
    await response.text()
    return response
  }
  return { app, post, port, lines, events: collect(app, 'webhook') }
}

t.test('the option token has a type for functions', async () => {
  expectTypeOf<(idInstance: string) => string>().toExtend<Token>()
  expectTypeOf<(idInstance: string) => readonly string[] | undefined>().toExtend<Token>()
  expectTypeOf<(idInstance: string) => Promise<string | null>>().toExtend<Token>()
  expectTypeOf<() => Promise<string>>().toExtend<TokenLookup>()
  expectTypeOf<(idInstance: number) => string>().not.toExtend<TokenLookup>()
  expectTypeOf<(idInstance: string) => boolean>().not.toExtend<TokenLookup>()
  expectTypeOf<(idInstance: string) => Promise<number>>().not.toExtend<TokenLookup>()
})

t.test('the route accepts the tokens that a function returns for the instance', async (t) => {
  const calls: string[] = []
  const tokens = new Map<string, string | string[]>([['1101000001', ['old', 'new']]])
  const { post, events, lines } = await start(t, (idInstance) => {
    calls.push(idInstance)
    return tokens.get(idInstance)
  })

  for (const authorization of ['Bearer old', 'Basic new', 'new', 'bearer old']) {
    t.equal((await post(textMessage(), authorization)).status, 200, authorization)
  }
  t.equal(events.length, 4)
  const wrong = await post(textMessage(), 'Bearer other')
  t.equal(wrong.status, 401)
  t.equal(wrong.headers.get('www-authenticate'), 'Bearer')
  t.equal((await post(strange.textMessage(), 'Bearer old')).status, 401, 'an unknown instance')

  t.strictSame(calls, ['1101000001', '1101000009'])
  t.equal(events.length, 4)
  t.match(lines, [{ idInstance: '1101000001', msg: /^401/ }, { idInstance: '1101000009', msg: /^401/ }])
})

t.test('the route calls the function only when a request has a token', async (t) => {
  let calls = 0
  const { post, port } = await start(t, () => { calls++; return 'secret' })

  for (const authorization of [undefined, '', 'Bearer', 'Basic ', 'bearer']) {
    t.equal((await post(textMessage(), authorization)).status, 401, String(authorization))
  }
  const socket = await open(t, port)
  socket.write(head({ authorization: 'Bearer', 'content-length': 1000 }))

  t.equal(await answered(socket), 401, 'before the body has arrived')
  t.equal(calls, 0)
})

t.test('the route answers 503 when the lookup fails, and logs the instance without a token', async (t) => {
  const lookups: TokenLookup[] = [
    () => { throw new Error('database down') },
    async () => { throw new Error('database down') },
    () => ' secret',
    () => ''
  ]
  for (const lookup of lookups) {
    const { post, events, lines } = await start(t, lookup)

    const response = await post(textMessage(), 'Bearer secret')

    t.equal(response.status, 503)
    t.equal(response.headers.get('retry-after'), '60')
    t.strictSame(events, [])
    t.match(lines, [{ level: 50, idInstance: '1101000001', msg: 'token lookup failed, GREEN-API will resend' }])
    t.notMatch(JSON.stringify(lines), 'secret')
  }
})

t.test('the route answers a notification that is sent again when the lookup works', async (t) => {
  let works = false
  const { post, events } = await start(t, () => {
    if (works) return 'secret'
    throw new Error('database down')
  })
  const [first, second] = [textMessage(), strange.textMessage()]
  t.equal((await post(first, 'Bearer secret')).status, 503)
  works = true

  t.equal((await post(second, 'Bearer secret')).status, 200)
  t.equal((await post(first, 'Bearer secret')).status, 503, 'the failure is cached')
  t.equal(events.length, 1)
})

t.test('the route looks up the instance of a body that is too large or not JSON', async (t) => {
  const calls: string[] = []
  const { app, post } = await start(t, async (idInstance) => {
    calls.push(idInstance)
    return idInstance === '1101000001' ? 'secret' : undefined
  })
  const unrecognized = collect(app, 'unrecognized')
  const json = JSON.stringify(textMessage())

  t.equal((await post(json.slice(0, -1), 'Bearer secret')).status, 200)
  t.equal((await post(JSON.stringify(textMessage({ text: 'x'.repeat(20_000) })), 'Bearer secret')).status, 200)
  t.equal((await post(json.slice(0, -1), 'Bearer other')).status, 401)
  t.equal((await post('{}', 'Bearer secret')).status, 401, 'it names no instance')

  t.match(unrecognized, [{ reason: 'not-json' }, { reason: 'too-large' }])
  t.strictSame(calls, ['1101000001', ''])
})

t.test('the route does not call the function when the instance is not a number', async (t) => {
  let calls = 0
  const { post } = await start(t, () => { calls++; return 'secret' })

  for (const idInstance of ['__proto__', "1' OR 1", '1'.repeat(21), ' 1']) {
    const body = { ...textMessage(), instanceData: { idInstance, wid: '', typeInstance: 'whatsapp' } }
    t.equal((await post(body, 'Bearer secret')).status, 401, idInstance)
  }

  t.equal(calls, 0)
})

t.test('inject sends the token that the function returns', async (t) => {
  const { app } = await start(t, async (idInstance) => idInstance === '1101000001' ? ['secret', 'other'] : undefined)

  t.equal((await inject(app, textMessage())).statusCode, 200)
  t.equal((await inject(app, strange.textMessage())).statusCode, 401)
})

t.test('createAuthenticate returns no promise when tokens need no lookup', async (t) => {
  for (const tokens of [['secret'], new Map([['1', ['secret']]]), false as const]) {
    t.equal(createAuthenticate(tokens)('Bearer secret')?.has('1', ''), true)
  }
  const authenticate = createAuthenticate(async () => ['secret'])
  t.equal(await authenticate('Bearer secret')?.has('1', ''), true)
  t.equal(authenticate('Bearer secret')?.has('1', ''), true, 'nor when the tokens are cached')
})
