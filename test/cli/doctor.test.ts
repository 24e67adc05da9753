import { Value } from '@sinclair/typebox/value'
import dns, { type LookupAddress, type LookupAllOptions } from 'node:dns'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import type { WebhookOptions } from 'fastify-green-api'
import t, { type Test } from 'tap'
import { catchRequestError, diagnoseRequestError } from '../../lib/cli/diagnose-request-error.ts'
import { checkAddress, formatUrl } from '../../lib/cli/doctor/address.ts'
import { eventsRequiring, parseEventNames } from '../../lib/cli/doctor/events.ts'
import type { Finding } from '../../lib/cli/doctor/finding.ts'
import { fetchInstanceInfo } from '../../lib/cli/doctor/instance-info.ts'
import { isPrivateHost } from '../../lib/cli/doctor/network.ts'
import { checkProbe, checkToken } from '../../lib/cli/doctor/probe.ts'
import { checkState } from '../../lib/cli/doctor/state.ts'
import { checkSettings } from '../../lib/cli/doctor/webhook-settings.ts'
import { InstanceSettings } from '../../lib/green-api/instance-settings.ts'
import { RequestError } from '../../lib/green-api/request-error.ts'
import { build, collect, only, token } from '../helpers/app.ts'
import { command, spawnProgram, start } from '../helpers/command-line.ts'
import { emulate } from '../helpers/emulated.ts'
import { freePort } from '../helpers/free-port.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { listen } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

const defaultSettings = Value.Create(InstanceSettings)
const apiToken = 'the-api-token'

type LookupCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

/** Runs a server with the plugin. */
async function receive (t: Test, options: Partial<WebhookOptions> = {}) {
  const app = await build(t, options)
  return {
    unrecognized: collect(app, 'unrecognized'),
    webhookUrl: `http://127.0.0.1:${await listen(app)}/green-api`
  }
}

interface ExamineOptions {
  stateInstance?: string
  /** The instance that the doctor checks. */
  instance?: string
  /** The token that the doctor uses. */
  token?: string
}

/** Runs the doctor on an emulated instance, with --json. */
async function examine (
  t: Test,
  settings: Partial<InstanceSettings>,
  args: readonly string[] = [],
  { stateInstance, instance = '1101000007', token: usedToken = apiToken }: ExamineOptions = {}
) {
  const emulator = await emulate(t, {
    instances: [{ idInstance: '1101000007', apiTokenInstance: apiToken, settings, stateInstance }]
  })
  const credentials = ['--id-instance', instance, '--api-token', usedToken, '--api-url', emulator.apiUrl]
  const { code, stdout, stderr } = await command(t, 'doctor', ...credentials, '--json', ...args)
  t.equal(stderr, '')
  const { ok, findings }: { ok: boolean, findings: Finding[] } = JSON.parse(stdout)
  t.equal(ok, code === 0)
  for (const secret of [apiToken, token]) t.notMatch(stdout, secret, 'no token is printed')
  const withLevel = (wanted: string) => findings.filter(({ level }) => level === wanted)
  return { code, findings, problems: withLevel('problem'), warnings: withLevel('warning') }
}

t.test('doctor finds no problem when everything is set up', async (t) => {
  const { unrecognized, webhookUrl } = await receive(t)
  const { code, problems, warnings, findings } = await examine(t, { webhookUrl, webhookUrlToken: token })
  t.equal(code, 0)
  t.strictSame([...problems, ...warnings], [])
  t.match(findings, [
    { level: 'ok', subject: 'apiUrl' },
    { level: 'ok', subject: 'stateInstance' },
    { level: 'ok', subject: 'settings' },
    {
      level: 'note',
      subject: 'webhookUrl',
      message: /not reachable from the internet \(fine here, because the API is local too\)/
    },
    { level: 'ok', subject: 'webhookUrl', message: /answers 200/ },
    { level: 'note', subject: 'probe', message: /came from this machine/ }
  ])
  const event = { reason: 'unknown-type', typeWebhook: 'doctor', idInstance: '1101000007' }
  t.match(only(unrecognized), event, 'the test notification is one event')
})

