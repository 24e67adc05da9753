import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect, createServer as createSocketServer, type Server } from 'node:net'
import { createServer as createSecureServer } from 'node:https'
import { notifications } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { explain } from '../../lib/cli/explain.ts'
import { nearest } from '../../lib/util/nearest.ts'
import { post } from '../../lib/cli/post.ts'
import { build, collect, only, token } from '../helpers/app.ts'
import { command, start } from '../helpers/command-line.ts'
import { menuSent } from '../helpers/fixtures/notifications.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

async function receive (t: Test) {
  const app = await build(t)
  return { app, events: collect(app, 'webhook'), strangers: collect(app, 'unrecognized'), url: `http://127.0.0.1:${await listen(app)}/green-api` }
}

t.test('every notification is built and sent by its name', async (t) => {
  const { events, url } = await receive(t)
  const names = Object.keys(notifications)
  const { code, stdout, stderr } = await command(t, 'send', ...names, '--to', url, '--token', token)
  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(events.map(({ name }) => name), names)
  t.strictSame(stdout.trim().split('\n').map((line) => line.split(' ')[0]), names)
  for (const line of stdout.trim().split('\n')) t.match(line, /^\w+ \(\w+.*\): answered 200 in \d+ ms$/)
})

t.test('it is sent as GREEN-API sends it', async (t) => {
  const receiver = await Receiver.start(t)
  for (const [own, header] of [['secret', 'Bearer secret'], ['Basic abc', 'Basic abc'], ['bearer x', 'bearer x'], ['schlüssel', 'Bearer schl\u00C3\u00BCssel'], ['', undefined]] as const) {
    await command(t, 'send', 'textMessage', '--to', receiver.url, '--token', own)
    t.match(receiver.received.at(-1)?.headers, { 'content-type': 'application/json; charset=utf-8', ...header !== undefined && { authorization: header } })
    if (header === undefined) t.notOk(receiver.received.at(-1)?.headers.authorization)
  }
  process.env.GREEN_API_WEBHOOK_TOKEN = 'from-the-environment'
  t.teardown(() => { delete process.env.GREEN_API_WEBHOOK_TOKEN })
  await command(t, 'send', 'textMessage', '--to', receiver.url)
  t.equal(receiver.received.at(-1)?.headers.authorization, 'Bearer from-the-environment')
})

t.test('what it says, and what surrounds it, is said in the words of the event', async (t) => {
  const { events, url } = await receive(t)
  const to = ['--to', url, '--token', token]
  await command(t, 'send', 'buttonReply', ...to, '--data', '{"buttonId":"yes","stanzaId":"BAE5"}', '--device', 'ios', '--chat-id', '1@c.us', '--id-instance', '1101000001')
  await command(t, 'send', 'textMessage', ...to, '--data', '{"text":"Hello"}', '--around', '{"sentBy":"phone","idMessage":"A"}')
  t.match(events, [
    { name: 'buttonReply', typeMessage: 'templateButtonsReplyMessage', idInstance: '1101000001', chatId: '1@c.us', data: { buttonId: 'yes', stanzaId: 'BAE5' } },
    { name: 'textMessage', typeWebhook: 'outgoingMessageReceived', idMessage: 'A', data: { text: 'Hello' } }
  ])
})

t.test('a file is sent as its text, without what is around it', async (t) => {
  const receiver = await Receiver.start(t)
  const number = '12345678901234567890'
  const folder = t.testdir({
    'body.json': `\uFEFF{\n  "typeWebhook": "x",\n  "idMessage": ${number}\n}\n`,
    'envelope.json': `{ "receiptId": 1, "body": { "idMessage": ${number} } }`,
    'hollow.json': '{ "receiptId": 1 }',
    'list.json': '[{ "a": 1 }, { "receiptId": 2, "body": { "b": 2 } }]',
    'text.json': '"{ broken"',
    'number.json': '1'
  })
  const files = ['body', 'envelope', 'hollow', 'list', 'text', 'number'].map((name) => `${folder}/${name}.json`)
  const { code, stdout } = await command(t, 'send', ...files, '--to', receiver.url)
  t.equal(code, 0)
  t.strictSame(receiver.received.map(({ text }) => text), [
    `{"typeWebhook":"x","idMessage":${number}}`, `{"idMessage":${number}}`, '{"receiptId":1}', '{"a":1}', '{"b":2}', '{ broken', '1'
  ])
  t.match(stdout, 'body.json (x): answered 200')
  t.match(stdout, 'text.json (no notification): answered 200')
})

