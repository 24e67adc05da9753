import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { getEventListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { channelNames } from 'fastify-green-api/diagnostics'
import { SendError } from 'fastify-green-api/sending'
import t from 'tap'
import { apiTokenInstance, openServer, type Reply, type ScriptedServer } from '../helpers/scripted-server.ts'

const chatId = '4915550001234@c.us'

/** Returns the error that a call rejects with. */
async function failure (call: Promise<unknown>): Promise<SendError> {
  const error = await call.then(() => undefined, (error: unknown) => error)
  if (error instanceof SendError) return error
  throw new Error(`expected a SendError, found ${inspect(error)}`)
}

const quota = {
  invokeStatus: { method: 'sendmessage', used: 7, total: 0, status: 'QUOTE_ALLOWED', description: '' },
  correspondentsStatus: {
    method: 'correspondents', used: 3, total: 3, status: 'CORRESPONDENTS_QUOTE_EXCEEDED', description: '79001234567@c.us'
  }
}
const page = '<html><body><h1>404 Not Found</h1></body></html>'

const certainlyNotSent: Array<[reply: Reply, message: RegExp]> = [
  [[400, { message: 'instance is starting or not authorized' }], /was answered 400\. The instance is starting or not/],
  [[400, { message: 'Message not found' }], /There is no such message in the chat: check chatId and idMessage/],
  [[400, { message: "Validation failed. Details: 'x' is not allowed" }], /does not accept a value/],
  [[400, 'nonsense'], /answerText\(\)/],
  [[401, ''], /was answered 401\. The token is wrong: set apiTokenInstance/],
  [[403, { message: 'Forbidden' }], /check idInstance and apiUrl/],
  [[404, page, { 'content-type': 'text/html' }], /was answered 404\. .*set apiUrl to the one that GREEN-API's console/],
  [[413, ''], /The request is too large/],
  [[466, quota], /The quota of the plan is exceeded \(3 of 3 chats\): .*change the plan/],
  [[466, 'nonsense'], /The quota of the plan is exceeded: /],
  [[469, ''], /too many checks/],
  [[418, ''], /answerText\(\)/]
]

t.test('Sender rejects with the status and the fix when GREEN-API refuses a call', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  for (const [reply, message] of certainlyNotSent) {
    server.replies.push(reply)
    const error = await failure(sender.send(chatId, 'Hello'))
    const status = Array.isArray(reply) ? reply[0] : 0
    t.match(error, { message, status, mayHaveBeenSent: false, method: 'sendMessage', code: 'FST_GREEN_API_SEND' })
  }
  t.equal(server.count, certainlyNotSent.length, 'no call is repeated')
})

t.test('SendError has the exceeded quota when the status is 466', async (t) => {
  const server = await openServer(t)
  server.replies.push([466, quota], [466, {
    ...quota,
    invokeStatus: { method: 'sendpoll', used: 1000, total: 1000, status: 'QUOTE_EXCEEDED' },
    correspondentsStatus: { status: 'QUOTE_ALLOWED', used: 1, total: 3 }
  }])
  const sender = server.sender()
  t.strictSame((await failure(sender.send(chatId, 'Hello'))).quota, { of: 'chats', used: 3, total: 3 })
  t.strictSame((await failure(sender.send(chatId, 'Hello'))).quota, { of: 'calls', used: 1000, total: 1000 })
})

/** Answers with a status of 200, and never ends. */
const endless: Reply = (response) => {
  response.writeHead(200)
  const chunk = Buffer.alloc(1024 * 1024, ' ')
  const write = () => { while (!response.destroyed && response.write(chunk)); }
  response.on('drain', write)
  write()
}

const uncertain: Array<[name: string, reply: Reply, message: RegExp]> = [
  ['500', [500, { message: 'Internal Server Error' }], /was answered 500\. It may have been sent/],
  ['502', [502, '<html>Bad Gateway</html>'], /was answered 502/],
  ['503 with Retry-After', [503, '', { 'retry-after': '0' }], /was answered 503/],
  ['408', [408, ''], /was answered 408/],
  ['301', [301, '', { location: '/elsewhere' }], /was answered 301/],
  ['204', [204], /was answered 204/],
  ['invalid JSON', [200, '{"idMessage":'], /was answered 200 without the id of the message/],
  ['no id', [200, { id: 'A' }], /without the id of the message/],
  ['a list', [200, []], /without the id of the message/],
  ['nothing', [200, ''], /without the id of the message/],
  ['an endless answer', endless, /without the id of the message/],
  ['no answer', () => {}, /has no answer: there was none within 300 ms\. It may have been sent/],
  ['half an answer', (response) => { response.writeHead(200).write('{"idMessage"') }, /there was none within 300 ms/],
  ['a reset', (response) => { response.destroy() }, /has no answer: the connection failed \(\w+\)\. It may have been sent/],
  ['a reset in the answer', (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"idMessage":"A"')
    setTimeout(() => { response.destroy() }, 20)
  }, /has no answer: the connection failed/]
]

t.test('Sender reports that the message may have been sent, and does not repeat the call', async (t) => {
  for (const [name, reply, message] of uncertain) {
    const server = await openServer(t)
    server.replies.push(reply)
    const timeout = name === 'an endless answer' ? 10_000 : 300
    const error = await failure(server.sender({ timeout }).send(chatId, 'Hello'))
    t.match(error, { message, mayHaveBeenSent: true }, name)
    await sleep(20)
    t.equal(server.count, 1, `${name}: one request`)
  }
})

t.test('Sender does not repeat a call when the connection is reset before the body is read', async (t) => {
  const server = await openServer(t)
  server.onHead = (request) => {
    request.socket.resetAndDestroy()
    return true
  }
  t.match(await failure(server.sender().send(chatId, 'Hello')), { mayHaveBeenSent: true })
  await sleep(20)
  t.equal(server.count, 1)
})

t.test('Sender knows that nothing was sent when GREEN-API cannot be reached', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  server.close()
  const refused = { message: /was not sent: GREEN-API cannot be reached \(ECONNREFUSED\)\. Check apiUrl/, mayHaveBeenSent: false }
  t.match(await failure(sender.send(chatId, 'Hello')), refused)
  const unknown = { message: /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/, mayHaveBeenSent: false }
  const other = await openServer(t)
  t.match(await failure(other.sender({ apiUrl: 'http://nowhere.invalid' }).send(chatId, 'Hello')), unknown)
})

