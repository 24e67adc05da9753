import { createBuilders, toJournalMessage } from '../../lib/builders/index.ts'
import t from 'tap'
import { recognize } from '../../lib/recognition/recognize.ts'
import { toRecoveredBody } from '../../lib/recognition/recovered-record.ts'

const build = createBuilders({ idInstance: '1101000001', seed: 1 })
const instanceData = { idInstance: '1101000001', wid: '79001234567@c.us', typeInstance: 'whatsapp' }

const webhook = (body: object) => recognize(JSON.stringify(body))
const recovered = (record: object) => recognize(toRecoveredBody(instanceData, { ...record }))

t.test('a recovered message is the event of its webhook, with recovered', async (t) => {
  const bodies = [
    build.textMessage({ text: 'hello' }),
    build.textMessage({ text: 'hello' }, { sentBy: 'phone' }),
    build.interactiveButtons({ body: 'menu' }, { sentBy: 'api' })
  ]
  for (const body of bodies) {
    const expected = webhook(body)
    const record = { ...toJournalMessage(body), ...body.typeWebhook === 'outgoingAPIMessageReceived' && { sendByApi: true } }

    const { event, names, identity, checksum } = recovered(record)

    t.equal(event.recovered, true)
    t.strictSame(event.raw, record, 'raw is the record')
    t.strictSame(identity, expected.identity)
    t.strictSame(names, expected.names)
    t.equal(checksum, null)
    const { id, name, typeWebhook, idInstance, idMessage, chatId, direction, data, wid, typeInstance }:
    Record<string, unknown> = { ...event }
    t.match(expected.event, { id, name, typeWebhook, idInstance, idMessage, chatId, direction, data, typeInstance })
    t.equal(wid, '79001234567@c.us')
  }
})

t.test('the event of a webhook has no member recovered', async (t) => {
  t.notOk('recovered' in webhook(build.textMessage()).event)
})

t.test('a recovered message has the status, and whether it was edited or deleted', async (t) => {
  const record = { ...toJournalMessage(build.textMessage({}, { sentBy: 'phone' })), statusMessage: 'read', isEdited: true, isDeleted: false }

  t.match(recovered(record).event, { statusMessage: 'read', isEdited: true, isDeleted: false })
})

t.test('a recovered call has the identity of every end of the call, and not of its offer', async (t) => {
  const idMessage = 'CALL'
  const record = { type: 'incoming', idMessage, timestamp: 5, typeMessage: 'incomingCall', chatId: '1@c.us', status: 'hungUp' }

  const { event, names, identity } = recovered(record)

  const end = (status: string) => webhook(build.incomingCall({ status }, { idMessage })).identity
  t.match(event, { name: 'incomingCall', typeWebhook: 'incomingCall', recovered: true, data: { status: 'hangUp' } })
  t.notOk('typeMessage' in event)
  t.strictSame(names, ['webhook', 'incomingCall'])
  for (const status of ['pickUp', 'hangUp', 'missed', 'declined']) t.strictSame(identity, end(status), status)
  t.notSame(identity, end('offer'))
})

t.test('messages with one id have different identities if one is an edit, a deletion or a status of the other', async (t) => {
  const context = { idMessage: 'M', sentBy: 'phone' } as const
  const bodies = [
    build.textMessage({}, context),
    build.editedMessage({ stanzaId: 'M', text: 'new' }, context),
    build.deletedMessage({ stanzaId: 'M' }, context),
    build.outgoingMessageStatus({ status: 'sent' }, { idMessage: 'M' })
  ]

  t.equal(new Set(bodies.map((body) => webhook(body).event.id)).size, 4)
  t.equal(webhook(build.textMessage({}, { ...context, sentBy: 'api' })).event.id, webhook(bodies[0] ?? {}).event.id,
    'a message of the API and of the phone is one message')
  t.not(webhook(build.textMessage({}, { idMessage: 'M' })).event.id, webhook(bodies[0] ?? {}).event.id, 'an incoming one')
})

t.test('a record that nobody knows is unrecognized, and one without an instance keeps its own identity', async (t) => {
  const { event } = recovered({ type: 'incoming', typeMessage: 'hologram', idMessage: 'M' })
  t.match(event, { name: 'unrecognized', reason: 'unknown-type' })
  t.match(recovered({ idMessage: 'M' }).event, { reason: 'not-a-notification' })

  t.equal(webhook({ ...toJournalMessage(build.textMessage()), idMessage: 'M' }).event.id, ':journal-incoming:M')
})
