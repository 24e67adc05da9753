import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Emulator, type EmulatorOptions, type QueuedNotification } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { Clock } from '../../../lib/emulator/clock.ts'
import { NotificationQueue } from '../../../lib/emulator/notification-queue.ts'
import { call, emulate, send } from '../../helpers/emulated.ts'
import { Receiver } from '../../helpers/fixtures/receiver.ts'
import { freePort } from '../../helpers/free-port.ts'
import { collectUncaught } from '../../helpers/uncaught.ts'
import { until } from '../../helpers/until.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** Starts an emulator that posts to a receiver. */
async function connect (t: Test, options: EmulatorOptions = {}, webhookUrlToken = 'secret') {
  const receiver = await Receiver.start(t)
  const instances = [{ settings: { webhookUrl: receiver.url, webhookUrlToken } }]
  const emulator = await emulate(t, { instances, ...options })
  return { emulator, receiver }
}

/** Sends texts of the customer with these ids. */
function texts (emulator: Emulator, ...ids: string[]): void {
  const instance = emulator.instance()
  for (const idMessage of ids) instance.receive(instance.build.textMessage({}, { idMessage }))
}

t.test('webhook sender posts notifications one at a time, in order, with the headers of GREEN-API', async (t) => {
  const { emulator, receiver } = await connect(t)
  texts(emulator, 'A', 'B', 'C')
  await emulator.idle()
  t.strictSame(receiver.ids, ['A', 'B', 'C'])
  t.equal(receiver.maxConcurrency, 1)
  t.match(receiver.received[0], {
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: 'Bearer secret' }
  })
})

t.test('webhook sender sends a token with a scheme unchanged, and no header when there is no token', async (t) => {
  const headers = [['Basic c2VjcmV0', 'Basic c2VjcmV0'], ['bearer x', 'bearer x'], ['', undefined]] as const
  for (const [token, authorization] of headers) {
    const { emulator, receiver } = await connect(t, {}, token)
    texts(emulator, 'A')
    await emulator.idle()
    t.equal(receiver.received[0]?.headers.authorization, authorization)
  }
})

t.test('webhook sender retries after a minute, before later notifications, when the answer is not 200', async (t) => {
  const statuses = [500, 204, 401, 302, 200]
  const { emulator, receiver } = await connect(t)
  const moments: number[] = []
  receiver.answer = (received, index) => {
    moments.push(emulator.clock.now())
    return statuses[index] ?? 200
  }
  const attempts: unknown[] = []
  emulator.on('attempted', ({ status, notification }) => { attempts.push([status, notification.attempts]) })
  texts(emulator, 'A', 'B')
  await emulator.idle()

  t.strictSame(receiver.ids, ['A', 'A', 'A', 'A', 'A', 'B'], 'a redirect is not followed')
  t.strictSame(attempts, [[500, 1], [204, 2], [401, 3], [302, 4], [200, 5], [200, 1]])
  for (let index = 1; index < statuses.length; index++) {
    t.ok(Number(moments[index]) - Number(moments[index - 1]) >= minute)
  }
})

t.test('webhook sender retries when there is no answer within 180 s', async (t) => {
  const { emulator, receiver } = await connect(t)
  receiver.answer = (received, index) => index === 0 ? undefined : 200
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  const startedAt = emulator.clock.now()
  texts(emulator, 'A')
  await emulator.idle()
  t.strictSame(errors, ['no answer within 180 s', undefined])
  t.ok(emulator.clock.now() - startedAt >= 240_000)
})

t.test('webhook sender retries when the receiver cannot be reached', async (t) => {
  const instances = [{ settings: { webhookUrl: `http://127.0.0.1:${await freePort()}` } }]
  const { emulator, receiver } = await connect(t, { instances })
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  texts(emulator, 'A')
  await until(() => errors.length > 0)
  t.match(errors[0], /ECONNREFUSED/)
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url } })
  await emulator.idle()
  t.strictSame(receiver.ids, ['A'])
})

t.test('webhook sender posts over TLS when the URL starts with https', async (t) => {
  const { emulator, receiver } = await connect(t)
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url.replace('http:', 'https:') } })
  texts(emulator, 'A')
  await until(() => errors.length > 0)
  t.match(errors[0], /SSL|TLS|EPROTO|wrong version|socket/i, 'the receiver has no TLS')
  t.equal(receiver.received.length, 0)
})

t.test('queue keeps its order when it is long', async (t) => {
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 } })
  const ids = Array.from({ length: 2500 }, (_, index) => `M${index}`)
  texts(emulator, ...ids)
  await emulator.idle()
  t.strictSame(receiver.ids, ids)
})