t.test('what cannot be sent is said before anything is', async (t) => {
  const receiver = await Receiver.start(t)
  const folder = t.testdir({ 'broken.json': '{', 'body.json': '{}' })
  const cases: Array<[string[], string]> = [
    [['interactiveButons'], 'Did you mean interactiveButtons'],
    [['nothing-of-the-kind'], 'or one of audioMessage'],
    [['textMessage', 'missing.json'], 'missing.json cannot be read (ENOENT'],
    [[`${folder}/broken.json`], 'of a recording, a line for each, use replay'],
    [[folder], 'write the path of a JSON file'],
    [[`${folder}/body.json`, '--data', '{}'], '--data is for notifications that are built'],
    [[`${folder}/body.json`, '--chat-id', '1@c.us'], '--chat-id is for notifications that are built'],
    [['textMessage', '--device', 'ios'], '--device is for buttonReply'],
    [['interactiveButtons', '--data', '{"boddy":"x"}'], '--data has "boddy", which interactiveButtons has not: write some of header, body, footer, buttons'],
    [['interactiveButtons', '--data', '{"buttons":"x"}'], '--data or --around is not what interactiveButtons is made of']
  ]
  for (const [args, says] of cases) {
    const { code, stdout, stderr } = await command(t, 'send', ...args, '--to', receiver.url)
    t.equal(code, 2, args.join(' '))
    t.equal(stdout, '')
    t.ok(stderr.includes(says), stderr)
    t.notMatch(stderr, 'nothing-of-the-kind", and no such file. Did you mean', 'it does not guess wildly')
  }
  t.equal(receiver.received.length, 0)
})

t.test('whatever is not 200 is explained, and exits with 1', async (t) => {
  const receiver = await Receiver.start(t)
  for (const [status, what, fix] of [
    [204, 'only 200 counts', 'let the server answer 200'],
    [307, 'a redirect to', 'use the address that it leads to'],
    [401, 'does not accept the token', 'webhookUrlToken the same value'],
    [403, 'does not accept the token', 'webhookUrlToken the same value'],
    [404, 'no such path', '/green-api unless'],
    [405, 'takes no POST', '/green-api unless'],
    [413, 'answered 413', 'what stands before the plugin'],
    [500, 'the server failed', "server's log"],
    [502, 'a proxy does not reach the server', 'behind the proxy'],
    [503, 'a listener failed', "server's log"]
  ] as const) {
    receiver.answer = () => status
    const { code, stdout, stderr } = await command(t, 'send', 'textMessage', '--to', receiver.url)
    t.equal(code, 1, String(status))
    t.match(stdout, `answered ${status}`)
    t.ok(stdout.includes(what), stdout)
    t.match(stderr, 'every 60 s for 24 hours, and hold back all that follows')
    t.ok(stderr.includes(fix), stderr)
  }
  t.match(explain({ status: 302, location: '', text: '' }), { what: 'answered 302, a redirect' })
})

t.test('with --json it prints one document', async (t) => {
  const { url } = await receive(t)
  const ok = await command(t, 'send', 'buttonReply', 'outgoingMessageStatus', '--to', url, '--token', token, '--json')
  t.equal(ok.code, 0)
  t.match(JSON.parse(ok.stdout), { ok: true, sent: [{ notification: 'buttonReply', typeWebhook: 'incomingMessageReceived', status: 200 }, { state: 'delivered', status: 200 }] })
  const refused = await command(t, 'send', 'buttonReply', '--to', url, '--token', 'wrong', '--json')
  t.equal(refused.code, 1)
  t.equal(refused.stderr, '')
  t.match(JSON.parse(refused.stdout), { ok: false, sent: [{ status: 401, what: /token/, fix: /webhookUrlToken/, consequence: /24 hours/ }] })
})

t.test('what a server says is shown, without the token, and without what a terminal would obey', async (t) => {
  const server = createServer((request, response) => { response.writeHead(500).end(`\u001B[2Jyou sent ${request.headers.authorization}${'.'.repeat(1000)}`) })
  const { stdout } = await command(t, 'send', 'textMessage', '--to', await addressOf(t, server), '--token', 'secret')
  t.match(stdout, 'it says: [2Jyou sent Bearer ….')
  t.notMatch(stdout, 'secret')
  t.ok(stdout.length < 1000)
})

