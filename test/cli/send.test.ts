import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect, createServer as createSocketServer, type Server } from 'node:net'
import { createServer as createSecureServer } from 'node:https'
import { notifications } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { explainResult } from '../../lib/cli/explain.ts'
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
  return { events: collect(app, 'webhook'), url: `http://127.0.0.1:${await listen(app)}/green-api` }
}

t.test('send builds and posts each notification by its name', async (t) => {
  const { events, url } = await receive(t)
  const names = Object.keys(notifications)
  const { code, stdout, stderr } = await command(t, 'send', ...names, '--to', url, '--webhook-token', token)
  t.equal(code, 0)
  t.equal(stderr, '')
  t.strictSame(events.map(({ name }) => name), names)
  t.strictSame(stdout.trim().split('\n').map((line) => line.split(' ')[0]), names)
  for (const line of stdout.trim().split('\n')) t.match(line, /^\w+ \(\w+.*\): answered 200 in \d+ ms$/)
})

t.test('send sets the headers that GREEN-API sets', async (t) => {
  const receiver = await Receiver.start(t)
  for (const [option, header] of [
    ['secret', 'Bearer secret'],
    ['Basic abc', 'Basic abc'],
    ['bearer x', 'bearer x'],
    ['schlüssel', 'Bearer schl\u00C3\u00BCssel'],
    ['', undefined]
  ] as const) {
    await command(t, 'send', 'textMessage', '--to', receiver.url, '--webhook-token', option)
    const headers = receiver.received.at(-1)?.headers
    t.equal(headers?.['content-type'], 'application/json; charset=utf-8')
    t.equal(headers?.authorization, header, option)
  }
  process.env.GREEN_API_WEBHOOK_TOKEN = 'from-the-environment'
  t.teardown(() => { delete process.env.GREEN_API_WEBHOOK_TOKEN })
  await command(t, 'send', 'textMessage', '--to', receiver.url)
  t.equal(receiver.received.at(-1)?.headers.authorization, 'Bearer from-the-environment')
})

t.test('send takes the fields of an event as options', async (t) => {
  const { events, url } = await receive(t)
  const to = ['--to', url, '--webhook-token', token]
  const reply = ['--data', '{"buttonId":"yes","stanzaId":"BAE5"}', '--device', 'ios']
  const text = ['--data', '{"text":"Hello"}', '--around', '{"sentBy":"phone","idMessage":"A"}']

  await command(t, 'send', 'buttonReply', ...to, ...reply, '--chat-id', '1@c.us', '--id-instance', '1101000001')
  await command(t, 'send', 'textMessage', ...to, ...text)

  t.match(events, [
    {
      name: 'buttonReply',
      typeMessage: 'templateButtonsReplyMessage',
      idInstance: '1101000001',
      chatId: '1@c.us',
      data: { buttonId: 'yes', stanzaId: 'BAE5' }
    },
    { name: 'textMessage', typeWebhook: 'outgoingMessageReceived', idMessage: 'A', data: { text: 'Hello' } }
  ])
})

t.test('send posts the text of a file without its queue envelope', async (t) => {
  const receiver = await Receiver.start(t)
  const number = '12345678901234567890'
  const folder = t.testdir({
    'body.json': `\uFEFF{\n  "typeWebhook": "x",\n  "idMessage": ${number}\n}\n`,
    'envelope.json': `{ "receiptId": 1, "body": { "idMessage": ${number} } }`,
    'no-body.json': '{ "receiptId": 1 }',
    'list.json': '[{ "a": 1 }, { "receiptId": 2, "body": { "b": 2 } }]',
    'text.json': '"{ broken"',
    'number.json': '1'
  })
  const files = ['body', 'envelope', 'no-body', 'list', 'text', 'number'].map((name) => `${folder}/${name}.json`)
  const { code, stdout } = await command(t, 'send', ...files, '--to', receiver.url)
  t.equal(code, 0)
  t.strictSame(receiver.received.map(({ text }) => text), [
    `{"typeWebhook":"x","idMessage":${number}}`,
    `{"idMessage":${number}}`,
    '{"receiptId":1}',
    '{"a":1}',
    '{"b":2}',
    '{ broken',
    '1'
  ])
  t.match(stdout, 'body.json (x): answered 200')
  t.match(stdout, 'text.json (not a notification): answered 200')
})

