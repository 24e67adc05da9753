import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi, { InboxError, InvalidOptionError, type WebhookOptions } from 'fastify-green-api'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { textMessage } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { build, collect, only, post, token } from '../helpers/app.ts'
import { hollowInbox } from '../helpers/fixtures/hollow-inbox.ts'
import { menu, menuSent, status, tap } from '../helpers/fixtures/notifications.ts'
import { answered, head, listen, open } from '../helpers/sockets.ts'
import { until } from '../helpers/until.ts'

async function buildStored (t: Test, folder: string, options: Partial<WebhookOptions> = {}): Promise<FastifyInstance> {
  const app = await build(t, { inbox: sqliteInbox({ path: folder, backoff: 10 }), ...options })
  return app
}

/** Returns a listener that runs until `open` is called. */
function gate () {
  let open: () => void = () => {}
  let calls = 0
  const opened = new Promise<void>((resolve) => { open = resolve })
  return { get calls () { return calls }, open: () => { open() }, listener: () => { calls++; return opened } }
}

t.test('an inbox answers before the listeners are done', async (t) => {
  const app = await buildStored(t, t.testdir({}))
  const work = gate()
  let done = 0
  app.greenApi.on('interactiveButtons', async () => { await work.listener(); done++ })

  t.equal((await post(app, menuSent())).statusCode, 200)
  await until(() => work.calls === 1)
  t.equal(done, 0)
  t.equal(await app.greenApi.inbox.pendingCount(), 1)
  work.open()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(done, 1)
})

t.test('listeners receive the same events from an inbox as without one', async (t) => {
  const stored = await buildStored(t, t.testdir({}))
  const direct = await build(t)
  const changed = menuSent({ ...menu, contentText: 'changed' })
  const tooLarge = 'x'.repeat(5 * 1024 * 1024)
  const bodies = [menuSent(), tap(), status('read'), changed, { nonsense: true }, '{', tooLarge]
  const [fromInbox = [], atOnce = []] = await Promise.all([stored, direct].map(async (app) => {
    const events: unknown[] = []
    for (const name of ['webhook', 'unrecognized'] as const) app.greenApi.on(name, (event) => { events.push(event) })
    for (const [index, body] of bodies.entries()) {
      t.equal((await post(app, body)).statusCode, 200)
      await until(() => events.length === index + 1)
    }
    return events
  }))
  t.strictSame(fromInbox, atOnce)
})

t.test('an inbox delivers stored notifications to listeners of the next process', async (t) => {
  const folder = t.testdir({})
  const first = await buildStored(t, folder)
  const work = gate()
  first.greenApi.on('webhook', work.listener)
  for (const body of [menuSent(), tap(), status('read')]) t.equal((await post(first, body)).statusCode, 200)
  await until(() => work.calls === 1)
  const closing = first.close()
  await sleep(20)
  work.open()
  await closing
  t.equal(work.calls, 1, 'the others wait, as they belong to the same chat')

  const second = await buildStored(t, folder)
  const events = collect(second, 'webhook')
  await second.ready()
  t.equal((await post(second, menuSent())).statusCode, 200, 'a repeat of a delivered notification')
  t.equal((await post(second, tap())).statusCode, 200, 'a repeat of a pending notification')
  await until(async () => await second.greenApi.inbox.pendingCount() === 0)
  t.strictSame(events.map(({ name }) => name), ['buttonReply', 'outgoingMessageStatus'])
})

t.test('close keeps a notification stored when its listeners time out', async (t) => {
  const folder = t.testdir({})
  const first = await buildStored(t, folder, { timeout: 50 })
  const hanging = gate()
  first.greenApi.on('webhook', hanging.listener)
  t.equal((await post(first, menuSent())).statusCode, 200)
  await until(() => hanging.calls === 1)
  await first.close()

  const second = await buildStored(t, folder)
  const events = collect(second, 'webhook')
  await second.ready()
  await until(() => events.length === 1)
  t.equal(only(events).name, 'interactiveButtons')
})

t.test('a failing listener holds back its own chat only, until the dead letter', async (t) => {
  const app = await buildStored(t, t.testdir({}), { attempts: 3 })
  const order: string[] = []
  app.greenApi.on('textMessage', async ({ chatId, data }) => {
    order.push(`${chatId} ${data.text}`)
    if (data.text !== 'poison') return
    // The last attempt fails only when the other chat is delivered, however slow the machine is.
    if (order.length > 2) await until(() => order.includes('b elsewhere'))
    throw new Error('boom')
  })
  const failed = collect(app, 'failed')
  const say = (chat: string, text: string) => post(app, {
    typeWebhook: 'incomingMessageReceived',
    instanceData: { idInstance: 1101000001 },
    idMessage: `${chat}-${text}`,
    senderData: { chatId: chat, sender: chat },
    messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: text } }
  })
  for (const [chat, text] of [['a', 'poison'], ['a', 'behind it'], ['b', 'elsewhere']] as const) {
    t.equal((await say(chat, text)).statusCode, 200)
  }

  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.strictSame(order.filter((line) => line.startsWith('a')), ['a poison', 'a poison', 'a poison', 'a behind it'])
  t.ok(order.indexOf('b elsewhere') < order.indexOf('a behind it'))
  t.match(only(failed), {
    event: { name: 'textMessage', data: { text: 'poison' } },
    attempts: 3,
    error: { message: 'a listener failed: boom', errors: [{ message: 'boom' }] }
  })

  const deadLetter = only(await app.greenApi.inbox.deadLetters())
  t.match(deadLetter, {
    id: only(failed).event.id,
    revision: 1,
    event: { data: { text: 'poison' } },
    reason: 'a listener failed: boom',
    attempts: 3
  })
  t.ok(Math.abs(deadLetter.failedAt - Date.now()) < 20_000)
  t.equal((await say('a', 'poison')).statusCode, 200, 'a repeat of a dead letter')
  t.equal(await app.greenApi.inbox.pendingCount(), 0)
})

