import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { inject } from 'fastify-green-api/testing'
import t from 'tap'
import { toJournalMessage } from '../../lib/builders/index.ts'
import { send } from '../helpers/emulated.ts'
import { MemoryInbox } from '../helpers/fixtures/memory-inbox.ts'
import { createScene, idsOf } from '../helpers/recovery.ts'
import { until } from '../helpers/until.ts'

const minute = 60_000
const chatId = '4915550001234@c.us'

t.test('a message whose notification is lost is recovered once, after the grace period', async (t) => {
  const scene = await createScene(t)
  const { instance, events, emulator } = scene
  instance.setFaults({ lost: 1 })
  const body = instance.build.textMessage({ text: 'lost' })
  instance.receive(body)
  instance.setFaults({})
  instance.receive(instance.build.textMessage({ text: 'sent' }))
  await emulator.idle()
  t.match(await scene.pass(), { read: 2, recovered: {}, tooYoung: 2 })

  await scene.advance(4)
  const counts = { read: 2, recovered: { textMessage: 1 }, known: 1, tooYoung: 0, failed: 0, queueSize: 0 }
  t.match(await scene.pass(), counts)
  t.match(await scene.pass(), { recovered: {}, known: 2 }, 'the next pass')

  t.equal(events.length, 2)
  const [, event] = events
  t.match(event, {
    name: 'textMessage',
    recovered: true,
    typeWebhook: 'incomingMessageReceived',
    idInstance: instance.idInstance,
    wid: instance.settings.wid,
    idMessage: body.idMessage,
    data: { text: 'lost' }
  })
})

t.test('messages and calls of both directions are recovered, with the event of their webhook', async (t) => {
  const scene = await createScene(t)
  const { instance: { build }, events } = scene
  scene.instance.setFaults({ lost: 1 })
  for (const body of [
    build.textMessage(), build.incomingCall({ status: 'offer' }, { idMessage: 'IN' }),
    build.incomingCall({ status: 'missed' }, { idMessage: 'IN' }), build.outgoingCall({ status: 'pickUp' }),
    build.buttonReply({ buttonId: 'yes' })
  ]) scene.instance.receive(body)
  const idMessage = await send(scene.emulator, 'sendMessage', { chatId, message: 'from the API' })
  await until(() => scene.instance.messages('outgoing')[0]?.statusMessage === 'pending')
  await scene.advance(4)

  const { recovered } = await scene.pass()

  t.strictSame(recovered, { textMessage: 1, incomingCall: 1, outgoingCall: 1, buttonReply: 1, extendedTextMessage: 1 })
  t.equal(events.length, 5)
  t.ok(events.every((event) => event.recovered === true))
  const echo = events.find((event) => event.idMessage === idMessage)
  t.match(echo, { direction: 'outgoing', statusMessage: 'read' })
})

t.test('a webhook that arrives after its message was recovered is a repeat, and a changed one a revision', async (t) => {
  const scene = await createScene(t)
  const { instance, events, emulator } = scene
  instance.setFaults({ lost: 1 })
  const body = instance.build.textMessage({ text: 'late' })
  instance.receive(body)
  await scene.advance(4)
  await scene.pass()
  t.equal(events.length, 1)

  instance.setFaults({ duplicates: 1 })
  instance.receive(body)
  await emulator.idle()
  t.equal(events.length, 1, 'the webhook, twice')

  instance.setFaults({})
  instance.receive({ ...body, timestamp: body.timestamp + 1 })
  await emulator.idle()
  t.strictSame(events.map(({ revision }) => revision), [1, 2])
  t.equal(events[0]?.id, events[1]?.id)
})

t.test('a notification that is late is not recovered before the grace period is over', async (t) => {
  const scene = await createScene(t, { recover: { grace: '10 min' } })
  const { instance, events, emulator } = scene
  instance.setFaults({ late: 1 })
  for (let number = 0; number < 20; number++) instance.receive(instance.build.textMessage())
  await scene.advance(5)
  const { tooYoung } = await scene.pass()
  t.equal(tooYoung, 20)

  await scene.advance(6)
  await emulator.idle()
  t.match(await scene.pass(), { recovered: {}, known: 20 })
  t.equal(events.length, 20)
})

