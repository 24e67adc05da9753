import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import type { MessageBody } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { formatMessage } from '../../lib/cli/emulate/conversation.ts'
import { Customer, help } from '../../lib/cli/emulate/customer.ts'
import { createJsonFormatter, createTextFormatter } from '../../lib/cli/emulate/event-formatter.ts'
import { build, collect, token } from '../helpers/app.ts'
import { command, spawnProgram, start, type Running } from '../helpers/command-line.ts'
import { call, emulate, send } from '../helpers/emulated.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const menu = {
  chatId: '4915550001234@c.us',
  body: 'Is it right?',
  buttons: [{ buttonId: 'yes', buttonText: 'Yes' }, { buttonId: 'no', buttonText: 'No' }]
}

const toModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`

/** Parses what was printed with --json. */
const printed = (running: Running) => {
  return running.stdout().trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))
}

/** Calls a method of the emulated API. */
async function post (url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** Runs the emulator, which sends its notifications to the plugin. */
async function startWithPlugin (t: Test, args: readonly string[] = [], options = {}) {
  const app = await build(t)
  const events = collect(app, 'webhook')
  const url = `http://127.0.0.1:${await listen(app)}/green-api`
  const webhook = ['--webhook-url', url, '--webhook-token', token]
  const running = start(t, ['emulate', '--port', '0', '--speed', '100', ...webhook, ...args], options)
  await running.printed('apiUrl')
  return { events, running, url }
}

t.test('emulate prints a curl command that sends a menu, and a line for each notification of it', async (t) => {
  const { events, running, url } = await startWithPlugin(t)
  const introduction = await running.printed('curl')
  for (const text of [
    /apiUrl {11}http:\/\/127\.0\.0\.1:\d+\n/,
    /idInstance {7}1101000001\n/,
    /apiTokenInstance emulated-token\n/,
    `webhookUrl       ${url}\n`
  ]) t.match(introduction, text)
  t.notMatch(introduction, token)

  const curl = introduction.slice(introduction.indexOf('curl')).replace('curl', 'curl -s')
  const { stdout } = await promisify(execFile)('sh', ['-c', curl])
  const { idMessage } = JSON.parse(stdout)
  const output = await running.printed(`posted    outgoingMessageStatus read ${idMessage} → 200`)
  for (const line of [
    `queued    outgoingAPIMessageReceived interactiveButtons ${idMessage}\n`,
    `posted    outgoingAPIMessageReceived interactiveButtons ${idMessage} → 200\n`,
    `queued    outgoingMessageStatus sent ${idMessage}\n`
  ]) t.ok(output.includes(line), line)
  t.strictSame(events.map(({ name }) => name), [
    'interactiveButtons', 'outgoingMessageStatus', 'outgoingMessageStatus', 'outgoingMessageStatus'
  ])
  running.interrupt()
  t.match(await running.ended, { code: 0, stderr: '' })
})

t.test('emulate prints one JSON object per line with --json', async (t) => {
  const instance = ['--id-instance', '1101000002', '--api-token', 'a-token']
  const { running, url } = await startWithPlugin(t, ['--json', '--seed', '1', ...instance])
  const [{ apiUrl, ...listening }] = printed(running)
  t.strictSame(listening, {
    event: 'listening',
    idInstance: '1101000002',
    apiTokenInstance: 'a-token',
    webhookUrl: url
  })
  const response = await post(`${apiUrl}/waInstance1101000002/sendInteractiveButtonsReply/a-token`, menu)
  t.equal(response.status, 200)
  await until(() => printed(running).length === 9)
  const of = (event: string) => printed(running).filter((line) => line.event === event)
  const menuSent = {
    receiptId: 1,
    idInstance: '1101000002',
    typeWebhook: 'outgoingAPIMessageReceived',
    typeMessage: 'interactiveButtons',
    idMessage: /^BAE5/,
    fault: 'none'
  }
  t.match(of('queued'), [
    menuSent,
    { typeWebhook: 'outgoingMessageStatus', state: 'sent' },
    { state: 'delivered' },
    { state: 'read' }
  ])
  t.match(of('attempted'), [
    { ...menuSent, attempts: 1, status: 200 },
    { receiptId: 2 },
    { receiptId: 3 },
    { receiptId: 4 }
  ])
})