t.test('retry delivers a dead letter again, and discard deletes it', async (t) => {
  const app = await buildStored(t, t.testdir({}), { attempts: 1 })
  let broken = true
  app.greenApi.on('webhook', () => { if (broken) throw new Error('boom') })
  const failed = collect(app, 'failed')
  for (const body of [menuSent(), menuSent({ ...menu, contentText: 'changed' }), tap()]) await post(app, body)
  await until(() => failed.length === 3)
  const { inbox } = app.greenApi
  const id = String(failed[0]?.event.id)

  const [first, ...others] = await inbox.deadLetters({ limit: 1 })
  t.strictSame(others, [])
  const rest = (await inbox.deadLetters({ after: first })).map(({ id, revision }) => [id, revision])
  t.strictSame(rest, failed.slice(1).map(({ event }) => [event.id, event.revision]))
  await t.rejects(inbox.deadLetters({ limit: 0 }), {
    name: 'RangeError',
    message: /^limit must be a whole number above 0/
  })

  broken = false
  const events = collect(app, 'webhook')
  t.equal(await inbox.retry('unknown'), false)
  // A value from a request's query can be undefined at run time.
  const nothing = { id: undefined } as unknown as { id: string }
  for (const method of ['retry', 'discard'] as const) {
    for (const { id } of [nothing, { id: '' }]) {
      await t.rejects(inbox[method](id), {
        name: 'TypeError',
        message: /^id must be the id of a dead letter, as deadLetters\(\) returns it$/
      })
    }
  }
  t.equal(await inbox.retry(id), true)
  await until(() => events.length === 2)
  t.strictSame(events.map(({ id, revision }) => [id, revision]), [[id, 1], [id, 2]], 'both revisions')
  t.equal(await inbox.retry(id), false, 'it left the list')
  t.equal(await inbox.discard(String(failed[2]?.event.id)), true)
  t.equal(await inbox.discard(String(failed[2]?.event.id)), false)
  t.strictSame(await inbox.deadLetters(), [])
})

t.test('retry and discard find a dead letter that an earlier version stored under another id', async (t) => {
  const path = t.testdir({})
  const inbox = sqliteInbox({ path })
  let deadLetters = 0
  await inbox.open({
    attempts: 1,
    log: Fastify().log,
    async deliver () { throw new Error('boom') },
    async onDeadLetter () { deadLetters++ }
  })
  inbox.start()
  // The earlier version did not recognize the bodies.
  for (const [key, text] of [['one', 'first'], ['two', 'second']] as const) {
    const body = JSON.stringify(textMessage({ text }))
    await inbox.add({ key, checksum: 0, orderingKey: 'x', name: 'unrecognized', body })
  }
  await until(() => deadLetters === 2)
  await inbox.close(1000)

  const app = await buildStored(t, path)
  const texts: string[] = []
  app.greenApi.on('textMessage', ({ data }) => { texts.push(data.text) })
  await app.ready()
  const control = app.greenApi.inbox
  const dead = await control.deadLetters()
  t.match(dead, [{ event: { name: 'textMessage' } }, { event: { name: 'textMessage' } }])
  t.equal((await control.deadLetters({ after: dead[0] })).length, 1)
  t.equal(await control.retry(String(dead[0]?.id)), true)
  t.equal(await control.discard(String(dead[1]?.id)), true)
  await until(() => texts.length === 1)
  t.strictSame(texts, ['first'])
  t.equal(await control.deadLetterCount(), 0)
})

t.test('a listener that succeeds after its timeout counts, and is called once', async (t) => {
  const app = await buildStored(t, t.testdir({}), { timeout: 30, attempts: 10 })
  const work = gate()
  app.greenApi.on('webhook', work.listener)
  const failed = collect(app, 'failed')
  await post(app, menuSent())
  await sleep(150)
  t.equal(work.calls, 1)
  work.open()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(work.calls, 1)
  t.strictSame(failed, [])
})

t.test('a listener that succeeds between two attempts is not called again', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 10, inbox: sqliteInbox({ path: t.testdir({}), backoff: 200 }) })
  const work = gate()
  app.greenApi.on('webhook', work.listener)
  await post(app, menuSent())
  await sleep(60)
  work.open()
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(work.calls, 1)
})