t.test('queue drops a notification when the webhook does not answer 200 for 24 hours', async (t) => {
  const { emulator, receiver } = await connect(t)
  receiver.answer = () => 503
  const expired: unknown[] = []
  emulator.on('expired', ({ text }) => { expired.push(JSON.parse(text).idMessage) })
  texts(emulator, 'A', 'B')
  await until(() => receiver.received.length > 0)
  await emulator.clock.advance(day - minute)
  texts(emulator, 'C')
  receiver.answer = () => 200
  await emulator.clock.advance(minute)
  await emulator.idle()
  t.strictSame(expired, ['A', 'B'])
  t.equal(receiver.ids.at(-1), 'C')
})

t.test('webhook sender uses the old or the new token when a notification was queued before the change', async (t) => {
  const { emulator, receiver } = await connect(t, { instances: [{ settings: { webhookUrlToken: 'old' } }] })
  texts(emulator, ...'ABCDEFGHIJKLMNOPQRST')
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url, webhookUrlToken: 'new' } })
  texts(emulator, 'Z')
  await emulator.idle()
  const tokens = receiver.received.map(({ headers }) => headers.authorization)
  t.equal(tokens.pop(), 'Bearer new', 'queued after the change')
  t.ok(tokens.includes('Bearer old'))
  t.ok(tokens.includes('Bearer new'))
})

t.test('receiveNotification returns the first notification until it is deleted', async (t) => {
  const emulator = await emulate(t)
  texts(emulator, 'A', 'B')
  const first = await call(emulator, 'receiveNotification')
  t.match(first.body, { receiptId: 1, body: { idMessage: 'A' } })
  t.strictSame((await call(emulator, 'receiveNotification')).body, first.body)
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/7' })).body, { result: false })
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })).body, { result: true })
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })).body, { result: false })
  t.match((await call(emulator, 'receiveNotification')).body, { body: { idMessage: 'B' } })
})

t.test('receiveNotification waits for a notification, and returns null when there is none in time', async (t) => {
  const emulator = await emulate(t)
  const startedAt = emulator.clock.now()
  t.equal((await call(emulator, 'receiveNotification')).body, null)
  t.ok(emulator.clock.now() - startedAt >= 5000)
  const waiting = call(emulator, 'receiveNotification', { suffix: '?receiveTimeout=60' })
  await sleep(20)
  texts(emulator, 'A')
  t.match((await waiting).body, { body: { idMessage: 'A' } })
})

t.test('idle rejects when nobody takes the notifications', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 1 } })
  await emulator.idle()
  texts(emulator, 'A', 'B')
  const message = 'Instance 1101000001 cannot become idle: nobody takes its notifications (2). Set its webhookUrl, or ' +
    'call receiveNotification and deleteNotification.'
  await t.rejects(emulator.idle(), { message })

  const started = performance.now()
  const idle = emulator.idle()
  await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })
  await sleep(3500)
  await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/2' })
  await idle
  t.ok(performance.now() - started > 3400, 'a client that polls has time')
})

t.test('idle rejects when the emulator does not listen or the instance keeps its messages', async (t) => {
  const silent = new Emulator()
  await silent.idle()
  texts(silent, 'A')
  const unheard = /^Instance 1101000001 cannot become idle: the emulator does not listen\. Await its listen\(\) first\.$/
  await t.rejects(silent.idle(), { message: unheard })

  const { emulator } = await connect(t)
  emulator.instance().changeState('suspended')
  await emulator.idle()
  await send(emulator, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello' })
  const reason = /it keeps its messages \(1\) because it is suspended\. Call changeState\('authorized'\)\.$/
  await t.rejects(emulator.idle(), { message: reason })
  const idle = emulator.idle()
  emulator.instance().changeState('authorized')
  await idle
})

t.test('receiveNotification is answered 400 when there is a webhookUrl', async (t) => {
  const { emulator } = await connect(t)
  t.match(await call(emulator, 'receiveNotification'), { status: 400, body: { message: 'custom webhook url is set' } })
})

t.test('delivered is emitted once when a notification is deleted while it is being posted', async (t) => {
  const { emulator, receiver } = await connect(t)
  const delivered: unknown[] = []
  emulator.on('delivered', ({ receiptId }) => { delivered.push(receiptId) })
  receiver.answer = () => undefined
  texts(emulator, 'A', 'B')
  await until(() => receiver.received.length > 0)
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: '' } })
  t.match((await call(emulator, 'receiveNotification')).body, { receiptId: 1 })
  t.match((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })).body, { result: true })
  receiver.release(200)
  await call(emulator, 'receiveNotification')
  t.strictSame(delivered, [1])
  t.equal(emulator.instance().queue.size, 1, 'the next notification stays')
})