t.test('Sender does not follow a redirect, which would send the token to another server', async (t) => {
  const server = await openServer(t)
  const other = await openServer(t)
  for (const status of [301, 302, 303, 307, 308]) {
    server.replies.push([status, '', { location: `${other.apiUrl}/elsewhere` }])
    t.match(await failure(server.sender().send(chatId, 'Hello')), { status })
  }
  t.equal(other.count, 0)
})

t.test('Sender repeats a call after Retry-After when it is answered 429', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  server.replies.push([429, '', { 'retry-after': '1' }])
  await sender.send(chatId, 'Hello')
  const [first, repeated] = server.requests
  t.strictSame(repeated?.body, { chatId, message: 'Hello' })
  t.ok((repeated?.at ?? 0) - (first?.at ?? 0) >= 990)
})

t.test('Sender repeats a call after growing pauses when a 429 has no Retry-After', async (t) => {
  const server = await openServer(t)
  server.replies.push([429], [429, '', { 'retry-after': '0' }])
  t.strictSame(await server.sender().send(chatId, 'Hello'), { idMessage: 'sent-3' })
  const [first = 0, second = 0, third = 0] = server.requests.map(({ at }) => at)
  t.ok(second - first >= 490 && second - first < 1500, `${second - first}`)
  t.ok(third - second >= 990 && third - second < 2500, `${third - second}`)
})

t.test('Sender rejects at once when the pause after a 429 is longer than the rest of the timeout', async (t) => {
  const server = await openServer(t)
  server.replies.push([429, '', { 'retry-after': '60' }], [429, '', { 'retry-after': 'Fri, 31 Dec 2100 23:59:59 GMT' }])
  const sender = server.sender()
  const startedAt = performance.now()
  for (let count = 1; count <= 2; count++) {
    const error = await failure(sender.send(chatId, 'Hello'))
    t.match(error, { status: 429, mayHaveBeenSent: false, message: /was answered 429\. There are too many calls a second/ })
    t.equal(server.count, count)
  }
  t.ok(performance.now() - startedAt < 1000)
})