t.test('emulate prints the status and the retry when a notification is not answered 200', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 0 ? 503 : 200
  const running = start(t, ['emulate', '--port', '0', '--speed', '600', '--webhook-url', receiver.url])
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(await running.printed('curl')) ?? []
  await post(`${apiUrl}/waInstance1101000001/sendMessage/emulated-token`, { chatId: menu.chatId, message: 'Hello' })
  const output = await running.printed('→ 200')
  t.match(output, /→ 503, attempt 1, retry in 60 s \(later notifications wait\)/)
})

t.test('emulate --certificate also runs a proxy, and prints how to use it', async (t) => {
  const file = join(t.testdir({}), 'emulator.pem')
  const running = start(t, ['emulate', '--port', '0', '--certificate', file])
  const output = await running.printed('curl')
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? []
  t.ok(output.includes(`proxy            HTTPS_PROXY=${apiUrl} NODE_EXTRA_CA_CERTS=${file} node bot.js\n`))
  t.match(readFileSync(file, 'utf8'), /^-----BEGIN CERTIFICATE-----/)
  running.interrupt()
  t.match(await running.ended, { code: 0 })

  const failed = await command(t, 'emulate', '--port', '0', '--certificate', join(file, 'below'))
  t.match(failed, { code: 1, stderr: /cannot start the emulator: ENOTDIR/ })
})

t.test('emulate prints a line when a notification was polled and deleted', async (t) => {
  const running = start(t, ['emulate', '--port', '0', '--speed', '600'])
  const introduction = await running.printed('curl')
  t.match(introduction, 'webhookUrl       not set: poll with receiveNotification, or restart with --webhook-url')
  const api = `${/apiUrl +(\S+)/.exec(introduction)?.[1]}/waInstance1101000001`
  await post(`${api}/sendMessage/emulated-token`, { chatId: menu.chatId, message: 'Hello' })
  const response = await fetch(`${api}/receiveNotification/emulated-token?receiveTimeout=60`)
  // The emulator's queue envelope.
  const received = await response.json() as { receiptId: number }
  await fetch(`${api}/deleteNotification/emulated-token/${received.receiptId}`, { method: 'DELETE' })
  t.match(await running.printed('polled'), /polled {4}outgoingAPIMessageReceived extendedTextMessage \w+ and deleted/)
})

t.test('emulate injects faults at the given rates', async (t) => {
  const { running, events } = await startWithPlugin(t, [
    '--json',
    '--malformed', '1',
    '--duplicates', '1',
    '--changed-duplicates', '1',
    '--unknown-types', '1',
    '--reordered-statuses', '1'
  ])
  const [{ apiUrl }] = printed(running)
  await post(`${apiUrl}/waInstance1101000001/sendMessage/emulated-token`, { chatId: menu.chatId, message: 'Hello' })
  await until(() => printed(running).filter(({ event }) => event === 'attempted').length === 20)
  const faults = new Set(printed(running).filter(({ event }) => event === 'queued').map(({ fault }) => fault))
  t.strictSame([...faults].sort(), ['changed-duplicate', 'duplicate', 'malformed', 'none', 'unknown-type'])
  t.ok(events.some(({ revision }) => revision === 2))
})