t.test('send reports a usage error before it posts anything', async (t) => {
  const receiver = await Receiver.start(t)
  const folder = t.testdir({ 'broken.json': '{', 'body.json': '{}' })
  const cases: Array<[args: string[], stderr: string]> = [
    [['interactiveButons'], '"interactiveButons" is neither an event nor a file. Did you mean "interactiveButtons"?'],
    [['nothing-of-the-kind'], '"nothing-of-the-kind" is neither an event nor a file. Use one of audioMessage'],
    [['textMessage', 'missing.json'], 'Cannot read missing.json (ENOENT'],
    [[`${folder}/broken.json`], 'use the replay command'],
    [[folder], 'Use the path of a JSON file'],
    [[`${folder}/body.json`, '--data', '{}'], '--data applies only to events, and'],
    [[`${folder}/body.json`, '--chat-id', '1@c.us'], '--chat-id applies only to events, and'],
    [['textMessage', '--device', 'ios'], '--device applies only to buttonReply, not to textMessage. Remove it.'],
    [
      ['interactiveButtons', '--data', '{"boddy":"x"}'],
      'Unknown field "boddy" in --data for interactiveButtons. Did you mean "body"?'
    ],
    [
      ['interactiveButtons', '--data', '{"zzzzzz":"x"}'],
      'Unknown field "zzzzzz" in --data for interactiveButtons. Use one of header, body, footer, buttons'
    ],
    [['interactiveButtons', '--data', '{"buttons":"x"}'], 'Invalid --data or --around for interactiveButtons (']
  ]
  for (const [args, expected] of cases) {
    await t.test(args.join(' '), async (t) => {
      const { code, stdout, stderr } = await command(t, 'send', ...args, '--to', receiver.url)

      t.equal(code, 2)
      t.equal(stdout, '')
      t.ok(stderr.includes(expected), stderr)
    })
  }
  t.equal(receiver.received.length, 0)
})

t.test('send explains an answer other than 200, and exits with 1', async (t) => {
  const receiver = await Receiver.start(t)
  for (const [status, message, fix] of [
    [204, 'only 200 counts', 'answer 200, as the plugin does'],
    [307, 'a redirect to', 'use the address that the server redirects to'],
    [401, 'the server rejects the token', "the instance's webhookUrlToken to exactly the same value"],
    [403, 'the server rejects the token', "the instance's webhookUrlToken to exactly the same value"],
    [404, 'the server has no route at this path', '/green-api, unless'],
    [405, 'the path does not accept POST', '/green-api, unless'],
    [413, 'rejected before it reached the plugin', 'check hooks, proxies and firewalls'],
    [500, 'the server failed', 'check the server log'],
    [502, 'a proxy cannot reach the server', "the proxy's upstream address"],
    [503, 'a listener failed', 'check the server log']
  ] as const) {
    await t.test(`answer ${status}`, async (t) => {
      receiver.answer = () => status

      const { code, stdout, stderr } = await command(t, 'send', 'textMessage', '--to', receiver.url)

      t.equal(code, 1)
      t.match(stdout, `answered ${status}`)
      t.ok(stdout.includes(message), stdout)
      t.match(stderr, 'every 60 s for 24 hours and hold back all later ones')
      t.ok(stderr.includes(fix), stderr)
    })
  }
})

t.test('explainResult takes 300 for a redirect, with or without a target', async (t) => {
  t.equal(explainResult({ status: 299, location: '', text: '' }).message, 'answered 299: only 200 counts as delivered')
  t.equal(explainResult({ status: 300, location: '', text: '' }).message, 'answered 300: a redirect')
  t.equal(explainResult({ status: 302, location: '/x', text: '' }).message, 'answered 302: a redirect to /x')
})

t.test('send prints one JSON document with --json', async (t) => {
  const { url } = await receive(t)
  const ok = await command(t, 'send', 'buttonReply', 'outgoingMessageStatus', '--to', url, '--webhook-token', token, '--json')
  t.equal(ok.code, 0)
  t.match(JSON.parse(ok.stdout), {
    ok: true,
    sent: [
      { notification: 'buttonReply', typeWebhook: 'incomingMessageReceived', status: 200, message: 'answered 200' },
      { state: 'delivered', status: 200 }
    ]
  })
  const refused = await command(t, 'send', 'buttonReply', '--to', url, '--webhook-token', 'wrong', '--json')
  t.equal(refused.code, 1)
  t.equal(refused.stderr, '')
  t.match(JSON.parse(refused.stdout), {
    ok: false,
    sent: [{ status: 401, message: /token/, fix: /webhookUrlToken/, warning: /24 hours/ }]
  })
})

t.test('send prints the first 500 characters of an answer, without the token and control characters', async (t) => {
  const server = createServer((request, response) => {
    response.writeHead(500).end(`\u001B[2Jyou sent ${request.headers.authorization}${'.'.repeat(1000)}`)
  })
  const { stdout } = await command(t, 'send', 'textMessage', '--to', await addressOf(t, server), '--webhook-token', 'secret')
  const [, answer = ''] = /answer: (.*)\n/.exec(stdout) ?? []
  // The control character and the token count towards the 500 characters.
  const start = '\u001B[2Jyou sent Bearer secret'
  t.equal(answer, `[2Jyou sent Bearer …${'.'.repeat(500 - start.length)}`)
  t.notMatch(stdout, 'secret')
})

