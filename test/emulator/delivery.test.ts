import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Emulator, type EmulatorOptions } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { call, emulate, send } from '../helpers/emulated.ts'
import { Receiver } from '../helpers/fixtures/receiver.ts'
import { freePort } from '../helpers/free-port.ts'
import { collectUncaught } from '../helpers/uncaught.ts'
import { until } from '../helpers/until.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** An emulator that posts to a receiver. */
async function connect (t: Test, options: EmulatorOptions = {}, webhookUrlToken = 'secret'): Promise<{ emulator: Emulator, receiver: Receiver }> {
  const receiver = await Receiver.start(t)
  const emulator = await emulate(t, { instances: [{ settings: { webhookUrl: receiver.url, webhookUrlToken } }], ...options })
  return { emulator, receiver }
}

/** Texts from the customer, with these ids. */
function texts (emulator: Emulator, ...ids: string[]): void {
  const instance = emulator.instance()
  for (const idMessage of ids) instance.receive(instance.build.textMessage({}, { idMessage }))
}

t.test('notifications are posted one at a time, in their order, as GREEN-API posts them', async (t) => {
  const { emulator, receiver } = await connect(t)
  texts(emulator, 'A', 'B', 'C')
  await emulator.idle()
  t.strictSame(receiver.ids, ['A', 'B', 'C'])
  t.equal(receiver.crowd, 1)
  t.match(receiver.received[0], { headers: { 'content-type': 'application/json; charset=utf-8', authorization: 'Bearer secret' } })
})

t.test('the token is sent as it stands where it carries a scheme, and not at all where there is none', async (t) => {
  for (const [token, authorization] of [['Basic c2VjcmV0', 'Basic c2VjcmV0'], ['bearer x', 'bearer x'], ['', undefined]] as const) {
    const { emulator, receiver } = await connect(t, {}, token)
    texts(emulator, 'A')
    await emulator.idle()
    t.equal(receiver.received[0]?.headers.authorization, authorization)
  }
})

t.test('what is not answered 200 comes again a minute later, and holds back what follows', async (t) => {
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

  t.strictSame(receiver.ids, ['A', 'A', 'A', 'A', 'A', 'B'], 'a redirection is not followed')
  t.strictSame(attempts, [[500, 1], [204, 2], [401, 3], [302, 4], [200, 5], [200, 1]])
  for (let index = 1; index < statuses.length; index++) t.ok(Number(moments[index]) - Number(moments[index - 1]) >= minute)
})

t.test('an answer is waited for, 180 seconds', async (t) => {
  const { emulator, receiver } = await connect(t)
  receiver.answer = (received, index) => index === 0 ? undefined : 200
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  const begun = emulator.clock.now()
  texts(emulator, 'A')
  await emulator.idle()
  t.strictSame(errors, ['no answer within 180 s', undefined])
  t.ok(emulator.clock.now() - begun >= 240_000)
})

t.test('a receiver that is not there is tried again', async (t) => {
  const { emulator, receiver } = await connect(t, { instances: [{ settings: { webhookUrl: `http://127.0.0.1:${await freePort()}` } }] })
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  texts(emulator, 'A')
  await until(() => errors.length > 0)
  t.match(errors[0], /ECONNREFUSED/)
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url } })
  await emulator.idle()
  t.strictSame(receiver.ids, ['A'])
})

t.test('a receiver is posted to over https where its URL says so', async (t) => {
  const { emulator, receiver } = await connect(t)
  const errors: unknown[] = []
  emulator.on('attempted', ({ error }) => { errors.push(error) })
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url.replace('http:', 'https:') } })
  texts(emulator, 'A')
  await until(() => errors.length > 0)
  t.match(errors[0], /SSL|TLS|EPROTO|wrong version|socket/i, 'which a server without it does not understand')
  t.equal(receiver.received.length, 0)
})

t.test('a long queue keeps its order', async (t) => {
  const { emulator, receiver } = await connect(t)
  const ids = Array.from({ length: 2500 }, (_, index) => `M${index}`)
  texts(emulator, ...ids)
  await emulator.idle()
  t.strictSame(receiver.ids, ids)
})