t.test('emulate runs commands that are typed in a terminal', async (t) => {
  const { running, events } = await startWithPlugin(t, [], { terminal: true })
  const type = async (line: string, text: string) => {
    running.stdin.write(`${line}\r`)
    await running.printed(text)
  }
  await running.printed('> ')
  await type('help', 'tap a button of a menu')
  await type('tap last yes', 'No menu was sent yet')
  await type('retry', 'No notification waits for a retry.')
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(running.stdout()) ?? []
  await post(`${apiUrl}/waInstance1101000001/sendInteractiveButtonsReply/emulated-token`, menu)
  await until(() => events.length === 4)
  await type('tap last yes ios', 'templateButtonsReplyMessage')
  await type('', '> ')
  await type('text  Hello,  world', 'textMessage')
  await type('state notAuthorized', 'stateInstanceChanged notAuthorized')
  await until(() => events.length === 7)
  t.match(events.slice(4), [
    { name: 'buttonReply', data: { buttonId: 'yes', buttonText: 'Yes' } },
    { data: { text: 'Hello,  world' } },
    { data: { stateInstance: 'notAuthorized' } }
  ])
  t.match(running.stdout(), '\u001B[32m→ 200\u001B[39m', 'in color')
  running.stdin.write('quit\r')
  t.match(await running.ended, { code: 0, stderr: '' })
})

t.test('emulate begins with what can be typed, and prints what was said between the lines of the log', async (t) => {
  const { events, running } = await startWithPlugin(t)
  const introduction = await running.printed('curl')
  t.match(introduction, /^You are the customer\. Type: text Hello \| tap last yes \| retry \| help \| quit\n/)
  const [apiUrl] = /http:\/\/127\.0\.0\.1:\d+/.exec(introduction) ?? []
  await post(`${apiUrl}/waInstance1101000001/sendInteractiveButtonsReply/emulated-token`, menu)
  await until(() => events.length === 4)
  running.stdin.write('tap last no\n')

  const output = await running.printed('posted    incomingMessageReceived')

  const said = output.split('\n').filter((line) => /^(?:Shop|Ada Lovelace): /.test(line))
  t.strictSame(said, ['Shop: Is it right? [Yes] [No]', 'Ada Lovelace: ▸ No'])
  t.ok(output.indexOf('Shop: ') < output.indexOf('queued    outgoingAPIMessageReceived'))
})

t.test('emulate --show prints only the conversation and failures, or only the log', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = (request, index) => index === 0 ? 503 : 200
  const run = async (show: string) => {
    const running = start(t, ['emulate', '--port', '0', '--show', show, '--webhook-url', receiver.url])
    await running.printed('curl')
    return running
  }
  const conversation = await run('conversation')
  conversation.stdin.write('text Hello\n')
  await conversation.printed('→ 503')
  conversation.stdin.write('retry\n')
  await until(() => receiver.received.length === 2)
  const log = await run('log')
  log.stdin.write('text Hello\n')
  await log.printed('→ 200')

  const linesOf = (running: Running) => running.stdout().split('\n').slice(12).filter((line) => line !== '')
  t.match(linesOf(conversation), [/^Ada Lovelace: Hello$/, /posted .* → 503, attempt 1, retry in 60 s/])
  t.match(linesOf(log), [/queued .* textMessage/, /posted .* → 200/])
  for (const running of [conversation, log]) {
    running.interrupt()
    await running.ended
  }
  t.equal(linesOf(conversation).length, 2)
  t.match(await command(t, 'emulate', '--show', 'log', '--json'), { code: 2, stderr: /cannot be used with option '--json'/ })
})

t.test('emulate uses the tokens and the id of the environment', async (t) => {
  const variables = {
    GREEN_API_ID_INSTANCE: '1101000003', GREEN_API_TOKEN_INSTANCE: 'from-env', GREEN_API_WEBHOOK_TOKEN: 'hook'
  }
  Object.assign(process.env, variables)
  t.teardown(() => { for (const name of Object.keys(variables)) delete process.env[name] })
  const receiver = await Receiver.start(t)
  const running = start(t, ['emulate', '--port', '0', '--json', '--webhook-url', receiver.url])
  await running.printed('listening')
  t.match(printed(running), [{ idInstance: '1101000003', apiTokenInstance: 'from-env' }])
  running.stdin.write('text Hello\n')
  await until(() => receiver.received.length === 1)
  t.match(receiver.received, [{ headers: { authorization: 'Bearer hook' } }])
})