t.test('explainResult explains a server that does not answer', async (t) => {
  const silent = createSocketServer((socket) => { socket.on('error', () => {}) })
  const notHttp = createSocketServer((socket) => { socket.end('SSH-2.0\r\n') })
  const closing = createSocketServer((socket) => { socket.on('data', () => { socket.destroy() }) })
  const plain = await addressOf(t, createServer())
  const secure = await addressOf(t, createSecureServer(certify(t)))
  const free = createSocketServer()
  const closed = await addressOf(t, free)
  await new Promise((resolve) => free.close(resolve))
  for (const [url, code, message] of [
    [closed, 'ECONNREFUSED', 'nothing listens at this address'],
    ['http://no-such-host.invalid/', /ENOTFOUND|EAI_AGAIN/, 'host not found in DNS'],
    [await addressOf(t, silent), 'TIMEOUT', 'timed out (no answer within 0.2 s)'],
    [await addressOf(t, notHttp), /^HPE_/, 'this is not a web server'],
    [await addressOf(t, closing), 'ECONNRESET', 'connection closed without an answer'],
    [plain.replace('http:', 'https:'), /EPROTO|ERR_SSL/, 'the server does not use https on this port'],
    [
      secure.replace('http:', 'https:'),
      /DEPTH_ZERO_SELF_SIGNED_CERT|EPROTO|ERR_SSL/,
      /the certificate is not trusted|does not use https/
    ]
  ] as const) {
    const { signal } = new AbortController()
    const result = await post(new URL(url), '{}', { token: '', timeout: code === 'TIMEOUT' ? 200 : 10_000, signal })
    t.match(result, { status: undefined, code }, url)
    t.match(explainResult(result).message, message)
    t.ok(explainResult(result).fix)
  }
  t.match(explainResult({ code: 'EUNKNOWN', reason: 'unknown' }), {
    message: 'no answer (unknown)',
    fix: 'check the address, or start the server'
  })
})

t.test('post resolves with the answer when the server answers before it reads a large body', async (t) => {
  const { url } = await receive(t)
  const { signal } = new AbortController()
  const result = await post(new URL(url), 'x'.repeat(8 * 1024 * 1024), { token: 'wrong', signal })
  t.equal(result.status, 401)
})

t.test('send stops when it is interrupted, and posts nothing more', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = () => undefined
  const { interrupt, ended } = start(t, ['send', 'textMessage', 'textMessage', '--to', receiver.url])
  await until(() => receiver.received.length === 1)
  interrupt()
  t.match(await ended, { code: 1, stdout: /interrupted/ })
  t.equal(receiver.received.length, 1)
})

t.test('nearest finds names with the same start, the same end or few different characters', async (t) => {
  const names = Object.keys(notifications)
  for (const [word, expected] of [
    ['interactivebuttons', 'interactiveButtons'],
    ['buttenReply', 'buttonReply'],
    ['textMesage', 'textMessage'],
    ['outgoingMessage', 'outgoingMessageStatus'],
    ['quota', 'quotaExceeded']
  ] as const) t.ok(nearest(word, names).includes(expected), word)
  t.strictSame(nearest('zzzzzzzz', names), [])
  t.strictSame(nearest('', names), [])
  t.equal(nearest('message', names).length, 3)
  t.strictSame(nearest('tpx', ['tap']), ['tap'], 'two different characters are near, however short the name')
  t.strictSame(nearest('xyz', ['tap']), [])
})

t.test('send posts a file that the plugin receives as an event', async (t) => {
  const { events, url } = await receive(t)
  const folder = t.testdir({ 'menu.json': JSON.stringify(menuSent()) })
  await command(t, 'send', `${folder}/menu.json`, '--to', url, '--webhook-token', token)
  t.equal(only(events).name, 'interactiveButtons')
})

/** Creates a self-signed certificate. Without openssl there is none, and TLS connections fail. */
function certify (t: Test): { key?: Buffer, cert?: Buffer } {
  const folder = t.testdir({})
  const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`]
  const files = ['-keyout', key, '-out', cert]
  const subject = ['-subj', '/CN=localhost', '-days', '1']
  const { status } = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files])
  return status === 0 ? { key: readFileSync(key), cert: readFileSync(cert) } : {}
}

/** Lets a server listen until the test ends. Resolves with its URL. */
async function addressOf (t: Test, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port')
  const sockets = new Set<ReturnType<typeof connect>>()
  server.on('connection', (socket) => { sockets.add(socket) })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${address.port}/`
}