t.test('notifications that wait in the queue are not recovered, however old they are', async (t) => {
  const scene = await createScene(t)
  const { instance, events, emulator } = scene
  const { webhookUrl } = instance.settings
  await instance.applySettings({ webhookUrl: '' })
  instance.setFaults({ lost: 1 })
  instance.receive(instance.build.textMessage({ text: 'lost' }))
  instance.setFaults({})
  instance.receive(instance.build.textMessage({ text: 'waits' }))
  await scene.advance(60)
  t.match(await scene.pass(), { queueSize: 1, tooYoung: 2, recovered: {} })

  await instance.applySettings({ webhookUrl })
  await emulator.idle()
  t.match(await scene.pass(), { queueSize: 0, known: 1, recovered: { textMessage: 1 } })
  t.equal(events.length, 2)

  await instance.applySettings({ webhookUrl: '' })
  instance.receive(instance.build.textMessage({ text: 'waits for half of reach' }))
  await scene.advance(13 * 60)
  t.match(await scene.pass(), { queueSize: 1, recovered: { textMessage: 1 } })
  await instance.applySettings({ webhookUrl })
  await emulator.idle()
  t.equal(events.length, 3, 'its webhook is a repeat')
})

t.test('notifications may wait in the queue while its size cannot be read', async (t) => {
  const scene = await createScene(t)
  await scene.instance.applySettings({ webhookUrl: '' })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(60)

  scene.answers.set('getWebhooksCount', (reply) => reply.code(429).send(''))
  const failed = await scene.pass()
  t.match(failed, { recovered: {}, tooYoung: 1, error: { method: 'getWebhooksCount', status: 429 } })
  t.notOk('queueSize' in failed)
  scene.answers.set('getWebhooksCount', (reply) => reply.send({ count: 'many' }))
  t.match(await scene.pass(), { tooYoung: 1, error: { method: 'getWebhooksCount', status: 200 } })

  await scene.advance(12 * 60)
  t.match(await scene.pass(), { recovered: { textMessage: 1 } }, 'older than half of reach')
})

t.test('messages that are older than the notification that arrived last are recovered while others wait', async (t) => {
  const scene = await createScene(t)
  const { instance, events } = scene
  const { webhookUrl } = instance.settings
  instance.setFaults({ lost: 1 })
  instance.receive(instance.build.textMessage({ text: 'lost' }))
  await scene.advance(4)
  instance.receive(instance.build.textMessage({ text: 'lost later' }))
  instance.setFaults({})
  instance.receive(instance.build.textMessage({ text: 'arrives' }))
  await scene.emulator.idle()
  await instance.applySettings({ webhookUrl: '' })
  instance.receive(instance.build.textMessage({ text: 'waits' }))
  await scene.advance(60)

  t.match(await scene.pass(), { queueSize: 1, recovered: { textMessage: 1 }, known: 0, tooYoung: 3 })
  t.match(events.at(-1), { data: { text: 'lost' } })
  await instance.applySettings({ webhookUrl })
  await scene.emulator.idle()
  t.match(await scene.pass(), { recovered: { textMessage: 1 }, known: 3, tooYoung: 0 })
  t.match(events.map(({ data }) => data), [{ text: 'arrives' }, { text: 'lost' }, { text: 'waits' }, { text: 'lost later' }])
})

t.test('reach limits the age of recovered messages', async (t) => {
  const scene = await createScene(t, { recover: { reach: '1 h' }, inbox: sqliteInbox({ path: join(t.testdir(), 'inbox.db') }) })
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage({ text: 'old' }))
  await scene.advance(50)
  scene.instance.receive(scene.instance.build.textMessage({ text: 'young' }))
  await scene.advance(20)

  t.match(await scene.pass(), { recovered: { textMessage: 1 } })
  t.match(scene.events, [{ data: { text: 'young' } }])
})

t.test('without an inbox, only messages since the start and the overlap are recovered', async (t) => {
  const before = await createScene(t)
  const { emulator, instance } = before
  const lose = (text: string) => {
    instance.setFaults({ lost: 1 })
    instance.receive(instance.build.textMessage({ text }))
  }
  lose('long before')
  await before.advance(30)
  lose('before')
  await send(emulator, 'sendMessage', { chatId, message: 'sent before, read after' })
  await before.advance(5)
  await until(() => instance.messages('outgoing')[0]?.statusMessage === 'read')
  await before.app.close()

  const after = await createScene(t, { running: emulator, recover: { overlap: '10 min' } })
  t.match(after.events, [{ data: { text: 'before' } }, { direction: 'outgoing' }], 'those of the overlap')
  const strict = await createScene(t, { running: emulator })
  t.strictSame(strict.events, [])
  lose('after')
  await after.advance(4)

  t.match(await strict.pass(), { recovered: { textMessage: 1 }, ignored: 3 })
  t.match(strict.events, [{ data: { text: 'after' } }])
})