t.test('formatMessage formats messages of any kind and chat', async (t) => {
  const { build } = (await emulate(t)).instance()
  const line = (body: MessageBody) => formatMessage(body, new PassThrough())
  const buttons = [
    { type: 'reply', buttonId: 'a', buttonText: 'A' },
    { type: 'url', buttonId: 'b', buttonText: 'B', url: 'https://example.com' }
  ] as const
  const chatId = '4915550009999@c.us'

  t.equal(line(build.interactiveButtons({ header: 'Order', body: 'Right?', buttons })), 'Shop: Order · Right? [A] [B]')
  t.equal(line(build.textMessage({ text: 'a\u001b[31m\nb' })), 'Ada Lovelace: a [31m b')
  t.equal(line(build.quotedMessage({ text: 'Yes' }, { chatId, senderName: '' })), 'Customer (in 4915550009999): Yes')
  t.equal(line(build.textMessage({ text: 'Hi' }, { chatId, sentBy: 'api' })), 'Shop (to 4915550009999): Hi')
  t.equal(line(build.extendedTextMessage({ text: 'Hi' }, { sentBy: 'api' })), 'Shop: Hi')
  t.equal(line(build.reactionMessage({ reaction: '👍' })), 'Ada Lovelace: (reactionMessage) 👍')
  const unknown = build.textMessage()
  Object.assign(unknown.messageData, { typeMessage: 'newKind' })
  t.equal(line(unknown), 'Ada Lovelace: (newKind)')
})

t.test('emulate runs commands from a pipe, and keeps running at the end of the pipe', async (t) => {
  const { running, events } = await startWithPlugin(t, ['--json'])
  running.stdin.write('text Hello\ntap last yes\n')
  await until(() => events.length === 1)
  t.match(events, [{ name: 'textMessage', data: { text: 'Hello' } }])
  await running.printed('No menu was sent yet')
  t.match(running.stderr(), 'No menu was sent yet', 'on stderr, not between the lines of JSON')
  running.stdin.end()
  await fetch(`${printed(running)[0].apiUrl}/waInstance1101000001/getStateInstance/emulated-token`)
  running.interrupt()
  t.match(await running.ended, { code: 0 })

  const quitting = start(t, ['emulate', '--port', '0'])
  quitting.stdin.write('quit\n')
  t.match(await quitting.ended, { code: 0, stderr: '' })
})

t.test('emulate stops on Ctrl+C and Ctrl+D in a terminal', async (t) => {
  for (const key of ['\u0003', '\u0004']) {
    const running = start(t, ['emulate', '--port', '0'], { terminal: true })
    await running.printed('> ')
    running.stdin.write(key)
    t.match(await running.ended, { code: 0, stderr: '' })
  }
})

t.test('handleLine explains an invalid command', async (t) => {
  const emulator = await emulate(t)
  const customer = new Customer(emulator)
  const idMessage = await send(emulator, 'sendInteractiveButtonsReply', menu)
  await until(() => emulator.instance().queue.size > 0)
  for (const [line, output] of [
    ['text', 'The text is missing. Type, for example: text Hello'],
    ['tap', 'tap last yes'],
    ['tap last', 'tap last yes'],
    ['tap last yes toaster', 'Unknown device "toaster". Use one of android, ios, web.'],
    ['tap last maybe', 'has no button maybe. Tap one of: yes, no.'],
    ['tap BAE5 yes', 'There is no message BAE5'],
    ['state', 'state notAuthorized'],
    ['tapp', 'Unknown command "tapp". Type help for the list of commands.']
  ] as const) t.ok(customer.handleLine(line).output?.includes(output), line)
  t.strictSame(customer.handleLine('help'), { output: help })
  t.strictSame(customer.handleLine(' quit '), { exit: true })
  t.strictSame(customer.handleLine('  '), {})
  t.strictSame(customer.handleLine('retry'), { output: 'There is no webhookUrl. Restart with --webhook-url.' })
  t.strictSame(customer.handleLine(`tap ${idMessage} no web`), {})
  await until(async () => emulator.instance().queue.size > 0)
  t.match((await call(emulator, 'lastIncomingMessages')).body, [{ typeMessage: 'templateButtonReplyMessage' }])
  t.strictSame(customer.handleLine('tap last NO ios'), {}, 'by its text')
})