t.test('a listener that fails after its timeout is called again', async (t) => {
  const app = await build(t, { timeout: 20, attempts: 10, inbox: sqliteInbox({ path: t.testdir({}), backoff: 200 }) })
  let calls = 0
  app.greenApi.on('webhook', async () => {
    if (++calls > 1) return
    await sleep(60)
    throw new Error('late')
  })
  await post(app, menuSent())
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)
  t.equal(calls, 2)
})

t.test('a notification becomes a dead letter when its listener never ends', async (t) => {
  const app = await buildStored(t, t.testdir({}), { timeout: 20, attempts: 2 })
  const endless = gate()
  app.greenApi.on('webhook', endless.listener)
  const failed = collect(app, 'failed')
  await post(app, menuSent())
  await until(() => failed.length === 1)
  t.match(only(failed).error.errors, [{ code: 'FST_GREEN_API_LISTENER_TIMEOUT' }])
  t.equal(endless.calls, 1)
  t.equal(only(await app.greenApi.inbox.deadLetters()).attempts, 2)
})

t.test('the answer is 503 when the inbox cannot store', async (t) => {
  const lines: string[] = []
  const logger = { level: 'error', stream: { write: (line: string) => { lines.push(line) } } }
  const inbox = hollowInbox({ async add () { throw new Error('the store is on fire') } })
  const app = await build(t, { inbox }, { logger })
  const response = await post(app, menuSent())
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '60')
  t.match(JSON.parse(only(lines)), { outcome: 'not-stored', err: { message: 'the store is on fire' } })
})

t.test('an inbox whose methods throw does not stop the server', async (t) => {
  const lines: string[] = []
  const logger = { level: 'error', stream: { write: (line: string) => { lines.push(line) } } }
  const app = await build(t, {
    inbox: hollowInbox({
      start () { throw new Error('no start') },
      add () { throw new Error('no promise') },
      async close () { throw new Error('no end') }
    })
  }, { logger })
  await app.ready()
  await until(() => lines.length === 1)
  t.equal((await post(app, menuSent())).statusCode, 503)
  await app.close()
  t.match(lines.map((line) => JSON.parse(line).err.message), ['no start', 'no promise', 'no end'])
})

t.test('close answers running requests, and 503 to new ones', async (t) => {
  let store: (stored: boolean) => void = () => {}
  const closes: number[] = []
  const app = await build(t, {
    timeout: 1000,
    inbox: hollowInbox({
      add: () => new Promise((resolve) => { store = resolve }),
      async close (timeout) { closes.push(timeout) }
    })
  }, { return503OnClosing: false })
  const late = await open(t, await listen(app))
  const body = JSON.stringify(tap())
  late.write(head({ 'content-length': body.length }))
  const first = post(app, menuSent())
  await sleep(30)
  const closing = app.close()
  await sleep(10)

  late.write(body)

  t.equal(await answered(late), 503)
  late.destroy()
  store(true)
  t.equal((await first).statusCode, 200)
  await closing
  t.strictSame(closes, [1000], 'once')
})

t.test('register rejects when the inbox cannot be opened', async (t) => {
  const app = Fastify()
  app.register(greenApi, { token, inbox: hollowInbox({ async open () { throw new InboxError('in use') } }) })
  await t.rejects(async () => { await app.ready() }, { code: 'FST_GREEN_API_INBOX', message: 'in use' })
})

t.test('greenApi.inbox throws when there is no inbox', async (t) => {
  const app = await build(t)
  t.throws(() => app.greenApi.inbox, {
    name: 'InboxError',
    message: /^There is no inbox. Register the plugin with the option `inbox`/
  })
})

t.test('registrations of a scope share its inbox, and reject another one', async (t) => {
  const added: string[] = []
  const inbox = hollowInbox({ async add ({ name }) { added.push(name); return true } })
  const app = await build(t, { inbox })
  await app.register(greenApi, { token, path: '/silent' })
  await app.register(greenApi, { token, path: '/same', inbox })
  for (const url of ['/green-api', '/silent', '/same']) {
    t.equal((await post(app, menuSent(), { url })).statusCode, 200)
  }
  t.strictSame(added, ['interactiveButtons', 'interactiveButtons', 'interactiveButtons'])

  const other = await build(t, { inbox })
  await t.rejects(async () => {
    await other.register(greenApi, { token, path: '/other', inbox: hollowInbox({}) })
  }, InvalidOptionError)
  const without = await build(t)
  await t.rejects(async () => {
    await without.register(greenApi, { token, path: '/other', inbox })
  }, { message: /^this scope was registered without an inbox: pass the inbox to its first registration/ })
})

t.test('register rejects an inbox that another scope uses', async (t) => {
  const inbox = sqliteInbox({ path: join(t.testdir({}), 'inbox') })
  await build(t, { inbox })
  await t.rejects(async () => { await build(t, { inbox }) }, {
    code: 'FST_GREEN_API_INBOX',
    message: /Create one inbox for each registration/
  })
})
