import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { Customer, help } from '../../lib/cli/emulate/customer.ts'
import { makeJsonReport, makeTextReport } from '../../lib/cli/emulate/reports.ts'
import { build, collect, token } from '../helpers/app.ts'
import { command, spawnProgram, start, type Running } from '../helpers/command-line.ts'
import { call, emulate, send } from '../helpers/emulated.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const menu = { chatId: '4915550001234@c.us', body: 'Is it right?', buttons: [{ buttonId: 'yes', buttonText: 'Yes' }, { buttonId: 'no', buttonText: 'No' }] }

const toModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`

/** What has been printed with --json. */
const printed = (running: Running) => running.stdout().trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))

/** The emulator on the command line, posting to the plugin. */
async function startWithPlugin (t: Test, args: readonly string[] = [], options = {}) {
  const app = await build(t)
  const events = collect(app, 'webhook')
  const url = `http://127.0.0.1:${await listen(app)}/green-api`
  const running = start(t, ['emulate', '--port', '0', '--speed', '100', '--webhook-url', url, '--webhook-url-token', token, ...args], options)
  await running.printed('apiUrl')
  return { events, running, url }
}

t.test('the curl that is printed sends a menu, and a line tells what becomes of it', async (t) => {
  const app = await build(t)
  const events = collect(app, 'webhook')
  const url = `http://127.0.0.1:${await listen(app)}/green-api`
  const running = start(t, ['emulate', '--port', '0', '--speed', '100', '--webhook-url', url, '--webhook-url-token', token])
  const introduction = await running.printed('curl')
  for (const text of [/apiUrl {11}http:\/\/127\.0\.0\.1:\d+\n/, /idInstance {7}1101000001\n/, /apiTokenInstance emulated-token\n/, `webhookUrl       ${url}\n`]) t.match(introduction, text)
  t.notMatch(introduction, token)

  const { stdout } = await promisify(execFile)('sh', ['-c', introduction.slice(introduction.indexOf('curl')).replace('curl', 'curl -s')])
  const { idMessage } = JSON.parse(stdout)
  const output = await running.printed(`posted    outgoingMessageStatus read ${idMessage} → 200`)
  for (const line of [`queued    outgoingAPIMessageReceived interactiveButtons ${idMessage}\n`, `posted    outgoingAPIMessageReceived interactiveButtons ${idMessage} → 200\n`, `queued    outgoingMessageStatus sent ${idMessage}\n`]) t.ok(output.includes(line), line)
  t.strictSame(events.map(({ name }) => name), ['interactiveButtons', 'outgoingMessageStatus', 'outgoingMessageStatus', 'outgoingMessageStatus'])
  running.interrupt()
  t.match(await running.ended, { code: 0, stderr: '' })
})

t.test('with --json each line is an object', async (t) => {
  const { running, url } = await startWithPlugin(t, ['--json', '--id-instance', '1101000002', '--token', 'a-token', '--seed', '1'])
  const [{ apiUrl, ...listening }] = printed(running)
  t.strictSame(listening, { event: 'listening', idInstance: '1101000002', apiTokenInstance: 'a-token', webhookUrl: url })
  const response = await fetch(`${apiUrl}/waInstance1101000002/sendInteractiveButtonsReply/a-token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(menu) })
  t.equal(response.status, 200)
  await until(() => printed(running).length === 9)
  const of = (event: string) => printed(running).filter((line) => line.event === event)
  const menuSent = { receiptId: 1, idInstance: '1101000002', typeWebhook: 'outgoingAPIMessageReceived', typeMessage: 'interactiveButtons', idMessage: /^BAE5/, fault: 'none' }
  t.match(of('queued'), [menuSent, { typeWebhook: 'outgoingMessageStatus', state: 'sent' }, { state: 'delivered' }, { state: 'read' }])
  t.match(of('attempted'), [{ ...menuSent, attempts: 1, status: 200 }, { receiptId: 2 }, { receiptId: 3 }, { receiptId: 4 }])
})

t.test('what is refused is told with what it holds back', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 0 ? 503 : 200
  const running = start(t, ['emulate', '--port', '0', '--speed', '600', '--webhook-url', receiver.url])
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.printed('curl')) ?? []
  await fetch(`${apiUrl}/waInstance1101000001/sendMessage/emulated-token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ chatId: menu.chatId, message: 'Hello' }) })
  const output = await running.printed('→ 200')
  t.match(output, /→ 503, attempt 1, again in 60 s; it holds back all that follows/)
})