t.test('receiveNotification is answered 429 above 100 calls per second', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 0.01 } })
  texts(emulator, 'A')
  const answers = await Promise.all(Array.from({ length: 120 }, () => call(emulator, 'receiveNotification')))
  t.equal(answers.filter(({ status }) => status === 429).length, 20, '120 calls in one second')
})

t.test('close ends a pending post, a pending pause and a pending receiveNotification', async (t) => {
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 } })
  receiver.answer = () => undefined
  texts(emulator, 'A')
  await until(() => receiver.received.length > 0)
  const idle = emulator.idle()
  const startedAt = performance.now()
  await emulator.close()
  await idle
  t.ok(performance.now() - startedAt < 1000)

  const sending = await emulate(t, { clock: { speed: 1 } })
  await send(sending, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello' })
  await send(sending, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello again' })
  await until(() => sending.instance().queue.size > 0)
  await sending.close()

  const asked = await emulate(t, { clock: { speed: 1 } })
  const waiting = call(asked, 'receiveNotification').catch(() => 'aborted')
  await sleep(50)
  await asked.close()
  await waiting
  t.ok(performance.now() - startedAt < 5000)
  await asked.clock.sleep(1000, AbortSignal.abort())
})

t.test('faults occur at their rates, and lose or change no notification', async (t) => {
  const rates = { duplicates: 0.3, changedDuplicates: 0.3, malformed: 0.3, unknownTypes: 0.3, reorderedStatuses: 0.3 }
  const { emulator, receiver } = await connect(t, { faults: rates })
  const instance = emulator.instance()
  const faults: string[] = []
  emulator.on('queued', ({ fault }) => { faults.push(fault) })
  for (let count = 0; count < 100; count++) {
    instance.receive(instance.build.textMessage({}, { idMessage: `M${count}` }))
    instance.receive(instance.build.outgoingMessageStatus({ status: 'sent' }, { idMessage: `S${count}` }))
    instance.receive(instance.build.stateInstanceChanged({}, { timestamp: 1767225600 + count }))
  }
  await emulator.idle()

  const received = receiver.received.map(({ text }, index) => ({ text, fault: faults[index] }))
  t.equal(received.length, faults.length)
  const sorted = (fault: string) => received.filter((each) => each.fault === fault).map(({ text }) => text)
  const numbersIn = (texts: string[]) => texts.map((text) => Number(JSON.parse(text).idMessage.slice(1)))
  for (const fault of ['duplicate', 'malformed', 'unknown-type']) {
    const count = sorted(fault).length
    t.ok(Math.abs(count - 90) < 35, `about 90 of 300: ${count} ${fault}`)
  }
  t.ok(Math.abs(sorted('changed-duplicate').length - 60) < 30, 'only of notifications with an id')

  const originals = sorted('none')
  t.equal(new Set(originals).size, originals.length)
  t.equal(originals.length, 300, 'nothing is lost')
  t.ok(sorted('duplicate').every((text) => originals.includes(text)))
  for (const text of sorted('malformed')) t.throws(() => JSON.parse(text))
  t.ok(sorted('unknown-type').every((text) => /hologramMessage|somethingNew/.test(text)))
  const originalIds = new Set(originals.map((text) => JSON.parse(text).idMessage))
  for (const text of sorted('changed-duplicate')) {
    t.ok(!originals.includes(text) && originalIds.has(JSON.parse(text).idMessage))
  }
  const statuses = numbersIn(originals.filter((text) => text.includes('outgoingMessageStatus')))
  t.not(String(statuses), String([...statuses].sort((a, b) => a - b)), 'statuses overtake each other')
  const messages = numbersIn(originals.filter((text) => text.includes('textMessage')))
  t.strictSame(messages, [...messages].sort((a, b) => a - b), 'messages keep their order')
})

t.test('queue sends a delayed status when no other notification is left', async (t) => {
  const { emulator, receiver } = await connect(t, { faults: { reorderedStatuses: 1 } })
  emulator.instance().receive(emulator.instance().build.outgoingMessageStatus({}, { idMessage: 'S' }))
  await emulator.idle()
  t.strictSame(receiver.ids, ['S'])
})

t.test('queue drops a notification when nobody receives it for 24 hours', async (t) => {
  const emulator = await emulate(t)
  const expired: unknown[] = []
  emulator.on('expired', ({ text }) => { expired.push(JSON.parse(text).idMessage) })
  texts(emulator, 'A')
  await emulator.clock.advance(day / 2)
  texts(emulator, 'B')
  await emulator.clock.advance(day / 2 + 1000)
  t.strictSame(expired, ['A'])
  await emulator.clock.advance(day / 2)
  t.strictSame(expired, ['A', 'B'])
  await emulator.idle()
})