t.test('doctor names a broken configuration and its fix', async (t) => {
  const working = await receive(t)
  const closed = `http://127.0.0.1:${await freePort()}/green-api`
  const otherInstance = await receive(t, { token: { 7103000001: token } })
  const valid = { webhookUrl: working.webhookUrl, webhookUrlToken: token }
  interface Case {
    readonly settings?: Partial<InstanceSettings>
    readonly args?: readonly string[]
    readonly options?: ExamineOptions
    readonly expected: { readonly subject: string, readonly message: RegExp, readonly fix: RegExp }
  }
  const cases: Record<string, Case> = {
    'a wrong API token': {
      options: { token: 'another' },
      expected: {
        subject: 'apiTokenInstance',
        message: /not the apiTokenInstance of instance 1101000007 \(401\)/,
        fix: /copy the instance's apiTokenInstance/
      }
    },
    'a wrong instance id': {
      options: { instance: '1101000002' },
      expected: { subject: 'idInstance', message: /no instance 1101000002/, fix: /copy idInstance and apiUrl/ }
    },
    'an instance that is not authorized': {
      options: { stateInstance: 'notAuthorized' },
      expected: { subject: 'stateInstance', message: /no WhatsApp account is linked/, fix: /scan the QR code/ }
    },
    'a blocked account': {
      options: { stateInstance: 'blocked' },
      expected: { subject: 'stateInstance', message: /banned/, fix: /review/ }
    },
    'incomingWebhook switched off': {
      settings: { incomingWebhook: 'no' },
      expected: {
        subject: 'incomingWebhook',
        message: /you receive no messages from contacts/,
        fix: /set incomingWebhook to "yes"/
      }
    },
    'a required setting switched off': {
      settings: { outgoingWebhook: 'no' },
      args: ['--events', 'buttonReply, outgoingMessageStatus'],
      expected: {
        subject: 'outgoingWebhook',
        message: /outgoingMessageStatus needs it/,
        fix: /set outgoingWebhook to "yes"/
      }
    },
    'a webhookUrl where nothing listens': {
      settings: { webhookUrl: closed },
      expected: { subject: 'webhookUrl', message: /nothing listens at this address/, fix: /start the server/ }
    },
    'a host that is not in DNS': {
      settings: { webhookUrl: 'http://no-such-host.invalid/' },
      expected: { subject: 'webhookUrl', message: /host not found in DNS/, fix: /DNS record/ }
    },
    'a wrong path': {
      settings: { webhookUrl: `${working.webhookUrl}/x` },
      expected: {
        subject: 'webhookUrl',
        message: /answered 404: the server has no route at this path/,
        fix: /the full path of the route/
      }
    },
    'a token that the server does not accept': {
      settings: { webhookUrlToken: 'other' },
      expected: {
        subject: 'webhookUrlToken',
        message: /401: it rejects the instance's webhookUrlToken/,
        fix: /exactly the same value/
      }
    },
    'a token that the server accepts for another instance': {
      settings: { webhookUrl: otherInstance.webhookUrl },
      expected: {
        subject: 'webhookUrlToken',
        message: /rejects the instance's webhookUrlToken/,
        fix: /exactly the same value/
      }
    },
    'no token where the server requires one': {
      settings: { webhookUrlToken: '' },
      expected: {
        subject: 'webhookUrlToken',
        message: /requires a token, but the instance has none/,
        fix: /exactly the same value/
      }
    },
    'neither a webhookUrl nor polling': {
      settings: { webhookUrl: '' },
      expected: {
        subject: 'webhookUrl',
        message: /^not set, so GREEN-API keeps notifications/,
        fix: /or use polling and run the doctor with --poll/
      }
    },
    'polling with a webhookUrl': {
      args: ['--poll'],
      expected: { subject: 'webhookUrl', message: /custom webhook url is set/, fix: /clear webhookUrl/ }
    }
  }
  for (const [name, { settings, args, options, expected }] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const { code, problems, findings } = await examine(t, { ...valid, ...settings }, args, options)

      t.equal(code, 1)
      t.match(only(problems), expected)
      const aboutSame = findings.filter(({ subject, level }) => subject === expected.subject && level !== 'note')
      t.strictSame(aboutSame, problems, 'the subject of a problem has no other explanation')
    })
  }
})

