import { request } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import t, { type Test } from 'tap'
import { kindGroups } from '../../../lib/dev/kind-groups.ts'
import { Records } from '../../../lib/dev/records.ts'
import { notifications } from '../../../lib/schemas/index.ts'
import { Listener, startTestDev } from '../../helpers/dev-servers.ts'
import { Receiver } from '../../helpers/fixtures/receiver.ts'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

const chatId = '4915550001234@c.us'
const yes = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' }
const menu = { chatId, header: 'Order 4711', body: 'Is it right?', buttons: [yes] }

const writeText = (text: string, more = {}) => ({ name: 'textMessage', chatId, content: { text }, ...more })

/** The content of a record's event. */
const dataOf = (record: { event: Readonly<Record<string, unknown>> } | undefined) => Object(record?.event.data)

async function messageIn (response: Response): Promise<string> {
  return String(Object(await response.json()).message)
}

/** Starts `dev` against a plain server, and a page. */
async function startPair (t: Test) {
  const receiver = await Receiver.start(t)
  const dev = await startTestDev(t, { to: new URL(receiver.url), token: 'secret' })
  return { receiver, dev, page: await Listener.start(t, dev) }
}

t.test('dev posts to the given server with the token, and reports the event and the answer', async (t) => {
  const { receiver, dev, page } = await startPair(t)
  await dev.post('customer/event', writeText('Hello'))
  await until(() => page.records[0]?.state === 'delivered')
  t.match(receiver.received, [{ headers: { authorization: 'Bearer secret' } }])
  const [record] = page.records
  t.match(record, {
    event: { name: 'textMessage', data: { text: 'Hello' }, chatId },
    names: ['webhook', 'incomingMessageReceived', 'textMessage'],
    fault: 'none',
    attemptCount: 1,
    attempts: [{ status: 200, answer: 'whatever' }]
  })
  t.notOk(Object.hasOwn(record?.event ?? {}, 'raw'))
  t.equal(record?.text, receiver.received[0]?.text)
  t.ok(Number(record?.attempts[0]?.durationMs) > 0)
})

t.test('dev without a server runs the example shop, which thanks for a tap of each device', async (t) => {
  const dev = await startTestDev(t)
  const page = await Listener.start(t, dev)
  t.match(page.hellos, [{ mode: 'emulator', isExample: true, fresh: true, api: { idInstance: '1101000001' } }])
  const { idMessage } = Object(await (await dev.post('menu', menu)).json())
  await until(() => page.named('interactiveButtons').length === 1)
  for (const device of ['android', 'ios', 'web']) {
    t.equal((await dev.post('customer/tap', { idMessage, buttonId: 'yes', device })).status, 200)
  }
  await until(() => page.named('quotedMessage').length === 3)
  t.strictSame(page.named('buttonReply').map(({ event }) => event.typeMessage), [
    'interactiveButtonsResponse', 'templateButtonsReplyMessage', 'templateButtonReplyMessage'
  ])
  t.equal(dataOf(page.named('quotedMessage')[0]).text, 'Thank you! We noted: “Yes”.')
})

t.test('a menu that GREEN-API refuses is answered 400 with the reason', async (t) => {
  const { dev } = await startPair(t)
  for (const [body, message] of [
    [{ ...menu, body: '' }, '`body` is empty'],
    [{ ...menu, chatId: 'Ada' }, '`chatId` must be a chat id'],
    [{ ...menu, buttons: [yes, yes, yes, yes] }, '`buttons` has too many items']
  ] as const) {
    const response = await dev.post('menu', body)
    t.equal(response.status, 400)
    t.match(await messageIn(response), message)
  }
})

t.test('the customer can send every kind of notification', async (t) => {
  const { dev, page } = await startPair(t)
  const names = Object.keys(notifications)
  t.strictSame(Object.values(kindGroups).flat().sort(), names.toSorted(), 'the page offers all of them')
  for (const name of names) {
    const draft = await dev.post('customer/draft', { name, chatId })
    t.equal((await dev.post('customer/raw', { body: await draft.json() })).status, 200, name)
  }
  await until(() => page.records.length === names.length)
  t.strictSame(page.records.map(({ event }) => event.name), names)
})

t.test('the customer can send a notification with each fault, or late', async (t) => {
  const { dev, page } = await startPair(t)
  for (const [manner, fault] of [
    ['duplicates', 'duplicate'], ['changedDuplicates', 'changed-duplicate'], ['malformed', 'malformed'],
    ['unknownTypes', 'unknown-type']
  ]) {
    await dev.post('customer/event', writeText(`With ${manner}`, { manner }))
    await until(() => page.records.some((record) => record.fault === fault))
  }
  await dev.post('customer/event', writeText('Late', { manner: 'late' }))
  await until(() => page.records.some((record) => dataOf(record).text === 'Late'))
  const late = page.records.find((record) => dataOf(record).text === 'Late')
  const age = Date.now() / 1000 - Number(late?.event.timestamp)
  t.ok(age > 3590 && age < 3700, `is ${age} s old`)
  await dev.post('customer/event', writeText('Plain'))
  await until(() => page.records.some((record) => dataOf(record).text === 'Plain'))
  t.equal(page.records.at(-1)?.fault, 'none', 'the next one is normal again')
})