t.test('a slow first pass does not recover what the process before handled', async (t) => {
  const before = await createScene(t)
  before.instance.receive(before.instance.build.textMessage())
  await before.emulator.idle()
  await before.stop()
  await before.advance(1)
  const { now } = Date
  t.teardown(() => { Date.now = now })
  // The journal takes two minutes.
  before.answers.set('lastIncomingMessages', () => { Date.now = () => now() + 2 * minute })

  const after = await createScene(t, { running: before.emulator })
  before.answers.clear()
  await after.advance(4)

  t.match(await after.pass(), { recovered: {} })
  t.strictSame(after.events, [])
})

t.test('an outgoing message from before the start is not recovered when it gets a status after it', async (t) => {
  const before = await createScene(t)
  const { instance, emulator } = before
  const { timestamp, ...record } = toJournalMessage(instance.build.textMessage({}, { sentBy: 'phone' }))
  let statusAt = timestamp - 2 * 3600
  before.answers.set('lastOutgoingMessages', (reply) => {
    const { searchParams } = new URL(reply.request.url, 'http://127.0.0.1')
    const oldest = emulator.clock.now() / 1000 - Number(searchParams.get('minutes')) * 60
    return reply.send(statusAt < oldest ? [] : [{ ...record, timestamp: statusAt }])
  })
  await before.app.close()
  const scene = await createScene(t, { running: emulator, recover: { reach: '1 h' } })

  statusAt = timestamp
  await scene.advance(4)

  t.match(await scene.pass(), { read: 1, recovered: {} })
  t.strictSame(scene.events, [])
})

t.test('the end of a call is recovered although its offer was recovered before', async (t) => {
  const scene = await createScene(t)
  const { instance, instance: { build } } = scene
  instance.setFaults({ lost: 1 })
  instance.receive(build.incomingCall({ status: 'offer' }, { idMessage: 'CALL' }))
  await scene.advance(4)
  t.match(await scene.pass(), { recovered: { incomingCall: 1 } })
  instance.receive(build.incomingCall({ status: 'missed' }, { idMessage: 'CALL' }))
  await scene.advance(4)
  t.match(await scene.pass(), { recovered: { incomingCall: 1 } })

  t.match(scene.events, [{ data: { status: 'offer' } }, { data: { status: 'missed' } }])
})

t.test('a record is passed to the inbox once', async (t) => {
  const inbox = new MemoryInbox(t.name, { concurrency: 1, backoff: 10 })
  const add = inbox.add.bind(inbox)
  let count = 0
  inbox.add = (entry) => {
    count++
    return add(entry)
  }
  const scene = await createScene(t, { inbox })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.emulator.idle()
  await scene.advance(4)

  for (const known of [1, 1, 1]) t.match(await scene.pass(), { known })

  t.equal(count, 2, 'the webhook and the record')
})

t.test('with an inbox, a new process recovers what was lost before, and nothing that was handled', async (t) => {
  const path = join(t.testdir(), 'inbox.db')
  const before = await createScene(t, { inbox: sqliteInbox({ path }) })
  const { emulator, instance } = before
  instance.receive(instance.build.textMessage({ text: 'handled' }))
  instance.setFaults({ lost: 1 })
  instance.receive(instance.build.textMessage({ text: 'recovered before' }))
  await emulator.idle()
  await before.advance(4)
  await before.pass()
  t.equal(before.events.length, 2)
  instance.receive(instance.build.textMessage({ text: 'lost' }))
  await before.app.close()
  await before.advance(120)

  const after = await createScene(t, { running: emulator, inbox: sqliteInbox({ path }) })
  await until(() => after.events.length > 0)
  t.match(await after.pass(), { recovered: {}, failed: 0 })

  t.match(after.events, [{ data: { text: 'lost' }, recovered: true }])
})