t.test('doctor prints a warning for a configuration that works but is risky', async (t) => {
  const open = await receive(t, { token: false })
  const anyTokenServer = Fastify()
  t.teardown(() => anyTokenServer.close())
  anyTokenServer.post('/', async ({ headers }, reply) => {
    return reply.code(headers.authorization === undefined ? 401 : 200).send()
  })
  const anyToken = `http://127.0.0.1:${await listen(anyTokenServer)}/`
  const cases: Array<[settings: Partial<InstanceSettings>, subject: string, message: RegExp]> = [
    [{ webhookUrl: open.webhookUrl, webhookUrlToken: token }, 'webhookUrlToken', /200 without a token as well/],
    [{ webhookUrl: anyToken, webhookUrlToken: token }, 'webhookUrlToken', /200 with a wrong token as well/],
    [{ webhookUrl: open.webhookUrl, webhookUrlToken: '' }, 'webhookUrlToken', /^empty, so the server cannot tell/],
    [{ pollMessageWebhook: 'no' }, 'pollMessageWebhook', /^set to "no"/]
  ]
  for (const [settings, subject, message] of cases) {
    await t.test(`${subject} ${message}`, async (t) => {
      const given = { webhookUrl: open.webhookUrl, webhookUrlToken: token, ...settings }
      const { code, warnings } = await examine(t, given)

      t.equal(code, 0)
      const found = warnings.filter((warning) => warning.subject === subject)
      t.match(only(found), { message, fix: /\w/ })
    })
  }
})

