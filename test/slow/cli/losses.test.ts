import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply } from 'fastify'
import { Emulator, type InstanceOptions } from 'fastify-green-api/emulator'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { collectMetrics } from 'fastify-green-api/metrics'
import { textMessage } from 'fastify-green-api/testing'
import { Gauge, Registry } from 'prom-client'
import t, { type Test } from 'tap'
import type { Finding } from '../../../lib/cli/doctor/finding.ts'
import { build, collect, only, post, token } from '../../helpers/app.ts'
import { command } from '../../helpers/command-line.ts'
import { freePort } from '../../helpers/free-port.ts'
import { MemoryInbox } from '../../helpers/fixtures/memory-inbox.ts'
import { listen } from '../../helpers/sockets.ts'
import { until } from '../../helpers/until.ts'

/** Unix time in seconds. */
const minutesAgo = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60

/** Emulates an instance, and runs the doctor on it. */
async function emulate (t: Test, settings: InstanceOptions['settings'] = {}) {
  const emulator = new Emulator({ seed: t.name, rateLimits: true, instances: [{ settings }] })
  t.teardown(() => emulator.close())
  const requests: string[] = []
  const answers = new Map<string, (reply: FastifyReply) => unknown>()
  emulator.server.addHook('onRequest', async ({ method, url }, reply) => {
    const [, , name = ''] = url.split('/')
    requests.push(`${method} ${name}`)
    await answers.get(name)?.(reply)
  })
  const apiUrl = await emulator.listen()
  const instance = emulator.instance()
  const { idInstance, apiTokenInstance } = instance
  const credentials = ['--id-instance', idInstance, '--api-token', apiTokenInstance, '--api-url', apiUrl]
  async function doctor (...args: string[]) {
    // A method can be called once a second.
    await emulator.clock.advance(1000)
    const { code, stdout, stderr } = await command(t, 'doctor', '--losses', ...credentials, ...args)
    t.equal(stderr, '')
    t.notMatch(stdout, apiTokenInstance)
    return { code, stdout }
  }
  return {
    emulator,
    instance,
    requests,
    answers,
    /** Receives a text message that is so many minutes old. */
    receive (minutes: number, context: { sentBy?: 'phone', idMessage?: string } = {}) {
      const body = instance.build.textMessage({}, { timestamp: minutesAgo(minutes), ...context })
      instance.receive(body)
      return body
    },
    doctor,
    /** Resolves with the findings about a subject. */
    async examine (subject: string, ...args: string[]) {
      const { code, stdout } = await doctor('--json', ...args)
      const { ok, findings }: { ok: boolean, findings: Finding[] } = JSON.parse(stdout)
      t.equal(ok, code === 0)
      return { code, findings: findings.filter((finding) => finding.subject === subject) }
    }
  }
}

/** Emulates an instance whose notifications are stored in an inbox. */
async function emulateWithInbox (t: Test, settings: InstanceOptions['settings'] = {}) {
  const path = join(t.testdir({}), 'inbox.db')
  const app = await build(t, { inbox: sqliteInbox({ path }) })
  const webhookUrl = `http://127.0.0.1:${await listen(app)}/green-api`
  const emulated = await emulate(t, { webhookUrl, webhookUrlToken: token, ...settings })
  return {
    ...emulated,
    path,
    /** Stops the server when it has received all notifications. */
    async stop () {
      await emulated.emulator.idle()
      await app.close()
    }
  }
}