t.test('Sender stops when the signal aborts', async (t) => {
  await t.test('before the call', async (t) => {
    const server = await openServer(t)
    const call = server.sender().send(chatId, 'Hello', { signal: AbortSignal.abort() })
    t.match(await failure(call), { message: /was not sent: the call was canceled/, mayHaveBeenSent: false })
    t.equal(server.count, 0)
  })

  await t.test('while the call waits for an earlier one of its chat', async (t) => {
    const server = await openServer(t)
    const sender = server.sender()
    const controller = new AbortController()
    server.replies.push((response) => {
      controller.abort()
      setTimeout(() => { response.end('{"idMessage":"A"}') }, 50)
    })
    const first = sender.send(chatId, 'one')
    const second = failure(sender.send(chatId, 'two', { signal: controller.signal }))
    const third = sender.send(chatId, 'three')
    t.match(await second, { message: /was not sent: the call was canceled/, mayHaveBeenSent: false })
    await Promise.all([first, third])
    t.strictSame(server.requests.map(({ body }) => Object(body).message), ['one', 'three'])
  })

  await t.test('while the call waits for its turn', async (t) => {
    const server = await openServer(t)
    const sender = server.sender()
    const message = { body: 'Well?', buttons: [{ buttonId: 'yes', buttonText: 'Yes' }] }
    await sender.send(chatId, message)
    const calls = [1, 2].map(() => failure(sender.send(chatId, message, { signal: AbortSignal.timeout(20) })))
    for (const call of calls) t.match(await call, { mayHaveBeenSent: false })
    t.equal(server.count, 1)
  })

  await t.test('during the request', async (t) => {
    const server = await openServer(t)
    const controller = new AbortController()
    server.replies.push(() => { controller.abort() })
    const error = await failure(server.sender().send(chatId, 'Hello', { signal: controller.signal }))
    t.match(error, { message: /has no answer: the call was canceled\. It may have been sent/, mayHaveBeenSent: true })
  })

  await t.test('during the pause after a 429', async (t) => {
    const server = await openServer(t)
    server.replies.push([429, '', { 'retry-after': '5' }])
    const error = await failure(server.sender().send(chatId, 'Hello', { signal: AbortSignal.timeout(50) }))
    t.match(error, { message: /was not sent: the call was canceled/, mayHaveBeenSent: false })
  })
})

t.test('Sender leaves no listener on a signal', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const { signal } = new AbortController()
  for (let count = 0; count < 3; count++) await sender.send(chatId, 'Hello', { signal })
  t.equal(getEventListeners(signal, 'abort').length, 0)
})

function answer (reply: Reply, response: ServerResponse, request: IncomingMessage): void {
  if (typeof reply === 'function') reply(response, request)
  else response.writeHead(reply[0]).end(typeof reply[1] === 'string' ? reply[1] : JSON.stringify(reply[1] ?? null))
}

/** Does what a faulty server or network does with one request. `accepts`: whether the message was accepted. */
const faults: Array<{ readonly accepts: boolean, readonly reply: Reply }> = [
  { accepts: true, reply: [200, { idMessage: 'A' }] },
  { accepts: true, reply: [200, 'nonsense'] },
  { accepts: true, reply: [500] },
  { accepts: true, reply: [504, page] },
  { accepts: true, reply: [302, '', { location: '/' }] },
  { accepts: true, reply: (response) => { response.destroy() } },
  { accepts: true, reply: (response, { socket }) => { socket.resetAndDestroy() } },
  { accepts: true, reply: () => {} },
  { accepts: false, reply: [400, 'nonsense'] },
  { accepts: false, reply: [401] },
  { accepts: false, reply: [404, page] },
  { accepts: false, reply: [466, quota] }
]