t.test('what nobody takes for 24 hours is lost', async (t) => {
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

t.test('after a change of the token, what was queued before carries the old one or the new one', async (t) => {
  const { emulator, receiver } = await connect(t, { instances: [{ settings: { webhookUrlToken: 'old' } }] })
  texts(emulator, ...'ABCDEFGHIJKLMNOPQRST')
  await call(emulator, 'setSettings', { verb: 'POST', body: { webhookUrl: receiver.url, webhookUrlToken: 'new' } })
  texts(emulator, 'Z')
  await emulator.idle()
  const tokens = receiver.received.map(({ headers }) => headers.authorization)
  t.ok(tokens.includes('Bearer old'))
  t.ok(tokens.includes('Bearer new'))
  t.equal(tokens.at(-1), 'Bearer new')
})

t.test('who asks for notifications gets the first one until it is deleted, then the next', async (t) => {
  const emulator = await emulate(t)
  texts(emulator, 'A', 'B')
  const first = await call(emulator, 'receiveNotification')
  t.match(first.body, { receiptId: 1, body: { idMessage: 'A' } })
  t.strictSame(await call(emulator, 'receiveNotification'), first)
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/7' })).body, { result: false })
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })).body, { result: true })
  t.strictSame((await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/1' })).body, { result: false })
  t.match((await call(emulator, 'receiveNotification')).body, { body: { idMessage: 'B' } })
})

t.test('who asks while there is none waits, and then is told so', async (t) => {
  const emulator = await emulate(t)
  const begun = emulator.clock.now()
  t.equal((await call(emulator, 'receiveNotification')).body, null)
  t.ok(emulator.clock.now() - begun >= 5000)
  const waiting = call(emulator, 'receiveNotification', { suffix: '?receiveTimeout=60' })
  await sleep(20)
  texts(emulator, 'A')
  t.match((await waiting).body, { body: { idMessage: 'A' } })
})

t.test('who asks is refused while notifications are posted', async (t) => {
  const { emulator } = await connect(t)
  t.match(await call(emulator, 'receiveNotification'), { status: 400, body: { message: 'custom webhook url is set' } })
})

t.test('what is taken by asking while it is being posted is delivered once', async (t) => {
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
  t.equal(emulator.instance().queue.size, 1, 'and what follows stays')
})

t.test('who asks too often is told so', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 0.01 } })
  texts(emulator, 'A')
  const answers = await Promise.all(Array.from({ length: 120 }, () => call(emulator, 'receiveNotification')))
  t.equal(answers.filter(({ status }) => status === 429).length, 20, 'more than 100 in a second')
})

t.test('an emulator closes while it waits, posts and is asked', async (t) => {
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 } })
  receiver.answer = () => undefined
  texts(emulator, 'A')
  await until(() => receiver.received.length > 0)
  const idle = emulator.idle()
  const begun = performance.now()
  await emulator.close()
  await idle
  t.ok(performance.now() - begun < 1000)

  const sending = await emulate(t, { clock: { speed: 1 } })
  await send(sending, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello' })
  await send(sending, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello again' })
  await until(() => sending.instance().queue.size > 0)
  await sending.close()

  const asked = await emulate(t, { clock: { speed: 1 } })
  const waiting = call(asked, 'receiveNotification').catch(() => 'cut off')
  await sleep(50)
  await asked.close()
  await waiting
  t.ok(performance.now() - begun < 5000)
  await asked.clock.sleep(1000, AbortSignal.abort())
})