t.test('doctor --losses lists each message and call that is not in the inbox', async (t) => {
  const { instance, receive, stop, path, examine, doctor, requests } = await emulateWithInbox(t)
  receive(50)
  instance.receive(instance.build.incomingCall({ status: 'pickUp' }, { timestamp: minutesAgo(45) }))
  receive(40, { sentBy: 'phone' })
  instance.setFaults({ lost: 1 })
  const incoming = receive(30)
  const call = instance.build.incomingCall({ status: 'missed' }, { timestamp: minutesAgo(25) })
  instance.receive(call)
  const outgoing = receive(5, { sentBy: 'phone' })
  instance.setFaults({})
  receive(10)
  await stop()
  requests.length = 0

  const { code, findings } = await examine('inbox', '--inbox', path)
  t.strictSame(requests, [
    'GET getSettings', 'GET getStateInstance', 'GET getWebhooksCount',
    'GET lastIncomingMessages', 'GET lastOutgoingMessages', 'GET lastIncomingCalls', 'GET lastOutgoingCalls'
  ])
  const { stdout } = await doctor('--inbox', path, '--minutes', '60')
  const recent = await examine('inbox', '--inbox', path, '--minutes', '15')

  t.equal(code, 1)
  const chatId = '4915550001234@c.us'
  const missing = [
    { idMessage: incoming.idMessage, timestamp: incoming.timestamp, direction: 'incoming', chatId, name: 'textMessage' },
    { idMessage: call.idMessage, timestamp: call.timestamp, direction: 'incoming', chatId, name: 'incomingCall' },
    { idMessage: outgoing.idMessage, timestamp: outgoing.timestamp, direction: 'outgoing', chatId, name: 'textMessage' }
  ]
  const message = '3 of 7 messages and calls in the journals did not arrive'
  t.match(findings[0], { level: 'problem', message, fix: /the option recover/ })
  t.strictSame(findings[0]?.missing, missing)
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
  t.match(stdout, new RegExp([
    `problem inbox: ${message}`,
    `  ${time}  <- ${chatId}  textMessage  ${incoming.idMessage}`,
    `  ${time}  <- ${chatId}  incomingCall  ${call.idMessage}`,
    `  ${time}  -> ${chatId}  textMessage  ${outgoing.idMessage}`,
    '  fix: '
  ].join('\n')))
  t.match(recent.findings, [{ message: '1 of 2 messages and calls in the journals did not arrive' }])
})

t.test('doctor --losses ignores what GREEN-API did not have to send, and what it cannot look up', async (t) => {
  const { instance, receive, stop, path, examine, answers } = await emulateWithInbox(t, {
    outgoingMessageWebhook: 'no', incomingCallWebhook: 'no'
  })
  receive(30)
  receive(20, { sentBy: 'phone' })
  instance.receive(instance.build.incomingCall({ status: 'missed' }, { timestamp: minutesAgo(25) }))
  instance.setFaults({ lost: 1 })
  receive(2)
  await stop()
  const record = {
    type: 'outgoing', timestamp: minutesAgo(15), chatId: '1@c.us', typeMessage: 'textMessage', textMessage: 'Hi', sendByApi: true
  }
  answers.set('lastOutgoingMessages', (reply) => reply.send([
    { ...record, idMessage: 'A', statusMessage: 'pending' },
    { ...record, idMessage: 'B', statusMessage: 'noAccount' },
    { ...record, idMessage: 'C', statusMessage: 'sent', sendByApi: false },
    { ...record, idMessage: 'D', statusMessage: 'sent', typeMessage: 'hologramMessage' },
    { ...record, statusMessage: 'sent' }
  ]))

  const { code, findings } = await examine('inbox', '--inbox', path)

  t.match(findings, [{ level: 'ok', message: 'all 1 messages and calls in the journals arrived' }])
  t.equal(code, 0)
})