t.test('an impossible tap and an invalid request are answered 400 with the reason', async (t) => {
  const { dev } = await startPair(t)
  const tap = await dev.post('customer/tap', { idMessage: 'BAE5', buttonId: 'yes', device: 'ios' })
  t.equal(tap.status, 400)
  t.match(await messageIn(tap), 'There is no message BAE5 with buttons.')
  t.equal((await dev.post('customer/tap', { idMessage: 'BAE5', buttonId: 'yes', device: 'toaster' })).status, 400)
  t.equal((await dev.post('customer/event', { name: 'noSuchKind', chatId })).status, 400)
  t.equal((await dev.post('customer/raw', { body: { messageData: 1 } })).status, 400)
  t.equal((await dev.post('settings', { faults: { duplicates: 2 } })).status, 400)
})

t.test('a stopped server answers 503, and notifications are delivered in order after the start', async (t) => {
  const { receiver, dev, page } = await startPair(t)
  await dev.post('server', { up: false })
  for (const text of ['One', 'Two', 'Three']) await dev.post('customer/event', writeText(text))
  await until(() => page.records[0]?.attempts[0]?.status === 503)
  t.match(page.state, { target: 'stopped', waiting: 3 })
  t.equal(receiver.received.length, 0)
  await dev.post('server', { up: true })
  await until(() => page.records.every(({ state }) => state === 'delivered'))
  t.strictSame(receiver.received.map(({ text }) => JSON.parse(text).messageData.textMessageData.textMessage), ['One', 'Two', 'Three'])
  t.match(page.records[0], { attemptCount: 2, attempts: [{ status: 200 }, { status: 503 }] })
})

t.test('a failed notification can be retried at once', async (t) => {
  const { receiver, dev, page } = await startPair(t)
  receiver.answer = (received, index) => index === 0 ? 500 : 200
  await dev.post('customer/event', writeText('One'))
  await until(() => page.records[0]?.attempts[0]?.status === 500)
  await dev.post('retry')
  await until(() => page.records[0]?.state === 'delivered')
  t.equal(page.records[0]?.attemptCount, 2)
})

t.test('notifications reach a server as soon as it opens its port', async (t) => {
  const port = await freePort()
  const statuses: string[] = []
  const dev = await startTestDev(t, {
    to: new URL(`http://127.0.0.1:${port}/green-api`), onTarget: (status) => { statuses.push(status) }
  })
  const page = await Listener.start(t, dev)
  await dev.post('customer/event', writeText('Hello'))
  await until(() => page.records[0]?.attempts[0]?.error !== undefined && page.state?.target === 'down')
  t.match(page.records[0]?.attempts[0]?.error, 'ECONNREFUSED')

  const app = Fastify()
  await app.register(greenApi, { token: false })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port })
  const openedAt = performance.now()
  await until(() => page.records[0]?.state === 'delivered')
  t.ok(performance.now() - openedAt < 1000, 'without a wait for the next retry')
  await until(() => page.state?.target === 'up')
  t.strictSame(statuses, ['down', 'up'])
})

t.test('an unanswered notification is retried after a second', async (t) => {
  const { receiver, dev, page } = await startPair(t)
  receiver.answer = () => undefined
  await dev.post('customer/event', writeText('Hello'))
  await until(() => receiver.received.length === 1)
  receiver.answer = () => 200
  receiver.reset()
  await until(() => page.records[0]?.state === 'delivered')
  t.equal(page.records[0]?.attemptCount, 2)
})

t.test('the clock can run at 60 times the speed', async (t) => {
  const { receiver, dev, page } = await startPair(t)
  t.equal(page.state?.speed, 1)
  receiver.answer = (received, index) => index === 0 ? 503 : 200
  await dev.post('settings', { speed: 60 })
  await dev.post('customer/event', writeText('Hello'))
  await until(() => page.records[0]?.state === 'delivered')
  t.equal(page.state?.speed, 60)
})

t.test('faults can be set', async (t) => {
  const { dev, page } = await startPair(t)
  await dev.post('settings', { faults: { malformed: 1 } })
  await dev.post('customer/event', writeText('Hello'))
  await until(() => page.records.length === 2)
  t.match(page.state, { faults: { malformed: 1 } })
  t.match(page.records, [{ fault: 'malformed' }, { event: { name: 'textMessage' } }])
})

t.test('a page that reconnects receives only changes, and another run starts anew', async (t) => {
  const { dev, page } = await startPair(t)
  await dev.post('customer/event', writeText('One'))
  await until(() => page.records[0]?.state === 'delivered')
  const { lastId } = page
  await dev.post('customer/event', writeText('Two'))
  await until(() => page.records[1]?.state === 'delivered')

  const again = await Listener.start(t, dev, lastId)
  t.match(again.hellos, [{ fresh: false, run: page.hellos[0]?.run }])
  t.strictSame(again.records.map((record) => dataOf(record).text), ['Two'])
  for (const unknown of [undefined, 'another-run.1']) {
    const fresh = await Listener.start(t, dev, unknown)
    t.match(fresh.hellos, [{ fresh: true }])
    t.equal(fresh.lastId, again.lastId, 'the past ends with the id of the latest change')
    t.strictSame(fresh.records.map((record) => dataOf(record).text), ['One', 'Two'], 'in the same order')
  }
})