t.test('faults is what it says', async (t) => {
  const { emulator, receiver } = await connect(t, { faults: { duplicates: 0.3, changedRepeats: 0.3, malformed: 0.3, unknownTypes: 0.3, reorderedStatuses: 0.3 } })
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
  for (const fault of ['duplicate', 'malformed', 'unknown-type']) t.ok(Math.abs(sorted(fault).length - 90) < 35, `about 90 of 300: ${sorted(fault).length} ${fault}`)
  t.ok(Math.abs(sorted('changed-duplicate').length - 60) < 30, 'of what has an id')

  const genuine = sorted('genuine')
  t.equal(new Set(genuine).size, genuine.length)
  t.equal(genuine.length, 300, 'nothing is lost')
  t.ok(sorted('duplicate').every((text) => genuine.includes(text)))
  for (const text of sorted('malformed')) t.throws(() => JSON.parse(text))
  t.ok(sorted('unknown-type').every((text) => /hologramMessage|somethingNew/.test(text)))
  t.ok(sorted('changed-duplicate').every((text) => !genuine.includes(text) && genuine.some((each) => JSON.parse(each).idMessage === JSON.parse(text).idMessage)))
  const statuses = genuine.filter((text) => text.includes('outgoingMessageStatus')).map((text) => Number(JSON.parse(text).idMessage.slice(1)))
  t.not(String(statuses), String([...statuses].sort((a, b) => a - b)), 'statuses overtake each other')
  const messages = genuine.filter((text) => text.includes('textMessage')).map((text) => Number(JSON.parse(text).idMessage.slice(1)))
  t.strictSame(messages, [...messages].sort((a, b) => a - b), 'messages do not')
})

t.test('what is overtaken by nothing comes all the same', async (t) => {
  const { emulator, receiver } = await connect(t, { faults: { reorderedStatuses: 1 } })
  emulator.instance().receive(emulator.instance().build.outgoingMessageStatus({}, { idMessage: 'S' }))
  await emulator.idle()
  t.strictSame(receiver.ids, ['S'])
})

t.test('what nobody asks for is lost after 24 hours, too', async (t) => {
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

t.test('a leap in time plays out what it leaps over, in its order', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 0.001 } })
  const { clock } = emulator
  const order: string[] = []
  const begun = clock.now()
  clock.sleep(60_000).then(() => { order.push(`a minute at ${Math.round((clock.now() - begun) / 1000)} s`) })
  clock.sleep(500).then(() => { order.push('half a second') })
  await send(emulator, 'sendMessage', { chatId: '4915550001234@c.us', message: 'Hello' })
  await clock.advance(60_000)
  t.strictSame(order, ['half a second', 'a minute at 60 s'])
  t.equal(emulator.instance().queue.size, 4, 'the echo and three statuses')
})

t.test('a webhookUrl that is mended is posted to at once', async (t) => {
  const { emulator, receiver } = await connect(t, { clock: { speed: 1 }, instances: [{ settings: { webhookUrl: `http://127.0.0.1:${await freePort()}` } }] })
  const failed = once(emulator, 'attempted')
  texts(emulator, 'A')
  await failed
  await emulator.instance().applySettings({ webhookUrl: receiver.url })
  await emulator.idle()
  t.strictSame(receiver.ids, ['A'])
})

t.test('a listener that throws is told of, and stops nothing', async (t) => {
  const { emulator, receiver } = await connect(t)
  const thrown = collectUncaught(t)
  emulator.on('attempted', () => { throw new Error('of no consequence') })
  texts(emulator, 'A', 'B')
  await emulator.idle()
  await until(() => thrown.length === 2)
  t.strictSame(receiver.ids, ['A', 'B'])
  t.match(thrown, [{ message: 'of no consequence' }, { message: 'of no consequence' }])
  t.equal(thrown.length, 2)
})

t.test('what is closed does not listen, whichever came first', async (t) => {
  const emulator = new Emulator()
  const listening = emulator.listen()
  await emulator.close()
  t.equal(emulator.server.server.listening, false)
  await listening
  await t.rejects(emulator.listen(), /the emulator is closed: make another one/)
  await emulator.close()
})

t.test('faults can begin and end', async (t) => {
  const { emulator, receiver } = await connect(t)
  emulator.instance().setFaults({ duplicates: 1 })
  texts(emulator, 'A')
  await emulator.idle()
  emulator.instance().setFaults({})
  texts(emulator, 'B')
  await emulator.idle()
  t.strictSame(receiver.ids, ['A', 'A', 'B'])
})