t.test('doctor --losses does not take notifications in the queue for lost ones', async (t) => {
  const { instance, receive, stop, path, examine, answers } = await emulateWithInbox(t)
  receive(40)
  instance.setFaults({ lost: 1 })
  const lost = receive(30)
  const late = receive(22)
  instance.setFaults({})
  receive(20)
  receive(5, { sentBy: 'phone' })
  await stop()
  const waiting = receive(10)

  const { code, findings } = await examine('inbox', '--inbox', path)
  answers.set('getWebhooksCount', (reply) => reply.code(404).send())
  const unknown = await examine('inbox', '--inbox', path)

  t.equal(code, 1)
  const missing = [late, waiting].map(({ idMessage }) => ({ idMessage }))
  t.match(findings, [
    { level: 'problem', message: /^1 of 6 /, missing: [{ idMessage: lost.idMessage }] },
    { level: 'note', message: /^2 of 6 .*GREEN-API's queue may have them \(size: 1\)/, missing },
    { level: 'note', message: /^the oldest notification in the inbox arrived at / }
  ])
  t.match(unknown.findings[1], { level: 'note', message: /\(size: unknown\)/ })
})

t.test('doctor --losses reports an inbox that cannot be opened', async (t) => {
  const { path, examine } = await emulateWithInbox(t)
  const missing = join(path, '..', 'none.db')

  const inUse = await examine('inbox', '--inbox', path)
  const none = await examine('inbox', '--inbox', missing)

  t.equal(inUse.code, 1)
  t.match(only(inUse.findings), { level: 'problem', message: /is in use/, fix: /stop the server first/ })
  t.match(only(none.findings), { level: 'problem', message: /There is no inbox at/ })
  t.notOk(existsSync(missing))
})

t.test('doctor --losses explains a journal that GREEN-API refuses, and compares the others', async (t) => {
  const { receive, stop, path, doctor, answers } = await emulateWithInbox(t)
  receive(40)
  await stop()
  const cases = [
    ['lastOutgoingMessages', 429, /too many requests/],
    ['lastIncomingCalls', 466, /limit of its plan/],
    ['lastOutgoingMessages', 401, /rejects the token/],
    ['lastOutgoingCalls', 404, undefined]
  ] as const
  for (const [method, status, message] of cases) {
    await t.test(`${method} answered ${status}`, async (t) => {
      answers.clear()
      answers.set(method, (reply) => reply.code(status).send({}))

      const { code, stdout } = await doctor('--json', '--inbox', path)

      const { findings }: { findings: Finding[] } = JSON.parse(stdout)
      t.match(findings.filter(({ subject }) => subject === 'inbox'), [{ level: 'ok' }])
      const problems = findings.filter(({ level }) => level === 'problem')
      t.match(problems, message === undefined ? [] : [{ subject: method, message, fix: /\w/ }])
      t.equal(code, problems.length)
    })
  }
  await t.test('no answer', async (t) => {
    answers.clear()
    answers.set('lastIncomingMessages', (reply) => { reply.raw.destroy() })

    const { stdout } = await doctor('--json', '--inbox', path)

    const { findings }: { findings: Finding[] } = JSON.parse(stdout)
    t.match(only(findings.filter(({ level }) => level === 'problem')), { subject: 'lastIncomingMessages' })
  })
})

t.test('doctor --losses finds nothing after recovery', async (t) => {
  const path = join(t.testdir({}), 'inbox.db')
  const { emulator, instance, receive, examine } = await emulate(t)
  instance.setFaults({ lost: 1 })
  receive(30)
  receive(20, { sentBy: 'phone' })
  instance.receive(instance.build.outgoingCall({ status: 'pickUp' }, { timestamp: minutesAgo(10) }))
  const { idInstance, apiTokenInstance } = instance
  const recover = { instances: { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance } }
  const app = await build(t, { inbox: sqliteInbox({ path }), recover })
  const events = collect(app, 'webhook')
  await app.ready()
  await until(() => events.length === 3)
  await app.close()

  const { code, findings } = await examine('inbox', '--inbox', path)

  t.equal(code, 0)
  t.match(only(findings), { level: 'ok', message: 'all 3 messages and calls in the journals arrived' })
})

interface ServerOptions {
  readonly startedAt?: number
  readonly byInstance?: boolean
  /** Whether listeners fail. */
  readonly failing?: boolean
  /** Whether notifications are stored, and attempts that failed are not repeated soon. */
  readonly stored?: boolean
}

/** Emulates an instance whose notifications are counted in metrics of a process that started an hour ago. */
async function emulateWithMetrics (
  t: Test, { startedAt = minutesAgo(60), byInstance, failing = false, stored = false }: ServerOptions = {}
) {
  const inbox = stored ? new MemoryInbox(t.fullname, { concurrency: 1, backoff: 60_000 }) : undefined
  const app = await build(t, { inbox, attempts: stored ? 2 : 1 })
  app.greenApi.on('webhook', () => { if (failing) throw new Error('down') })
  const registry = new Registry()
  collectMetrics(app, { registry, byInstance })
  const name = 'process_start_time_seconds'
  new Gauge({ name, help: name, registers: [registry] }).set(startedAt)
  app.get('/metrics', async ({ headers }, reply) => {
    const isAllowed = headers.authorization === `Basic ${Buffer.from('prom:p@ss').toString('base64')}`
    return isAllowed ? await registry.metrics() : await reply.code(401).send()
  })
  const port = await listen(app)
  const webhookUrl = `http://127.0.0.1:${port}/green-api`
  return {
    ...await emulate(t, { webhookUrl, webhookUrlToken: token }),
    app,
    metrics: `http://prom:p%40ss@127.0.0.1:${port}/metrics`
  }
}

t.test('doctor --losses compares the numbers of messages with metrics', async (t) => {
  for (const options of [{}, { byInstance: true }, { failing: true }, { failing: true, stored: true }]) {
    await t.test(JSON.stringify(options), async (t) => {
      const { app, emulator, instance, receive, examine, metrics } = await emulateWithMetrics(t, options)
      receive(50)
      receive(40)
      receive(30, { sentBy: 'phone' })
      if ('byInstance' in options) await post(app, textMessage({}, { idInstance: 1101000002 }))
      await emulator.idle()

      const complete = await examine('metrics', '--metrics', metrics)
      instance.setFaults({ lost: 1 })
      receive(20)
      receive(10, { sentBy: 'phone' })
      const { code, findings } = await examine('metrics', '--metrics', metrics)

      t.equal(complete.code, 0)
      t.match(complete.findings, [
        { level: 'ok', message: '2 incoming messages in the journals, 2 handled by the server' },
        { level: 'ok', message: '1 outgoing messages in the journals, 1 handled by the server' },
        { level: 'note', message: /^only the numbers of messages since the server started at .* are compared/ }
      ])
      t.equal(code, 1)
      t.match(findings, [
        {
          level: 'problem',
          message: '3 incoming messages in the journals, 2 handled by the server: at least 1 are missing',
          fix: /the option recover/
        },
        { level: 'warning', message: /^2 outgoing .* 1 handled .* or they were sent before the server started$/ },
        { level: 'note' }
      ])
    })
  }
})

t.test('doctor --losses does not count repeats, calls, and messages from before the server started', async (t) => {
  const { emulator, instance, receive, examine, metrics } = await emulateWithMetrics(t)
  instance.setFaults({ lost: 1 })
  receive(58)
  receive(70)
  instance.receive(instance.build.incomingCall({ status: 'missed' }, { timestamp: minutesAgo(25) }))
  receive(20)
  instance.setFaults({ duplicates: 1 })
  receive(15)
  await emulator.idle()

  const { findings } = await examine('metrics', '--metrics', metrics)

  t.match(findings[0], { message: '2 incoming messages in the journals, 1 handled by the server: at least 1 are missing' })
})

t.test('doctor --losses does not compare metrics that begin before the journals', async (t) => {
  const { receive, examine, metrics } = await emulateWithMetrics(t, { startedAt: minutesAgo(2000) })
  receive(10)

  const { code, findings } = await examine('metrics', '--metrics', metrics)

  t.equal(code, 0)
  t.match(only(findings), { level: 'warning', message: /^cannot be compared: the server counts since /, fix: /--inbox/ })
})

t.test('doctor --losses reports metrics that cannot be read', async (t) => {
  const { examine, metrics, emulator } = await emulateWithMetrics(t)
  const closed = `http://prom:secret@127.0.0.1:${await freePort()}/metrics`
  const cases = [
    [closed, /^cannot read http:\/\/127\.0\.0\.1:\d+\/metrics: .*ECONNREFUSED/],
    [metrics.replace('prom:', 'other:'), /metrics: it was answered 401$/],
    [emulator.apiUrl, /it was answered 404$/]
  ] as const
  for (const [url, message] of cases) {
    const { code, findings } = await examine('metrics', '--metrics', url)

    t.equal(code, 1)
    t.match(only(findings), { level: 'problem', message, fix: /\w/ })
    t.notMatch(JSON.stringify(findings), /secret|p%40ss|p@ss/)
  }
})

t.test('doctor --losses names the metrics that are missing', async (t) => {
  const app = await build(t)
  app.get('/metrics', async () => 'process_start_time_seconds 1767225600\n')
  app.get('/plugin', async () => '# TYPE green_api_outcomes_total counter\n')
  const url = `http://127.0.0.1:${await listen(app)}`
  const { examine } = await emulate(t)
  for (const path of ['/metrics', '/plugin']) {
    const { findings } = await examine('metrics', '--metrics', url + path)

    t.match(only(findings), { level: 'problem', message: /is missing$/, fix: /collectDefaultMetrics/ })
  }
})

t.test('doctor --losses needs an inbox or metrics, and these need --losses', async (t) => {
  const credentials = ['--id-instance', '1', '--api-token', 'a']
  const cases = [
    [['--losses'], /--losses needs --inbox <path> or --metrics <url>/],
    [['--inbox', 'inbox.db'], /--inbox and --metrics need --losses/],
    [['--metrics', 'http://127.0.0.1/metrics'], /--inbox and --metrics need --losses/],
    [['--losses', '--metrics', 'metrics'], /Use a URL/],
    [['--losses', '--inbox', 'inbox.db', '--minutes', '0'], /Use a whole number above 0/]
  ] as const
  for (const [args, message] of cases) {
    t.match(await command(t, 'doctor', ...credentials, ...args), { code: 2, stdout: '', stderr: message })
  }
})
