import { Value } from '@sinclair/typebox/value'
import { createServer } from 'node:http'
import { once } from 'node:events'
import Fastify from 'fastify'
import type { WebhookOptions } from 'fastify-green-api'
import type { EmulatorOptions } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { ask } from '../../lib/cli/doctor/account.ts'
import { checkAddress, show } from '../../lib/cli/doctor/address.ts'
import { eventsBehind, readEvents } from '../../lib/cli/doctor/events.ts'
import type { Finding } from '../../lib/cli/doctor/finding.ts'
import { isInside } from '../../lib/cli/doctor/network.ts'
import { checkProbe, checkToken } from '../../lib/cli/doctor/probe.ts'
import { checkState } from '../../lib/cli/doctor/state.ts'
import { checkSettings } from '../../lib/cli/doctor/switches.ts'
import { diagnoseRefusal, RefusedCall, unlessRefused } from '../../lib/cli/refused-call.ts'
import { InstanceSettings } from '../../lib/green-api/instance-settings.ts'
import { build, collect, only, token } from '../helpers/app.ts'
import { command, spawnProgram, start } from '../helpers/command-line.ts'
import { emulate } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'

const defaultSettings = Value.Create(InstanceSettings)
const apiToken = 'the-api-token'
const places = { subject: 'webhookUrl' }

/** The plugin, on a server that listens. */
async function receive (t: Test, options: Partial<WebhookOptions> = {}) {
  const app = await build(t, options)
  return { unrecognized: collect(app, 'unrecognized'), webhookUrl: `http://127.0.0.1:${await listen(app)}/green-api` }
}

/** What the doctor says of an emulated instance, with --json. */
async function examine (t: Test, settings: Partial<InstanceSettings>, args: readonly string[] = [], options: { stateInstance?: string, instance?: string, token?: string } & EmulatorOptions = {}) {
  const { stateInstance, instance = '1101000007', token: given = apiToken, ...rest } = options
  const emulator = await emulate(t, { ...rest, instances: [{ idInstance: '1101000007', apiTokenInstance: apiToken, settings, stateInstance }] })
  const { code, stdout, stderr } = await command(t, 'doctor', '--id-instance', instance, '--token', given, '--api-url', emulator.apiUrl, '--json', ...args)
  t.equal(stderr, '')
  const { ok, findings }: { ok: boolean, findings: Finding[] } = JSON.parse(stdout)
  t.equal(ok, code === 0)
  for (const secret of [apiToken, token]) t.notMatch(stdout, secret, 'no token is printed')
  return { code, findings, problems: findings.filter(({ level }) => level === 'problem'), warnings: findings.filter(({ level }) => level === 'warning') }
}

t.test('where all is well there is no problem', async (t) => {
  const { unrecognized, webhookUrl } = await receive(t)
  const { code, problems, warnings, findings } = await examine(t, { webhookUrl, webhookUrlToken: token })
  t.equal(code, 0)
  t.strictSame([...problems, ...warnings], [])
  t.match(findings, [
    { level: 'ok', subject: 'apiUrl' },
    { level: 'ok', subject: 'stateInstance' },
    { level: 'ok', subject: 'settings' },
    { level: 'note', subject: 'webhookUrl', message: /not on the internet, and neither is the API/ },
    { level: 'ok', subject: 'webhookUrl', message: /answers 200/ },
    { level: 'note', subject: 'probe', message: /from this machine, not from GREEN-API/ }
  ])
  t.match(only(unrecognized), { reason: 'unknown-type', typeWebhook: 'doctor', idInstance: '1101000007' }, 'the probe is one event')
})