t.test('queue drops a notification at exactly 24 hours', async (t) => {
  // So slow that only advance() moves it.
  const clock = new Clock({ speed: 1e-12 })
  const expired: unknown[] = []
  const onExpired = ({ receiptId }: QueuedNotification) => { expired.push(receiptId) }
  const queue = new NotificationQueue('1101000001', clock, { onChange () {}, onExpired })
  const added = queue.add({ text: '{}', body: {}, fault: 'none' }, '')
  // Without its timer, the queue drops expired notifications when it is read.
  queue.stop()

  await clock.advance(day - 1)
  t.equal(queue.head(), added)
  await clock.advance(1)
  t.equal(queue.head(), undefined)
  t.strictSame(expired, [1])
})

t.test('advance runs everything that is due in between, in order', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 0.001 } })
  const { clock } = emulator
  const order: string[] = []
  const startedAt = clock.now()
  clock.sleep(60_000).then(() => { order.push(`a minute at ${Math.round((clock.now() - startedAt) / 1000)} s`) })
  clock.sleep(500).then(() => { order.push('half a second') })
  await send(emulator, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello' })
  await clock.advance(60_000)
  t.strictSame(order, ['half a second', 'a minute at 60 s'])
  t.equal(emulator.instance().queue.size, 4, 'the message and three statuses')
})

t.test('webhook sender retries at once when the webhookUrl changes', async (t) => {
  const instances = [{ settings: { webhookUrl: `http://127.0.0.1:${await freePort()}` } }]
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 }, instances })
  const failed = once(emulator, 'attempted')
  texts(emulator, 'A')
  await failed
  await emulator.instance().applySettings({ webhookUrl: receiver.url })
  await emulator.idle()
  t.strictSame(receiver.ids, ['A'])
})

t.test('emulator goes on when a listener throws, and throws its error as uncaught', async (t) => {
  const { emulator, receiver } = await connect(t)
  const thrown = collectUncaught(t)
  emulator.on('attempted', () => { throw new Error('listener failed') })
  texts(emulator, 'A', 'B')
  await emulator.idle()
  await until(() => thrown.length === 2)
  t.strictSame(receiver.ids, ['A', 'B'])
  t.match(thrown, [{ message: 'listener failed' }, { message: 'listener failed' }])
  t.equal(thrown.length, 2)
})

t.test('close ends listening, and listen rejects when the emulator is closed', async (t) => {
  const emulator = new Emulator()
  const listening = emulator.listen()
  await emulator.close()
  t.equal(emulator.server.server.listening, false)
  await listening
  await t.rejects(emulator.listen(), /The emulator is closed\. Create a new one/)
  await emulator.close()
})

t.test('duplicates are overtaken by at most 10 notifications', async (t) => {
  const emulator = await emulate(t, { faults: { duplicates: 1 } })
  const faults: string[] = []
  emulator.on('queued', ({ fault }) => { faults.push(fault) })
  texts(emulator, ...'ABCDEFGHIJKLMNOPQRST')
  emulator.instance().setFaults({})
  texts(emulator, ...'0123456789')

  t.equal(faults.filter((fault) => fault === 'duplicate').length, 20)
})

t.test('setFaults turns faults on and off', async (t) => {
  const { emulator, receiver } = await connect(t)
  emulator.instance().setFaults({ duplicates: 1 })
  texts(emulator, 'A')
  await emulator.idle()
  emulator.instance().setFaults({})
  texts(emulator, 'B')
  await emulator.idle()
  t.strictSame(receiver.ids, ['A', 'A', 'B'])
})

t.test('attempt reports the answer and how long it took', async (t) => {
  const { emulator, receiver } = await connect(t)
  const attempted = once(emulator, 'attempted')
  receiver.answer = () => 503
  texts(emulator, 'A')
  const [{ status, answer, durationMs }] = await attempted
  t.match({ status, answer }, { status: 503, answer: 'whatever' })
  t.ok(durationMs > 0 && durationMs < 10_000)
})

t.test('retryNow ends the pause before a retry', async (t) => {
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 } })
  const attempted = once(emulator, 'attempted')
  receiver.answer = (received, index) => index === 0 ? 503 : 200
  texts(emulator, 'A')
  await attempted
  // The pause begins after the report.
  await sleep(0)
  emulator.instance().retryNow()
  await emulator.idle()
  t.strictSame(receiver.ids, ['A', 'A'])
})

t.test('clock changes its speed for what is already waiting', async (t) => {
  const { clock } = await emulate(t, { clock: { speed: 1 } })
  const startedAt = clock.now()
  const waited = clock.sleep(minute)
  clock.setSpeed(600)
  t.equal(clock.speed, 600)
  await waited
  t.ok(clock.now() - startedAt > minute - 1000)
  t.throws(() => { clock.setSpeed(0) }, /clock.speed must be a number above 0/)
})