t.test('with --certificate it is a proxy too, and says how to use it', async (t) => {
  const file = join(t.testdir({}), 'emulator.pem')
  const running = start(t, ['emulate', '--port', '0', '--certificate', file])
  const output = await running.printed('curl')
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? []
  t.ok(output.includes(`proxy            HTTPS_PROXY=${apiUrl} NODE_EXTRA_CA_CERTS=${file} node bot.js\n`))
  t.match(readFileSync(file, 'utf8'), /^-----BEGIN CERTIFICATE-----/)
  running.interrupt()
  t.match(await running.ended, { code: 0 })

  const inVain = await command(t, 'emulate', '--port', '0', '--certificate', join(file, 'below'))
  t.match(inVain, { code: 1, stderr: /the emulator cannot begin: ENOTDIR/ })
})

t.test('what is asked for is told when it is taken', async (t) => {
  const running = start(t, ['emulate', '--port', '0', '--speed', '600'])
  const introduction = await running.printed('curl')
  t.match(introduction, 'webhookUrl       none: ask for notifications with receiveNotification')
  const api = `${/apiUrl +(\S+)/.exec(introduction)?.[1]}/waInstance1101000001`
  await fetch(`${api}/sendMessage/emulated-token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ chatId: menu.chatId, message: 'Hello' }) })
  const received = await (await fetch(`${api}/receiveNotification/emulated-token?receiveTimeout=60`)).json() as { receiptId: number }
  await fetch(`${api}/deleteNotification/emulated-token/${received.receiptId}`, { method: 'DELETE' })
  t.match(await running.printed('taken'), /taken {5}outgoingAPIMessageReceived extendedTextMessage \w+ by deleteNotification/)
})

t.test('it misbehaves as often as it is told to', async (t) => {
  const { running, events } = await startWithPlugin(t, ['--json', '--malformed', '1', '--duplicates', '1', '--changed-duplicates', '1', '--unknown-types', '1', '--reordered-statuses', '1'])
  const [{ apiUrl }] = printed(running)
  await fetch(`${apiUrl}/waInstance1101000001/sendMessage/emulated-token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ chatId: menu.chatId, message: 'Hello' }) })
  await until(() => printed(running).filter(({ event }) => event === 'attempted').length === 20)
  const faults = new Set(printed(running).filter(({ event }) => event === 'queued').map(({ fault }) => fault))
  t.strictSame([...faults].sort(), ['changed-duplicate', 'duplicate', 'malformed', 'none', 'unknown-type'])
  t.ok(events.some(({ revision }) => revision === 2))
})