t.test('doctor prints one finding for an address that it probes', async (t) => {
  const server = createServer((request, response) => { response.writeHead(Number(request.url?.slice(1))).end() })
  t.teardown(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The server has listened, so that its address has a port.
  const { port } = server.address() as AddressInfo
  const { lookup } = dns
  t.teardown(() => { dns.lookup = lookup })
  const resolve = (name: string, options: LookupAllOptions, done: LookupCallback) => {
    lookup(name === 'bot.example' ? '127.0.0.1' : name, options, done)
  }
  // A public name that leads to this machine. Sockets call only this form of lookup.
  dns.lookup = resolve as typeof lookup
  for (const [status, level] of [[200, 'ok'], [401, 'problem']] as const) {
    const address = `http://bot.example:${port}/${status}`

    const { findings } = await examine(t, { webhookUrl: address, webhookUrlToken: token })

    t.match(only(findings.filter(({ message }) => message.includes(address))), { level })
  }
})

t.test('doctor --poll accepts an instance without a webhookUrl', async (t) => {
  const { findings } = await examine(t, { webhookUrl: '' }, ['--poll'])

  t.match(only(findings.filter(({ subject }) => subject === 'webhookUrl')), { level: 'ok' })
})

t.test('doctor only reads from GREEN-API, and posts nothing with --no-probe', async (t) => {
  const { unrecognized, webhookUrl } = await receive(t)
  const emulator = await emulate(t, { instances: [{ apiTokenInstance: apiToken }] })
  const instance = emulator.instance()
  instance.receive(instance.build.textMessage())
  const requests: string[] = []
  emulator.server.server.on('request', ({ method, url = '' }: { method: string, url?: string }) => {
    requests.push(`${method} ${url.split('/')[2]}`)
  })
  const args = ['doctor', '--id-instance', instance.idInstance, '--api-token', apiToken, '--api-url', emulator.apiUrl]
  await command(t, ...args)
  await command(t, ...args, '--poll')
  await instance.applySettings({ webhookUrl, webhookUrlToken: token })
  await emulator.idle()
  await command(t, ...args, '--no-probe')
  t.strictSame([...new Set(requests)], ['GET getSettings', 'GET getStateInstance'])
  t.equal(unrecognized.length, 0)
})

t.test('doctor prints findings with levels and fixes as text, and their number', async (t) => {
  const settings = { webhookUrl: '', incomingWebhook: 'no' } as const
  const emulator = await emulate(t, {
    instances: [{ apiTokenInstance: apiToken, settings, stateInstance: 'yellowCard' }]
  })
  const args = ['doctor', '--id-instance', '1101000001', '--api-token', apiToken, '--api-url', emulator.apiUrl]
  const { code, stdout } = await command(t, ...args)
  t.equal(code, 1)
  for (const text of [
    'ok apiUrl: ',
    'problem incomingWebhook: set to "no"',
    'events: incomingMessageReceived, ',
    'fix: set incomingWebhook to "yes"',
    'warning stateInstance: yellowCard',
    'problem webhookUrl: not set',
    '2 problems, 1 warning'
  ]) t.ok(stdout.includes(text), text)
  t.notMatch(stdout, '\u001B[')
  t.notMatch(stdout, apiToken)
  const colored = await start(t, args, { terminal: true }).ended
  t.match(colored.stdout, '\u001B[31mproblem\u001B[39m', 'colors in a terminal')
})

t.test('the executable reads the credentials from the environment', async (t) => {
  const emulator = await emulate(t, {
    instances: [{ apiTokenInstance: apiToken, stateInstance: 'notAuthorized' }]
  })
  process.env.GREEN_API_TOKEN_INSTANCE = apiToken
  process.env.GREEN_API_ID_INSTANCE = '1101000001'
  t.teardown(() => {
    delete process.env.GREEN_API_TOKEN_INSTANCE
    delete process.env.GREEN_API_ID_INSTANCE
  })
  const { code, stdout, stderr } = await spawnProgram(t, ['doctor', '--api-url', emulator.apiUrl]).ended
  t.equal(code, 1)
  t.match(stdout, 'problem stateInstance: notAuthorized')
  t.equal(stderr, '')
})

t.test('doctor explains a server that does not answer as GREEN-API does', async (t) => {
  const run = (apiUrl: string, ...args: string[]) => {
    return command(t, 'doctor', '--id-instance', '1', '--api-token', apiToken, '--api-url', apiUrl, ...args)
  }
  const cases: Array<[status: number, body: string, message: RegExp]> = [
    [200, '<html>', /is not GREEN-API/],
    [200, '{}', /is not GREEN-API/],
    [200, 'x'.repeat(5 * 1024 * 1024), /is not GREEN-API/],
    [404, '', /is not GREEN-API: getSettings was answered 404/],
    [302, '', /is not GREEN-API/],
    [429, '', /too many requests to GREEN-API/],
    [503, '', /GREEN-API failed/]
  ]
  for (const [status, body, message] of cases) {
    await t.test(`answer ${status} with ${body.slice(0, 6) || 'no body'}`, async (t) => {
      const server = createServer((request, response) => { response.writeHead(status).end(body) })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      t.teardown(() => {
        server.closeAllConnections()
        server.close()
      })
      // A TCP server has an address object.
      const { port } = server.address() as AddressInfo

      const { code, stdout } = await run(`http://127.0.0.1:${port}`, '--json')

      t.equal(code, 1)
      t.match(JSON.parse(stdout).findings, [{ level: 'problem', subject: 'apiUrl', message, fix: /\w/ }])
    })
  }
  const apiUrl = `http://127.0.0.1:${await freePort()}`
  const { stdout } = await run(apiUrl)
  t.match(stdout, `cannot reach ${apiUrl}: getSettings has no answer: connect ECONNREFUSED`)
  t.notMatch(stdout, apiToken)
})

t.test('catchRequestError rejects with any other error', async (t) => {
  const credentials = {
    apiUrl: 'http://127.0.0.1:1',
    idInstance: '1',
    get apiTokenInstance (): string { throw new Error('broken') }
  }
  const request = fetchInstanceInfo(credentials, new AbortController().signal)

  await t.rejects(catchRequestError(request), { message: 'broken' })
})

t.test('checkState gives each state a level, and a fix unless it is authorized', async (t) => {
  for (const [state, level] of [
    ['authorized', 'ok'],
    ['notAuthorized', 'problem'],
    ['pendingCode', 'problem'],
    ['pendingPassword', 'problem'],
    ['blocked', 'problem'],
    ['suspended', 'warning'],
    ['yellowCard', 'warning'],
    ['sleepMode', 'problem'],
    ['starting', 'warning'],
    ['brandNew', 'warning']
  ] as const) {
    const finding = checkState(state)
    t.match(finding, { level, subject: 'stateInstance', message: state })
    t.equal(finding.fix === undefined, level === 'ok', state)
  }
})

t.test('checkState explains suspended and yellowCard in the same words', async (t) => {
  const explain = (state: string) => {
    const { message, ...others } = checkState(state)
    return { ...others, message: message.replace(state, '') }
  }

  t.strictSame(explain('suspended'), explain('yellowCard'))
})

t.test('eventsRequiring lists the events that a setting switches on', async (t) => {
  t.strictSame(eventsRequiring('outgoingWebhook'), ['outgoingMessageStatus'])
  t.strictSame(eventsRequiring('outgoingAPIMessageWebhook'), ['outgoingAPIMessageReceived', 'interactiveButtons'])
  t.strictSame(eventsRequiring('outgoingMessageWebhook'), ['outgoingMessageReceived'])
  t.strictSame(eventsRequiring('pollMessageWebhook'), ['pollMessage', 'pollUpdateMessage'])
  t.strictSame(eventsRequiring('editedMessageWebhook'), ['editedMessage'])
  t.strictSame(eventsRequiring('deletedMessageWebhook'), ['deletedMessage'])
  t.strictSame(eventsRequiring('stateWebhook'), ['stateInstanceChanged'])
  t.strictSame(eventsRequiring('statusInstanceWebhook'), ['statusInstanceChanged'])
  t.strictSame(eventsRequiring('deviceWebhook'), ['deviceInfo'])
  t.strictSame(eventsRequiring('avatarInfoWebhook'), ['avatarInfo'])
  t.strictSame(eventsRequiring('incomingCallWebhook'), ['incomingCall'])
  t.strictSame(eventsRequiring('outgoingCallWebhook'), ['outgoingCall'])
  t.strictSame(eventsRequiring('incomingBlockWebhook'), ['incomingBlock'])
  const incoming = eventsRequiring('incomingWebhook')
  for (const event of [
    'incomingMessageReceived', 'buttonReply', 'textMessage', 'pollUpdateMessage', 'reactionMessage'
  ]) t.ok(incoming.includes(event), event)
  for (const event of [
    'interactiveButtons', 'outgoingMessageStatus', 'quotaExceeded', 'stateInstanceChanged'
  ]) t.notOk(incoming.includes(event), event)
})

t.test('checkSettings takes a disabled setting for a problem only if a used event needs it', async (t) => {
  const settings: InstanceSettings = { ...defaultSettings, incomingWebhook: 'no', outgoingWebhook: 'no' }
  const levels = (events?: string) => {
    const usedEvents = events === undefined ? undefined : parseEventNames(events)
    return checkSettings(settings, usedEvents).map(({ level, subject }) => `${level} ${subject}`)
  }
  t.strictSame(levels(), ['problem incomingWebhook', 'warning outgoingWebhook'])
  t.strictSame(levels('buttonReply'), ['problem incomingWebhook', 'note outgoingWebhook'])
  t.strictSame(levels('outgoingMessageStatus'), ['note incomingWebhook', 'problem outgoingWebhook'])
  t.strictSame(levels('interactiveButtons'), ['ok settings', 'note incomingWebhook', 'note outgoingWebhook'])
  t.strictSame(levels('incomingMessageReceived'), ['problem incomingWebhook', 'note outgoingWebhook'])
  const byType = levels('templateButtonsReplyMessage')
  t.strictSame(byType, ['problem incomingWebhook', 'note outgoingWebhook'], 'a typeMessage stands for its events')
  t.match(checkSettings(defaultSettings, undefined), [{ level: 'ok' }])
  t.match(checkSettings({}, undefined), [{ level: 'ok' }], 'a missing setting is not off')
})

t.test('checkSettings lists only the events that are used', async (t) => {
  const settings: InstanceSettings = { ...defaultSettings, incomingWebhook: 'no', outgoingWebhook: 'no' }
  const listed = (events?: string) => {
    const usedEvents = events === undefined ? undefined : parseEventNames(events)
    return checkSettings(settings, usedEvents).map((finding) => finding.events)
  }

  t.strictSame(listed('buttonReply,textMessage'), [['buttonReply', 'textMessage'], undefined])
  t.strictSame(listed('incomingText'), [['extendedTextMessage', 'quotedMessage', 'textMessage'], undefined])
  t.strictSame(listed(), [eventsRequiring('incomingWebhook'), eventsRequiring('outgoingWebhook')])
})

t.test('checkSettings finds a setting that is off however GREEN-API writes it', async (t) => {
  for (const off of ['no', false, 0]) {
    t.match(checkSettings({ incomingWebhook: off }, undefined), [{ level: 'problem' }], String(off))
  }
  for (const on of ['yes', true, 1]) {
    t.match(checkSettings({ incomingWebhook: on }, undefined), [{ level: 'ok' }], String(on))
  }
})

t.test('parseEventNames explains an unknown event and an empty list', async (t) => {
  t.throws(() => parseEventNames('buttonRepl'), {
    message: 'Unknown event "buttonRepl" in --events. Did you mean "buttonReply"?'
  })
  t.throws(() => parseEventNames('zzzzzzzzzz'), {
    message: /^Unknown event "zzzzzzzzzz" in --events\. Use one of incomingText, incomingMessageReceived, /
  })
  t.throws(() => parseEventNames(' , '), { message: /^--events is empty\. List event names/ })
  t.match(await command(t, 'doctor', '--id-instance', '1', '--api-token', 'x', '--events', 'nothing'), {
    code: 2,
    stderr: /^error: Unknown event "nothing" in --events/
  })
})

t.test('checkAddress checks whether GREEN-API can reach the webhookUrl', async (t) => {
  const check = (webhookUrl: string, local = false) => checkAddress(webhookUrl, { poll: false, local })
  t.match(check('https://your.host/green-api?key=secret'), [{
    level: 'ok',
    subject: 'webhookUrl',
    message: 'GREEN-API sends notifications to https://your.host/green-api?…'
  }])
  t.match(check('http://your.host/'), [{
    level: 'warning',
    subject: 'webhookUrl',
    message: /is not https, so messages and the token travel unencrypted/
  }])
  t.match(check('http://your.host/', true), [{ level: 'ok' }])
  for (const webhookUrl of ['green-api', 'ftp://your.host/', '/green-api', 'your.host:443/x']) {
    t.match(check(webhookUrl), [{ level: 'problem', message: 'not a valid http or https URL' }], webhookUrl)
  }
  for (const host of [
    'localhost:3000', '127.0.0.1', '10.1.2.3', '172.20.0.1', '192.168.1.1', '169.254.1.1', '100.64.0.1', '0.0.0.0',
    '[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:10.0.0.1]', 'server', 'printer.local', 'a.localhost', 'db.internal'
  ]) {
    t.match(check(`https://${host}/`), [{ level: 'problem', message: /GREEN-API cannot reach/, fix: /tunnel/ }], host)
    t.match(check(`https://${host}/`, true), [{ level: 'note' }], host)
  }
  for (const host of ['172.32.0.1', '8.8.8.8', '[2606:4700::1]', 'a.example.com', '100.128.0.1']) {
    t.equal(isPrivateHost(new URL(`https://${host}/`)), false, host)
  }
  t.equal(formatUrl(new URL('https://user:password@your.host/path')), 'https://your.host/path')
})

t.test('checkProbe checks the answers to the test notification', async (t) => {
  const answer = (status: number) => ({ status, location: '', text: '' })
  const check = (valid: number, others = {}) => {
    return checkProbe({ hasToken: true, valid: answer(valid), ...others }, 'https://your.host/')
  }

  t.match(check(200), [{ level: 'ok' }, { level: 'note' }])
  t.match(check(200, { noToken: answer(401), wrongToken: answer(403) }), [{ level: 'ok' }, { level: 'note' }])
  for (const status of [201, 204, 301, 400, 404, 405, 500, 503]) {
    t.match(check(status), [
      { level: 'problem', subject: 'webhookUrl', message: `answered ${status}`, fix: /\w/ },
      { level: 'note' }
    ])
  }
  t.match(check(403), [{ level: 'problem', subject: 'webhookUrlToken' }, { level: 'note' }])
})

t.test('checkToken warns about an empty token', async (t) => {
  t.strictSame(checkToken('x'), [])
  t.match(checkToken(''), [{ level: 'warning', fix: /long random text/ }])
})

t.test('diagnoseRequestError takes an unknown status for a server that is not GREEN-API', async (t) => {
  const error = new RequestError('getSettings', 'was answered 418', 418)

  t.match(diagnoseRequestError(error, { apiUrl: 'https://x', idInstance: '1' }), {
    subject: 'apiUrl',
    message: 'the server at https://x is not GREEN-API: getSettings was answered 418'
  })
})

t.test('diagnoseRequestError names the usual host of an instance for a wrong one', async (t) => {
  const error = new RequestError('getSettings', 'was answered 404', 404)

  t.match(diagnoseRequestError(error, { apiUrl: 'https://x', idInstance: '7103000001' }), {
    subject: 'apiUrl', fix: /usually https:\/\/7103\.api\.greenapi\.com for this idInstance/
  })
})

t.test('diagnoseRequestError explains the limits of a plan', async (t) => {
  for (const status of [466, 469]) {
    const error = new RequestError('getSettings', `was answered ${status}`, status)

    t.match(diagnoseRequestError(error, { apiUrl: 'https://x', idInstance: '1' }), {
      subject: 'idInstance', message: /has reached a limit of its plan/, fix: /larger plan/
    })
  }
})

t.test('doctor stops waiting for an answer when it is interrupted', async (t) => {
  const receiver = await Receiver.start(t)
  receiver.answer = () => undefined
  const emulator = await emulate(t, {
    instances: [{ apiTokenInstance: apiToken, settings: { webhookUrl: receiver.url } }]
  })
  const credentials = ['--id-instance', '1101000001', '--api-token', apiToken, '--api-url', emulator.apiUrl]
  const { interrupt, ended } = start(t, ['doctor', ...credentials])
  await until(() => receiver.received.length > 0)
  interrupt()
  t.match(await ended, { code: 1, stdout: /test notification to .*: interrupted/ })
})