t.test('a recovered message that fails is tried again until it is a dead letter', async (t) => {
  const scene = await createScene(t)
  const failed: unknown[] = []
  scene.app.greenApi.on('failed', (event) => { failed.push(event) })
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(4)

  scene.failure = new Error('no database')
  t.match(await scene.pass(), { failed: 1, recovered: {} })
  t.match(await scene.pass(), { failed: 1 })
  t.strictSame(failed, [])
  t.match(await scene.pass(), { recovered: { textMessage: 1 } }, 'the last attempt')
  t.match(failed, [{ attempts: 3, event: { recovered: true } }])
  t.match(await scene.pass(), { known: 1 })
  t.ok(scene.log.some(({ msg }) => msg === 'delivery failed, recovery will try again'))
})

t.test('a message whose listeners are running is not recovered a second time', async (t) => {
  const scene = await createScene(t, { recover: { grace: 0 } })
  const { instance, app } = scene
  const gate = new EventEmitter()
  app.greenApi.on('textMessage', async () => { await once(gate, 'open') })
  instance.receive(instance.build.textMessage())
  await until(() => scene.events.length === 1)
  // The notification is in the queue until it is answered.
  scene.answers.set('getWebhooksCount', (reply) => reply.send({ count: 0 }))
  await scene.advance(1)

  const passing = scene.pass()
  await setTimeout(50)
  gate.emit('open')

  t.match(await passing, { recovered: {}, known: 1 })
  t.equal(scene.events.length, 1)
})

t.test('two bodies that arrive while their message is recovered are a duplicate and a revision', async (t) => {
  const scene = await createScene(t)
  const { instance, app, events, emulator } = scene
  const gate = new EventEmitter()
  let isOpen = false
  app.greenApi.on('textMessage', async () => { if (!isOpen) await once(gate, 'open') })
  instance.setFaults({ lost: 1 })
  const body = instance.build.textMessage()
  instance.receive(body)
  await scene.advance(4)
  const passing = scene.pass()
  await until(() => events.length === 1)

  const answers = [body, { ...body, timestamp: body.timestamp + 1 }].map((payload) => inject(app, payload))
  await setTimeout(50)
  isOpen = true
  gate.emit('open')

  t.match(await passing, { recovered: { textMessage: 1 } })
  t.match(await Promise.all(answers), [{ outcome: 'duplicate' }, { outcome: 'delivered' }])
  await emulator.idle()
  t.match(events, [{ recovered: true, revision: 1 }, { revision: 2, timestamp: body.timestamp + 1 }])
})

t.test('a second body that arrives while the first one after a failed recovery is delivered is a revision', async (t) => {
  const scene = await createScene(t)
  const { instance, app, events } = scene
  const gate = new EventEmitter()
  instance.setFaults({ lost: 1 })
  const body = instance.build.textMessage()
  instance.receive(body)
  await scene.advance(4)
  scene.failure = new Error('no database')
  t.match(await scene.pass(), { failed: 1 })
  scene.failure = undefined
  app.greenApi.on('textMessage', async () => { if (events.length === 1) await once(gate, 'open') })

  const first = inject(app, body)
  await until(() => events.length === 1)
  const second = inject(app, { ...body, timestamp: body.timestamp + 1 })
  await setTimeout(20)
  t.equal(events.length, 1, 'the second one waits')
  gate.emit('open')

  t.match(await Promise.all([first, second]), [{ outcome: 'delivered' }, { outcome: 'delivered' }])
  t.match(events, [{ revision: 1 }, { revision: 2 }])
  t.equal(events.length, 2)
})

t.test('a message that failed is recovered with the attempts that its webhook left', async (t) => {
  const scene = await createScene(t)
  scene.failure = new Error('no database')
  scene.instance.receive(scene.instance.build.textMessage())
  await until(() => scene.log.some(({ msg }) => msg === 'delivery failed, GREEN-API will resend'))
  await scene.instance.applySettings({ incomingWebhook: 'yes', webhookUrl: 'http://127.0.0.1:1/' })
  await scene.advance(13 * 60)
  scene.failure = undefined

  t.match(await scene.pass(), { recovered: { textMessage: 1 } })
  t.equal(scene.events.length, 1)
})