t.test('every broken configuration is named, with its fix', async (t) => {
  const good = await receive(t)
  const closed = `http://127.0.0.1:${await freePort()}/green-api`
  const strange = await receive(t, { token: { 7103000001: token } })
  const own = { webhookUrl: good.webhookUrl, webhookUrlToken: token }
  const cases: Array<[string, Parameters<typeof examine> extends [Test, ...infer Rest] ? Rest : never, { subject: string, message: RegExp, fix: RegExp }]> = [
    ['a wrong token', [own, [], { token: 'another' }], { subject: 'apiTokenInstance', message: /not the token of instance 1101000007 \(401\)/, fix: /copy the instance's apiTokenInstance/ }],
    ['a wrong id', [own, [], { instance: '1101000002' }], { subject: 'idInstance', message: /no instance 1101000002/, fix: /copy idInstance and apiUrl/ }],
    ['not authorized', [own, [], { stateInstance: 'notAuthorized' }], { subject: 'stateInstance', message: /no account is linked/, fix: /scan the QR code/ }],
    ['blocked', [own, [], { stateInstance: 'blocked' }], { subject: 'stateInstance', message: /banned/, fix: /review/ }],
    ['the switch of all that contacts send', [{ ...own, incomingWebhook: 'no' }], { subject: 'incomingWebhook', message: /nothing arrives that contacts send/, fix: /set incomingWebhook to "yes"/ }],
    ['a switch that is needed', [{ ...own, outgoingWebhook: 'no' }, ['--events', 'buttonReply, outgoingMessageStatus']], { subject: 'outgoingWebhook', message: /outgoingMessageStatus needs it/, fix: /set outgoingWebhook to "yes"/ }],
    ['nothing listens at the webhookUrl', [{ ...own, webhookUrl: closed }], { subject: 'webhookUrl', message: /nothing listens there/, fix: /start the server/ }],
    ['a host that nobody knows', [{ ...own, webhookUrl: 'http://no-such-host.invalid/' }], { subject: 'webhookUrl', message: /DNS does not know the host/, fix: /DNS record/ }],
    ['a wrong path', [{ ...own, webhookUrl: good.webhookUrl + '/x' }], { subject: 'webhookUrl', message: /answered 404: the server has no such path/, fix: /the path that the plugin is registered under/ }],
    ['another token than the server accepts', [{ ...own, webhookUrlToken: 'other' }], { subject: 'webhookUrlToken', message: /401: it does not accept the token that GREEN-API posts with/, fix: /the same value, to the letter/ }],
    ['the token of another instance', [{ ...own, webhookUrl: strange.webhookUrl }], { subject: 'webhookUrlToken', message: /does not accept the token/, fix: /the same value/ }],
    ['no token where the server wants one', [{ ...own, webhookUrlToken: '' }], { subject: 'webhookUrlToken', message: /wants a token, and the instance has none/, fix: /the same value/ }],
    ['polling with a webhookUrl', [own, ['--poll']], { subject: 'webhookUrl', message: /custom webhook url is set/, fix: /empty webhookUrl/ }]
  ]
  for (const [name, args, expected] of cases) {
    const { code, problems } = await examine(t, ...args)
    t.equal(code, 1, name)
    t.match(only(problems), expected, name)
  }
})

t.test('what is dubious is a warning, and no problem', async (t) => {
  const open = await receive(t, { token: false })
  const careless = Fastify()
  t.teardown(() => careless.close())
  careless.post('/', async ({ headers }, reply) => reply.code(headers.authorization === undefined ? 401 : 200).send())
  const anyToken = `http://127.0.0.1:${await listen(careless)}/`
  const cases: Array<[Partial<InstanceSettings>, string, RegExp]> = [
    [{ webhookUrl: open.webhookUrl, webhookUrlToken: token }, 'webhookUrlToken', /200 without a token as well/],
    [{ webhookUrl: anyToken, webhookUrlToken: token }, 'webhookUrlToken', /200 with a wrong token as well/],
    [{ webhookUrl: open.webhookUrl, webhookUrlToken: '' }, 'webhookUrlToken', /it is empty/],
    [{ webhookUrl: '' }, 'webhookUrl', /none is set/],
    [{ pollMessageWebhook: 'no' }, 'pollMessageWebhook', /it is "no"/]
  ]
  for (const [settings, subject, message] of cases) {
    const { code, warnings } = await examine(t, { webhookUrl: open.webhookUrl, webhookUrlToken: token, ...settings })
    t.equal(code, 0)
    const found = warnings.find((warning) => warning.subject === subject && message.test(warning.message))
    t.ok(found?.fix, `${subject} ${message}`)
  }
  t.match(only((await examine(t, { webhookUrl: '' }, ['--poll'])).findings.filter(({ subject }) => subject === 'webhookUrl')), { level: 'ok' }, 'polling needs no webhookUrl')
})

t.test('the doctor changes nothing, takes nothing, and posts nothing unless it may', async (t) => {
  const { unrecognized, webhookUrl } = await receive(t)
  const emulator = await emulate(t, { instances: [{ apiTokenInstance: apiToken }] })
  const instance = emulator.instance()
  instance.receive(instance.build.textMessage())
  const asked: string[] = []
  emulator.server.server.on('request', ({ method, url = '' }: { method: string, url?: string }) => { asked.push(`${method} ${url.split('/')[2]}`) })
  const args = ['doctor', '--id-instance', instance.idInstance, '--token', apiToken, '--api-url', emulator.apiUrl]
  await command(t, ...args)
  await command(t, ...args, '--poll')
  await instance.applySettings({ webhookUrl, webhookUrlToken: token })
  await emulator.idle()
  await command(t, ...args, '--no-probe')
  t.strictSame([...new Set(asked)], ['GET getSettings', 'GET getStateInstance'])
  t.equal(unrecognized.length, 0)
})

t.test('people read it with symbols, cures and a sum', async (t) => {
  const emulator = await emulate(t, { instances: [{ apiTokenInstance: apiToken, settings: { webhookUrl: '', incomingWebhook: 'no' }, stateInstance: 'yellowCard' }] })
  const args = ['doctor', '--id-instance', '1101000001', '--token', apiToken, '--api-url', emulator.apiUrl]
  const { code, stdout } = await command(t, ...args)
  t.equal(code, 1)
  for (const text of ['ok apiUrl: ', 'problem incomingWebhook: it is "no"', 'events: incomingMessageReceived, ', 'what to do: set incomingWebhook to "yes"', 'warning stateInstance: yellowCard', '1 problem, 2 warnings']) t.ok(stdout.includes(text), text)
  t.notMatch(stdout, '\u001B[')
  t.notMatch(stdout, apiToken)
  t.match((await start(t, args, { terminal: true }).ended).stdout, '\u001B[31mproblem\u001B[39m', 'in color, in a terminal')
})

t.test('a process of its own says the same, and takes its credentials from the environment', async (t) => {
  const emulator = await emulate(t, { instances: [{ apiTokenInstance: apiToken, stateInstance: 'notAuthorized' }] })
  process.env.GREEN_API_TOKEN_INSTANCE = apiToken
  process.env.GREEN_API_ID_INSTANCE = '1101000001'
  t.teardown(() => { delete process.env.GREEN_API_TOKEN_INSTANCE; delete process.env.GREEN_API_ID_INSTANCE })
  const { code, stdout, stderr } = await spawnProgram(t, ['doctor', '--api-url', emulator.apiUrl]).ended
  t.equal(code, 1)
  t.match(stdout, 'problem stateInstance: notAuthorized')
  t.equal(stderr, '')
})

t.test('what answers need not be GREEN-API', async (t) => {
  for (const [answer, message] of [
    [() => [200, '<html>'], /is not GREEN-API/],
    [() => [200, '{}'], /is not GREEN-API/],
    [() => [200, 'x'.repeat(5 * 1024 * 1024)], /is not GREEN-API/],
    [() => [404, ''], /is not GREEN-API: getSettings was answered 404/],
    [() => [302, ''], /is not GREEN-API/],
    [() => [429, ''], /asked too often/],
    [() => [503, ''], /GREEN-API fails/]
  ] as Array<[() => [number, string], RegExp]>) {
    const server = createServer((request, response) => { const [status, body] = answer(); response.writeHead(status).end(body) })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => { server.closeAllConnections(); server.close() })
    const { port } = server.address() as { port: number }
    const { code, stdout } = await command(t, 'doctor', '--id-instance', '1', '--token', apiToken, '--api-url', `http://127.0.0.1:${port}`, '--json')
    t.equal(code, 1)
    t.match(JSON.parse(stdout).findings, [{ level: 'problem', subject: 'apiUrl', message, fix: /\w/ }])
  }
  const { stdout } = await command(t, 'doctor', '--id-instance', '1', '--token', apiToken, '--api-url', `http://127.0.0.1:${await freePort()}`)
  t.match(stdout, 'cannot be reached: getSettings has no answer: connect ECONNREFUSED')
  t.notMatch(stdout, apiToken)
})

t.test('what is no answer of GREEN-API is not taken for one', async (t) => {
  const credentials = { apiUrl: 'http://127.0.0.1:1', idInstance: '1', get apiTokenInstance (): string { throw new Error('broken') } }
  await t.rejects(unlessRefused(ask(credentials, new AbortController().signal)), { message: 'broken' })
})

t.test('each state has its meaning', async (t) => {
  for (const [state, level] of [
    ['authorized', 'ok'], ['notAuthorized', 'problem'], ['pendingCode', 'problem'], ['pendingPassword', 'problem'], ['blocked', 'problem'],
    ['suspended', 'warning'], ['yellowCard', 'warning'], ['sleepMode', 'warning'], ['starting', 'warning'], ['brandNew', 'warning']
  ] as const) {
    const finding = checkState(state)
    t.match(finding, { level, subject: 'stateInstance', message: state })
    t.equal(finding.fix === undefined, level === 'ok', 'what is not well has a fix')
  }
})

t.test('each setting takes its events away, as the map has them', async (t) => {
  t.strictSame(eventsBehind('outgoingWebhook'), ['outgoingMessageStatus'])
  t.strictSame(eventsBehind('outgoingAPIMessageWebhook'), ['outgoingAPIMessageReceived', 'interactiveButtons'])
  t.strictSame(eventsBehind('outgoingMessageWebhook'), ['outgoingMessageReceived'])
  t.strictSame(eventsBehind('pollMessageWebhook'), ['pollMessage', 'pollUpdateMessage'])
  t.strictSame(eventsBehind('editedMessageWebhook'), ['editedMessage'])
  t.strictSame(eventsBehind('deletedMessageWebhook'), ['deletedMessage'])
  t.strictSame(eventsBehind('stateWebhook'), ['stateInstanceChanged'])
  t.strictSame(eventsBehind('statusInstanceWebhook'), ['statusInstanceChanged'])
  t.strictSame(eventsBehind('deviceWebhook'), ['deviceInfo'])
  t.strictSame(eventsBehind('avatarInfoWebhook'), ['avatarInfo'])
  t.strictSame(eventsBehind('incomingCallWebhook'), ['incomingCall'])
  t.strictSame(eventsBehind('outgoingCallWebhook'), ['outgoingCall'])
  t.strictSame(eventsBehind('incomingBlockWebhook'), ['incomingBlock'])
  const incoming = eventsBehind('incomingWebhook')
  for (const event of ['incomingMessageReceived', 'buttonReply', 'textMessage', 'pollUpdateMessage', 'reactionMessage']) t.ok(incoming.includes(event), event)
  for (const event of ['interactiveButtons', 'outgoingMessageStatus', 'quotaExceeded', 'stateInstanceChanged']) t.notOk(incoming.includes(event), event)
})

t.test('the events that are listened to decide how bad a setting is', async (t) => {
  const settings: InstanceSettings = { ...defaultSettings, incomingWebhook: 'no', outgoingWebhook: 'no' }
  const levels = (events?: string) => checkSettings(settings, events === undefined ? undefined : readEvents(events)).map(({ level, subject }) => `${level} ${subject}`)
  t.strictSame(levels(), ['problem incomingWebhook', 'warning outgoingWebhook'])
  t.strictSame(levels('buttonReply'), ['problem incomingWebhook', 'note outgoingWebhook'])
  t.strictSame(levels('outgoingMessageStatus'), ['note incomingWebhook', 'problem outgoingWebhook'])
  t.strictSame(levels('interactiveButtons'), ['ok settings', 'note incomingWebhook', 'note outgoingWebhook'])
  t.strictSame(levels('incomingMessageReceived'), ['problem incomingWebhook', 'note outgoingWebhook'])
  t.strictSame(levels('templateButtonsReplyMessage'), ['problem incomingWebhook', 'note outgoingWebhook'], 'a typeMessage will do')
  t.match(checkSettings(defaultSettings, undefined), [{ level: 'ok' }])
  t.match(checkSettings({}, undefined), [{ level: 'ok' }], 'a setting that is not told is none that is off')
  t.throws(() => readEvents('buttonRepl'), { message: /write buttonReply/ })
  t.throws(() => readEvents('zzzzzzzzzz'), { message: /write some of incomingMessageReceived, / })
  t.throws(() => readEvents(' , '), { message: /is empty/ })
  t.match(await command(t, 'doctor', '--id-instance', '1', '--token', 'x', '--events', 'nothing'), { code: 2, stderr: /--events has "nothing"/ })
})

t.test('an address is judged by whether GREEN-API can reach it', async (t) => {
  const from = (webhookUrl: string, way = {}) => checkAddress(webhookUrl, { poll: false, local: false, ...way })
  t.match(from('https://your.host/green-api?key=secret'), [{ ...places, level: 'ok', message: 'https://your.host/green-api?… is' }])
  t.match(from('http://your.host/'), [{ ...places, level: 'warning', message: /is http: messages and the token travel unencrypted/ }])
  t.match(from('http://your.host/', { local: true }), [{ level: 'ok' }])
  for (const webhookUrl of ['green-api', 'ftp://your.host/', '/green-api', 'your.host:443/x']) t.match(from(webhookUrl), [{ level: 'problem', message: /no URL/ }], webhookUrl)
  for (const host of ['localhost:3000', '127.0.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1', '0.0.0.0', '[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:10.0.0.1]', 'server', 'printer.local', 'a.localhost', 'db.internal']) {
    t.match(from(`https://${host}/`), [{ level: 'problem', message: /GREEN-API cannot reach/, fix: /tunnel/ }], host)
    t.match(from(`https://${host}/`, { local: true }), [{ level: 'note' }], host)
  }
  for (const host of ['172.32.0.1', '8.8.8.8', '[2606:4700::1]', 'a.example.com', '100.128.0.1']) t.equal(isInside(new URL(`https://${host}/`)), false, host)
  t.equal(show(new URL('https://user:password@your.host/path')), 'https://your.host/path')
})

t.test('a probe is judged by its answers', async (t) => {
  const answer = (status: number) => ({ status, location: '', text: '' })
  const judge = (genuine: number, hasToken = true, others = {}) => checkProbe({ hasToken, valid: answer(genuine), ...others }, 'https://your.host/')
  t.match(judge(200), [{ level: 'ok' }, { level: 'note' }])
  t.match(judge(200, true, { anonymous: answer(401), stranger: answer(403) }), [{ level: 'ok' }, { level: 'note' }])
  for (const status of [201, 204, 301, 400, 404, 405, 500, 503]) t.match(judge(status), [{ level: 'problem', subject: 'webhookUrl', message: `answered ${status}`, fix: /\w/ }, { level: 'note' }])
  t.match(judge(403), [{ level: 'problem', subject: 'webhookUrlToken' }, { level: 'note' }])
  t.strictSame(checkToken('x'), [])
  t.match(checkToken(''), [{ level: 'warning', fix: /long random text/ }])
  t.match(diagnoseRefusal(new RefusedCall({ status: 466, message: 'getSettings was answered 466' }), { apiUrl: 'https://x', idInstance: '1' }), { subject: 'apiUrl', message: /466/ })
})

t.test('a server that never answers is given up', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = () => undefined
  const emulator = await emulate(t, { instances: [{ apiTokenInstance: apiToken, settings: { webhookUrl: receiver.url } }] })
  const { interrupt, ended } = start(t, ['doctor', '--id-instance', '1101000001', '--token', apiToken, '--api-url', emulator.apiUrl])
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  interrupt()
  t.match(await ended, { code: 1, stdout: /was posted to from here, and interrupted/ })
})