t.test('Sender never sends a message twice without the error saying that it may have been sent', async (t) => {
  const server = await openServer(t)
  const sender = server.sender({ timeout: 100 })
  const script = fc.array(fc.constantFrom(...faults), { minLength: 1, maxLength: 5 })
  let runs = 0
  await fc.assert(fc.asyncProperty(script, async (script) => {
    let accepted = 0
    const text = `Hello ${++runs}`
    server.replies.splice(0, Infinity, ...script.map(({ accepts, reply }): Reply => (response, request) => {
      // A request that timed out in an earlier run can arrive late.
      const { message } = Object(server.requests.at(-1)?.body)
      if (accepts && message === text) accepted++
      answer(reply, response, request)
    }))
    // As an application that repeats only what certainly was not sent.
    while (server.replies.length > 0) {
      const result = await sender.send(chatId, text).catch((error: SendError) => error)
      if (!(result instanceof SendError) || result.mayHaveBeenSent) break
    }
    return accepted <= 1
  }), { numRuns: 60 })
})

/** All that a logger or a debugger may show of a value. */
function everything (value: unknown): string {
  const error = value instanceof Error ? `${value.message}\n${value.stack}\n${String(value.cause)}` : ''
  return `${error}\n${inspect(value, { depth: Infinity, showHidden: true, getters: true })}\n${JSON.stringify(value)}`
}

/** Repeats the request in the answer, in several forms. */
function echo (server: ScriptedServer, status: number): Reply {
  return (response) => {
    const { url, body } = server.requests.at(-1) ?? {}
    const text = JSON.stringify({
      message: `Validation failed. Details: '${Object(body).message}' ${url}`,
      invokeStatus: body,
      correspondentsStatus: { status: Object(body).message, used: Object(body).message, total: 3 },
      path: url
    })
    response.writeHead(status, { 'x-echo': encodeURIComponent(`${url}`) }).end(text)
  }
}

t.test('no error and no diagnostics message contains the token or the text', async (t) => {
  const server = await openServer(t)
  const seen: string[] = []
  const channels = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'].map((each) => `tracing:${channelNames.send}:${each}`)
  const onMessage = (message: unknown) => { seen.push(everything(message)) }
  for (const channel of channels) subscribe(channel, onMessage)
  t.teardown(() => { for (const channel of channels) unsubscribe(channel, onMessage) })

  const evilFetch = async (url: unknown, init: { body?: unknown } = {}) => {
    throw Object.assign(new Error(`${url} ${init.body}`), { code: `${init.body}`, cause: { code: `${url}`, init } })
  }
  const senders = [server.sender(), server.sender({ fetch: evilFetch }), server.sender({ timeout: 50 })]
  const secret = fc.stringMatching(/^[a-zA-Z0-9 äß🔒"\\]{8,60}$/u).map((text) => `secret${text}`)
  const status = fc.constantFrom(200, 201, 302, 400, 401, 404, 413, 466, 500, 503)
  await fc.assert(fc.asyncProperty(secret, status, fc.nat(2), async (text, status, index) => {
    const sender = senders[index]
    if (sender === undefined) throw new Error('no such sender')
    const hangs = index === 2
    server.replies.splice(0, Infinity, hangs ? () => {} : echo(server, status))
    const requests = [{ chatId, message: text }, { chatId: text, message: text }]
    for (const request of requests) {
      const error = await failure(sender.sendMessage(request))
      const shown = everything(error) + seen.splice(0).join('\n')
      for (const hidden of [text, JSON.stringify(text).slice(1, -1), text.slice(0, 12), apiTokenInstance]) {
        if (shown.includes(hidden)) throw new Error(`shows ${hidden}: ${shown}`)
      }
      if (error.answerText().includes(apiTokenInstance)) throw new Error('answerText() contains the token')
    }
  }), { numRuns: 60 })
})

t.test("SendError has GREEN-API's answer for a debugger, but only on request", async (t) => {
  const server = await openServer(t)
  server.replies.push([400, `x${apiTokenInstance}y${'z'.repeat(2000)}`])
  const error = await failure(server.sender().send(chatId, 'Hello'))
  t.equal(error.answerText(), `x…y${'z'.repeat(1000)}`.slice(0, 1000))
  t.notMatch(everything(error), 'zzz')
})