t.test('messages that the settings turn off, or that are not sent, are not recovered', async (t) => {
  const statuses = new Map([['1@c.us', 'noAccount'], ['2@c.us', 'failed']])
  const scene = await createScene(t, {
    emulator: { statuses: ({ senderData: { chatId } }) => [statuses.get(chatId) ?? 'sent'] }
  })
  const { instance, emulator, events } = scene
  instance.setFaults({ lost: 1 })
  await instance.applySettings({ outgoingMessageWebhook: 'no', pollMessageWebhook: 'no', outgoingCallWebhook: 'no' })
  instance.receive(instance.build.textMessage({}, { sentBy: 'phone' }))
  instance.receive(instance.build.pollMessage())
  instance.receive(instance.build.outgoingCall({ status: 'pickUp' }))
  for (const chatId of ['1@c.us', '2@c.us', '3@c.us']) {
    await send(emulator, 'sendMessage', { chatId, message: 'hello' })
  }
  await until(async () => {
    await scene.advance(0.1)
    return instance.messages('outgoing').filter(({ statusMessage }) => statusMessage === 'pending').length === 0
  })
  instance.changeState('notAuthorized')
  await send(emulator, 'sendMessage', { chatId, message: 'not sent' })
  await scene.advance(4)

  t.match(await scene.pass(), { recovered: { extendedTextMessage: 1 }, ignored: 3, tooYoung: 3 })
  t.match(events.filter(({ recovered }) => recovered), [{ chatId: '3@c.us' }])
})

t.test('edits and deletions are recovered beside the message that they change', async (t) => {
  const scene = await createScene(t)
  const { instance: { build }, instance } = scene
  instance.setFaults({ lost: 1 })
  const message = build.textMessage({ text: 'hello' })
  instance.receive(message)
  instance.receive(build.editedMessage({ stanzaId: message.idMessage, text: 'goodbye' }))
  instance.receive(build.deletedMessage({ stanzaId: message.idMessage }))
  await scene.advance(4)

  t.match(await scene.pass(), { recovered: { textMessage: 1, editedMessage: 1, deletedMessage: 1 } })
  t.match(scene.events.map(({ data }) => data), [
    { text: 'hello' }, { stanzaId: message.idMessage, text: 'goodbye' }, { stanzaId: message.idMessage }
  ])
})

t.test('recovered messages are delivered in the order of their timestamps', async (t) => {
  const scene = await createScene(t)
  const { instance, instance: { build } } = scene
  instance.setFaults({ lost: 1 })
  const ids: string[] = []
  for (let number = 0; number < 5; number++) {
    const body = build.textMessage()
    ids.push(body.idMessage)
    instance.receive(body)
    await scene.advance(0.5)
  }
  await scene.advance(4)
  await scene.pass()

  t.strictSame(idsOf(scene.events), ids)
})

t.test('a clock that differs from that of GREEN-API changes nothing', async (t) => {
  for (const hours of [-30, 30]) {
    const scene = await createScene(t, { emulator: { clock: { start: Date.now() + hours * 60 * minute } } })
    scene.instance.setFaults({ lost: 1 })
    scene.instance.receive(scene.instance.build.textMessage())
    t.match(await scene.pass(), { tooYoung: 1 })
    await scene.advance(4)
    t.match(await scene.pass(), { recovered: { textMessage: 1 } }, `${hours} hours`)
  }
})

t.test('one log line has the counts of a pass that recovered something', async (t) => {
  const scene = await createScene(t)
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(4)
  await scene.pass()
  await scene.pass()

  const lines = scene.log.filter(({ msg }) => msg === 'recovered notifications that GREEN-API did not send')
  t.match(lines, [{ recovered: { textMessage: 1 }, read: 1, known: 0, failed: 0, queueSize: 0 }])
  t.equal(lines.length, 1)
})

t.test('a pass does nothing while another process has the lock', async (t) => {
  let isFree = true
  const scene = await createScene(t, { lock: async () => isFree })
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(4)

  isFree = false
  await t.rejects(scene.pass(), { message: 'the pass published no message' })
  t.strictSame(scene.events, [])
  isFree = true
  t.match(await scene.pass(), { recovered: { textMessage: 1 } })
})