t.test('a person in a terminal is the customer', async (t) => {
  const { running, events } = await startWithPlugin(t, [], { terminal: true })
  const type = async (line: string, text: string) => {
    running.stdin.write(`${line}\r`)
    await running.printed(text)
  }
  await running.printed('> ')
  await type('help', 'tap a button of a menu')
  await type('tap last yes', 'no menu was sent yet')
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(running.stdout()) ?? []
  await fetch(`${apiUrl}/waInstance1101000001/sendInteractiveButtonsReply/emulated-token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(menu) })
  await until(() => events.length === 4)
  await type('tap last yes ios', 'templateButtonsReplyMessage')
  await type('', '> ')
  await type('text  Hello,  world', 'textMessage')
  await type('state notAuthorized', 'stateInstanceChanged notAuthorized')
  await until(() => events.length === 7)
  t.match(events.slice(4), [{ name: 'buttonReply', data: { buttonId: 'yes', buttonText: 'Yes' } }, { data: { text: 'Hello,  world' } }, { data: { stateInstance: 'notAuthorized' } }])
  t.match(running.stdout(), '\u001B[32m→ 200\u001B[39m', 'in color')
  running.stdin.write('quit\r')
  t.match(await running.ended, { code: 0, stderr: '' })
})

t.test('what is piped in is obeyed, and its end ends nothing', async (t) => {
  const { running, events } = await startWithPlugin(t, ['--json'])
  running.stdin.write('text Hello\ntap last yes\n')
  await until(() => events.length === 1)
  t.match(events, [{ name: 'textMessage', data: { text: 'Hello' } }])
  await running.printed('no menu was sent yet')
  t.match(running.stderr(), 'no menu was sent yet', 'beside the lines of JSON')
  running.stdin.end()
  await fetch(`${printed(running)[0].apiUrl}/waInstance1101000001/getStateInstance/emulated-token`)
  running.interrupt()
  t.match(await running.ended, { code: 0 })

  const quitting = start(t, ['emulate', '--port', '0'])
  quitting.stdin.write('quit\n')
  t.match(await quitting.ended, { code: 0, stderr: '' })
})

t.test('Ctrl+C and Ctrl+D end it in a terminal', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    const running = start(t, ['emulate', '--port', '0'], { terminal: true })
    await running.printed('> ')
    running.stdin.write(key)
    t.match(await running.ended, { code: 0, stderr: '' })
  }
})

t.test('whoever types wrongly is told what to type', async (t) => {
  const emulator = await emulate(t)
  const customer = new Customer(emulator)
  const idMessage = await send(emulator, 'sendInteractiveButtonsReply', menu)
  await until(() => emulator.instance().messages('outgoing').some((message) => message.idMessage === idMessage))
  for (const [line, says] of [
    ['text', 'say what to write: text Hello'],
    ['tap', 'tap last yes'],
    ['tap last', 'tap last yes'],
    ['tap last yes toaster', 'there is no device toaster: write one of android, ios, web'],
    ['tap last maybe', 'has no button maybe. Tap one of: yes, no.'],
    ['tap BAE5 yes', 'There is no message BAE5'],
    ['state', 'state notAuthorized'],
    ['tapp', 'there is no command tapp: type help']
  ] as const) t.ok(customer.handleLine(line).output?.includes(says), line)
  t.strictSame(customer.handleLine('help'), { output: help })
  t.strictSame(customer.handleLine(' quit '), { exit: true })
  t.strictSame(customer.handleLine('  '), {})
  t.strictSame(customer.handleLine(`tap ${idMessage} no web`), {})
  await until(async () => emulator.instance().queue.size > 0)
  t.match((await call(emulator, 'lastIncomingMessages')).body, [{ typeMessage: 'templateButtonReplyMessage' }])
})

t.test('where it cannot begin it says what to choose', async (t) => {
  const running = start(t, ['emulate', '--port', '0'])
  const port = /apiUrl +http:\/\/127\.0\.0\.1:(\d+)/.exec(await running.printed('curl'))?.[1] ?? ''
  for (const terminal of [false, true]) {
    const { code, stderr } = await start(t, ['emulate', '--port', port], { terminal }).ended
    t.equal(code, 1)
    t.match(stderr, /cannot begin: .*EADDRINUSE/)
    t.match(stderr, `Choose another --port than ${port}`)
  }
  t.match(await command(t, 'emulate', '--host', 'no-such-host.invalid'), { code: 1, stderr: /another --host/ })
})

t.test('without the package that makes a certificate it says which one to install', async (t) => {
  const hooks = toModule("export const resolve = (name, context, next) => name === 'selfsigned' ? Promise.reject(new Error('Cannot find package')) : next(name, context)")
  const without = toModule(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
  const file = join(t.testdir({}), 'emulator.pem')
  const { code, stdout, stderr } = await spawnProgram(t, ['emulate', '--port', '0', '--certificate', file], { counted: true, imports: [without] }).ended
  t.strictSame([code, stdout], [1, ''])
  t.match(stderr, /cannot begin: The package selfsigned is not installed\. Run: npm install --save-dev selfsigned/)
  t.notMatch(stderr, /--port/, 'which is not what is wrong')
})

t.test('what a notification says of itself is told, and what was done to it', async (t) => {
  const { stdout } = process
  const text = makeTextReport(Object.assign(Object.create(stdout), { isTTY: false }))
  const json = makeJsonReport()
  const notification = { receiptId: 1, idInstance: '1', text: '{', body: { typeWebhook: 'quotaExceeded' }, fault: 'malformed', queuedAt: 0, token: '', attempts: 2 } as const
  t.match(text.queued(notification), /queued {4}quotaExceeded \(malformed\)$/)
  t.match(text.expired(notification), /expired {3}quotaExceeded \(malformed\) after 24 hours, and is lost$/)
  t.match(text.attempted({ notification, status: undefined, error: 'connect ECONNREFUSED' }), '→ connect ECONNREFUSED, attempt 2')
  t.match(text.attempted({ notification, status: undefined, error: '' }), '→ no answer, attempt 2')
  t.strictSame(JSON.parse(json.expired(notification)), { event: 'expired', receiptId: 1, idInstance: '1', typeWebhook: 'quotaExceeded', fault: 'malformed' })
  t.match(JSON.parse(json.delivered(notification)), { event: 'delivered' })
  t.match(JSON.parse(json.attempted({ notification, status: undefined, error: 'x' })), { event: 'attempted', attempts: 2, error: 'x' })
})

t.test('it ends where it was told to before it began', async (t) => {
  const running = start(t, ['emulate', '--port', '0'])
  running.interrupt()
  t.equal((await running.ended).code, 0)
})