t.test('emulate explains the fix when it cannot listen', async (t) => {
  const running = start(t, ['emulate', '--port', '0'])
  const port = /apiUrl +http:\/\/127\.0\.0\.1:(\d+)/.exec(await running.printed('curl'))?.[1] ?? ''
  for (const terminal of [false, true]) {
    const { code, stderr } = await start(t, ['emulate', '--port', port], { terminal }).ended
    t.equal(code, 1)
    t.match(stderr, /cannot start the emulator: .*EADDRINUSE/)
    t.match(stderr, `Use another --port than ${port}`)
  }
  t.match(await command(t, 'emulate', '--host', 'no-such-host.invalid'), { code: 1, stderr: /another --host/ })
})

t.test('emulate --certificate names the package to install when it is missing', async (t) => {
  const hooks = toModule(`export const resolve = (name, context, next) => {
    const message = "Cannot find package 'selfsigned' imported from the emulator"
    if (name === 'selfsigned') return Promise.reject(new Error(message))
    return next(name, context)
  }`)
  const without = toModule(`import { register } from 'node:module'; register(${JSON.stringify(hooks)})`)
  const file = join(t.testdir({}), 'emulator.pem')
  const args = ['emulate', '--port', '0', '--certificate', file]
  const { code, stdout, stderr } = await spawnProgram(t, args, { counted: true, imports: [without] }).ended
  t.strictSame([code, stdout], [1, ''])
  const message = 'cannot start the emulator: The package selfsigned is not installed.'
  t.match(stderr, `${message} Run: npm install --save-dev selfsigned`)
  t.notMatch(stderr, /--port/, 'the port is not the problem')
})

t.test('the formatters print the fields and the fault of a notification', async (t) => {
  const { stdout } = process
  const text = createTextFormatter(Object.assign(Object.create(stdout), { isTTY: false }))
  const json = createJsonFormatter()
  const notification = {
    receiptId: 1,
    idInstance: '1',
    text: '{',
    body: { typeWebhook: 'quotaExceeded' },
    fault: 'malformed',
    queuedAt: 0,
    token: '',
    attempts: 2
  } as const
  const refused = { notification, status: undefined, answer: '', durationMs: 0, error: 'connect ECONNREFUSED' }

  t.match(text.queued(notification), /queued {4}quotaExceeded \(malformed\)$/)
  t.match(text.expired(notification), /expired {3}quotaExceeded \(malformed\) after 24 hours, lost$/)
  t.match(text.attempted(refused), '→ connect ECONNREFUSED, attempt 2')
  t.match(text.attempted({ ...refused, error: '' }), '→ no answer, attempt 2')
  t.strictSame(JSON.parse(json.expired(notification)), {
    event: 'expired',
    receiptId: 1,
    idInstance: '1',
    typeWebhook: 'quotaExceeded',
    fault: 'malformed'
  })
  t.match(JSON.parse(json.delivered(notification)), { event: 'delivered' })
  t.match(JSON.parse(json.attempted({ ...refused, error: 'x' })), { event: 'attempted', attempts: 2, error: 'x' })
})

t.test('emulate stops when it is interrupted before it listens', async (t) => {
  const running = start(t, ['emulate', '--port', '0'])
  running.interrupt()
  t.equal((await running.ended).code, 0)
})