t.test('a journal that cannot be read does not stop the others, and is read again in the next pass', async (t) => {
  const refusals = [
    ['429', (reply) => reply.code(429).send({ message: 'Too Many Requests' })],
    ['466', (reply) => reply.code(466).send({ invokeStatus: { status: 'QUOTE_ALLOWED' } })],
    ['502', (reply) => reply.code(502).type('text/html').send('<html>Bad Gateway</html>')],
    ['an instance that is not authorized', (reply) => reply.code(400).send({ message: 'instance in not authorized' })],
    ['no list', (reply) => reply.send({ message: 'maintenance' })],
    ['a list that is cut off', (reply) => reply.type('application/json').send('[{"type":"incoming"')],
    ['a lost connection', (reply) => { reply.raw.destroy() }]
  ] satisfies Array<[string, (reply: FastifyReply) => unknown]>
  for (const [name, refuse] of refusals) {
    await t.test(name, async (t) => {
      const scene = await createScene(t)
      const { instance, instance: { build } } = scene
      instance.setFaults({ lost: 1 })
      instance.receive(build.textMessage())
      instance.receive(build.incomingCall({ status: 'missed' }))
      await scene.advance(4)

      scene.answers.set('lastIncomingMessages', refuse)
      const error = { name: 'RequestError', method: 'lastIncomingMessages' }
      t.match(await scene.pass(), { recovered: { incomingCall: 1 }, error })
      await scene.pass()
      // The window of the next pass is as long as it has to be.
      await scene.advance(180)
      scene.answers.clear()

      t.match(await scene.pass(), { recovered: { textMessage: 1 } })
      const lines = scene.log.filter(({ msg }) => /^recovery /.test(String(msg))).map(({ level, msg }) => [level, msg])
      t.strictSame(lines, [[40, 'recovery failed, the next pass tries again'], [30, 'recovery works again']])
    })
  }
})

t.test('nothing is recovered while the settings cannot be read', async (t) => {
  const scene = await createScene(t)
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(4)

  scene.answers.set('getSettings', (reply) => reply.code(401).send(''))
  t.match(await scene.pass(), { read: 0, recovered: {}, error: { status: 401 } })
  scene.answers.set('getSettings', (reply) => reply.send('null'))
  t.match(await scene.pass(), { read: 0, recovered: {}, error: { method: 'getSettings' } })
  scene.answers.clear()
  t.match(await scene.pass(), { recovered: { textMessage: 1 } })
})

t.test('an API without journals of calls or a count of notifications is enough', async (t) => {
  const scene = await createScene(t)
  for (const method of ['lastIncomingCalls', 'lastOutgoingCalls', 'getWebhooksCount']) {
    scene.answers.set(method, (reply) => reply.code(404).send('Not Found'))
  }
  scene.instance.setFaults({ lost: 1 })
  scene.instance.receive(scene.instance.build.textMessage())
  await scene.advance(4)

  const message = await scene.pass()

  t.match(message, { recovered: { textMessage: 1 } })
  t.notOk('error' in message)
  t.notOk('queueSize' in message)
})

t.test('records that repeat, have no order, are incomplete or are not records do no harm', async (t) => {
  const scene = await createScene(t)
  const { instance: { build } } = scene
  const [one, two, three] = ['one', 'two', 'three'].map((text, index) => {
    const body = build.textMessage({ text })
    return { ...toJournalMessage(body), timestamp: body.timestamp + index }
  })
  const incomplete = [null, 5, [], {}, { typeMessage: 'textMessage', idMessage: 'bare' }, { ...one, idMessage: undefined },
    { ...one, idMessage: 'no-time', timestamp: undefined }, { ...one, idMessage: 'odd', typeMessage: 'hologramMessage' },
    { ...one, idMessage: 'hollow', textMessage: undefined }, { ...one, idMessage: 'future', timestamp: 9_999_999_999 }]
  scene.answers.set('lastIncomingMessages', (reply) => reply.send([three, one, three, ...incomplete, two, one]))
  await scene.advance(4)

  const { recovered, error } = await scene.pass()

  t.equal(error, undefined)
  t.strictSame(recovered, { textMessage: 3 })
  t.match(scene.events, [{ data: { text: 'one' } }, { data: { text: 'two' } }, { data: { text: 'three' } }])

  scene.answers.set('lastIncomingMessages', (reply) => reply.send([]))
  await scene.pass()
  scene.answers.set('lastIncomingMessages', (reply) => reply.send([one, two, three]))
  t.match(await scene.pass(), { recovered: {} }, 'records that were missing for a while')
  t.equal(scene.events.length, 3)
})

t.test('stop ends a request that GREEN-API does not answer', async (t) => {
  const scene = await createScene(t)
  let isAsked = false
  scene.answers.set('lastIncomingMessages', async () => {
    isAsked = true
    await new Promise(() => {})
  })
  const passing = scene.pass()
  await until(() => isAsked)

  await scene.stop()

  t.match(await passing, { recovered: {} })
  t.notOk(scene.log.some(({ msg }) => msg === 'recovery failed, the next pass tries again'))
})