t.test('whoever does not answer is told by what is wrong', async (t) => {
  const silent = createSocketServer((socket) => { socket.on('error', () => {}) })
  const chatty = createSocketServer((socket) => { socket.end('SSH-2.0\r\n') })
  const abrupt = createSocketServer((socket) => { socket.on('data', () => { socket.destroy() }) })
  const plain = await addressOf(t, createServer())
  const secure = await addressOf(t, createSecureServer(certify(t)))
  const free = createSocketServer()
  const closed = await addressOf(t, free)
  await new Promise((resolve) => free.close(resolve))
  for (const [url, code, what] of [
    [closed, 'ECONNREFUSED', 'nothing listens there'],
    ['http://no-such-host.invalid/', /ENOTFOUND|EAI_AGAIN/, 'DNS does not know the host'],
    [await addressOf(t, silent), 'TIMEOUT', 'not answered in time (no answer within 0.2 s)'],
    [await addressOf(t, chatty), /^HPE_/, 'no web server'],
    [await addressOf(t, abrupt), 'ECONNRESET', 'the connection ended without an answer'],
    [plain.replace('http:', 'https:'), /EPROTO|ERR_SSL/, 'does not speak https'],
    [secure.replace('http:', 'https:'), /DEPTH_ZERO_SELF_SIGNED_CERT|EPROTO|ERR_SSL/, /the certificate does not hold|does not speak https/]
  ] as const) {
    const outcome = await post(new URL(url), '{}', { token: '', timeout: code === 'TIMEOUT' ? 200 : 10_000, signal: new AbortController().signal })
    t.match(outcome, { status: undefined, code }, url)
    t.match(explain(outcome).what, what)
    t.ok(explain(outcome).fix)
  }
  t.match(explain({ code: 'EUNHEARD', reason: 'of' }), { what: 'not answered (of)', fix: /mend the address/ })
})

t.test('a large body that is answered before it is read is answered', async (t) => {
  const { url } = await receive(t)
  const outcome = await post(new URL(url), 'x'.repeat(8 * 1024 * 1024), { token: 'wrong', signal: new AbortController().signal })
  t.equal(outcome.status, 401)
})

t.test('Ctrl+C ends the waiting, and what was still to be sent', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = () => undefined
  const { interrupt, ended } = start(t, ['send', 'textMessage', 'textMessage', '--to', receiver.url])
  await until(() => receiver.received.length === 1)
  interrupt()
  t.match(await ended, { code: 1, stdout: /interrupted/ })
  t.equal(receiver.received.length, 1)
})

t.test('near is what begins alike, ends alike, or differs by little', async (t) => {
  const names = Object.keys(notifications)
  for (const [word, expected] of [
    ['interactivebuttons', 'interactiveButtons'], ['buttenReply', 'buttonReply'], ['textMesage', 'textMessage'], ['outgoingMessage', 'outgoingMessageStatus'], ['quota', 'quotaExceeded']
  ] as const) t.ok(nearest(word, names).includes(expected), word)
  t.strictSame(nearest('zzzzzzzz', names), [])
  t.strictSame(nearest('', names), [])
  t.equal(nearest('message', names).length, 3)
})

t.test('a body of this project is received as one', async (t) => {
  const { events, url } = await receive(t)
  const folder = t.testdir({ 'menu.json': JSON.stringify(menuSent()) })
  await command(t, 'send', `${folder}/menu.json`, '--to', url, '--token', token)
  t.equal(only(events).name, 'interactiveButtons')
})

/** A certificate that nobody has signed but its owner; none, with which no TLS works, where there is no openssl. */
function certify (t: Test): { key?: Buffer, cert?: Buffer } {
  const folder = t.testdir({})
  const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`]
  const { status } = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', cert])
  return status === 0 ? { key: readFileSync(key), cert: readFileSync(cert) } : {}
}

/** Where a server listens, until the test ends. */
async function addressOf (t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('it listens on no port')
  const sockets = new Set<ReturnType<typeof connect>>()
  server.on('connection', (socket) => { sockets.add(socket) })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${address.port}/`
}