t.test('records forget what is too old or too large', async (t) => {
  const records = new Records()
  const notification = { idInstance: '1', body: {}, fault: 'none', queuedAt: 0, token: '', attempts: 0 } as const
  for (let receiptId = 1; receiptId <= 1005; receiptId++) records.add({ ...notification, receiptId, text: '{}' })
  const { records: texts } = records.since('')
  t.equal(texts.length, 1000)
  t.equal(JSON.parse(texts[0] ?? '').id, 6)
  const large = JSON.stringify('x'.repeat(5 * 1024 * 1024))
  for (let receiptId = 2001; receiptId <= 2005; receiptId++) records.add({ ...notification, receiptId, text: large })
  t.equal(records.since('').records.length, 3)
})

t.test('open pages do not delay the end', async (t) => {
  const { dev, page } = await startPair(t)
  const startedAt = performance.now()
  await dev.close()
  t.ok(performance.now() - startedAt < 2000)
  await until(() => page.hasEnded)
})

t.test('the page is one document and one script, and runs nothing else', async (t) => {
  const { dev } = await startPair(t)
  const response = await fetch(dev.url)
  const policy = response.headers.get('content-security-policy') ?? ''
  for (const text of ["default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"]) {
    t.match(policy, text)
  }
  t.notMatch(policy, 'unsafe')
  const html = await response.text()
  t.notMatch(html, /<link rel="stylesheet"| on\w+="|src="http/)
  t.strictSame(html.match(/<script src="[^"]*"/g), ['<script src="page.js"'])
  const script = await fetch(`${dev.url}/page.js`)
  t.match(script.headers.get('content-type'), 'text/javascript')
  t.match(script.headers.get('content-encoding'), 'gzip')
  t.notMatch(await script.text(), /innerHTML|insertAdjacentHTML|document\.write|outerHTML|\beval\(/)
})

t.test('requests of other sites are refused', async (t) => {
  const { dev } = await startPair(t)
  const { host, port } = new URL(dev.url)
  // fetch does not send these headers.
  const ask = (headers: Record<string, string>, path = '/retry', method = 'POST') => new Promise<number | undefined>((resolve, reject) => {
    request(new URL(path, dev.url), { method, headers: { host, ...headers } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject).end()
  })
  for (const [headers, status, what] of [
    [{}, 200, 'a program'],
    [{ origin: dev.url, 'sec-fetch-site': 'same-origin' }, 200, 'the page'],
    [{ host: `localhost:${port}`, origin: `http://localhost:${port}` }, 200, 'the page at localhost'],
    [{ host: `[::1]:${port}` }, 200, 'the page at ::1'],
    [{ host: 'points-here.example' }, 403, 'a foreign host'],
    [{ host: '127.0.0.1.points-here.example' }, 403, 'a foreign host that begins with the address'],
    [{ origin: 'https://points-here.example' }, 403, 'a foreign origin'],
    [{ origin: 'null' }, 403, 'an opaque origin'],
    [{ origin: 'http://localhost:5173' }, 403, 'another server of this machine'],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403, 'a foreign site']
  ] as const) t.equal(await ask(headers), status, what)
  const { idInstance, apiTokenInstance } = Object((await Listener.start(t, dev)).hellos[0]?.api)
  const path = `/waInstance${idInstance}/getSettings/${apiTokenInstance}`
  t.equal(await ask({}, path, 'GET'), 200)
  t.equal(await ask({ origin: 'https://points-here.example' }, path, 'GET'), 403, 'the API is guarded too')
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  t.equal(await ask(link, '/', 'GET'), 200, 'another site may link to the page')
  t.equal(await ask(link), 403, 'but not with a form')
  t.equal((await dev.post('retry', {}, { 'content-type': 'text/plain' })).status, 415)
})

t.test('dev listens on 127.0.0.1 only', async (t) => {
  const { dev } = await startPair(t)
  const { hostname, port } = new URL(dev.url)
  t.equal(hostname, '127.0.0.1')
  const others = Object.values(networkInterfaces()).flat().filter((each) => each?.internal === false && each.family === 'IPv4')
  for (const other of others) {
    const socket = connect({ host: other?.address, port: Number(port) })
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => { resolve(true) })
      socket.once('error', () => { resolve(false) })
    })
    socket.destroy()
    t.equal(isOpen, false, String(other?.address))
  }
})

t.test('a port that is in use rejects', async (t) => {
  const { dev } = await startPair(t)
  await t.rejects(startTestDev(t, { port: Number(new URL(dev.url).port) }), /EADDRINUSE/)
})
