import assert from 'node:assert/strict'
import { Value } from '@sinclair/typebox/value'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { notifications, type Event, type EventName } from 'fastify-green-api'
import {
  buttonReply, createBuilders, interactiveButtons, textMessage, toEnvelope, toRecord, type MessageBody
} from 'fastify-green-api/testing'
import t from 'tap'
import { contentsOf, dataOf } from '../helpers/fixtures/contents.ts'
import { journalMenuSent } from '../helpers/fixtures/notifications.ts'
import { pathsOf, printed, printedTaps } from '../helpers/fixtures/printed-bodies.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { isObject, type Content } from '../../lib/schemas/values.ts'
import * as testing from 'fastify-green-api/testing'

const names = Object.keys(notifications) as EventName[]
const taps = notifications.buttonReply.typeMessages
const builders = createBuilders({ seed: 'builders' })
// What each takes and returns is tried one by one; here they are all alike.
const build = builders as unknown as Record<EventName, (content?: object, around?: object) => Content>

function read (body: unknown) {
  const { event } = recognize(JSON.stringify(body))
  if (event.name === 'unrecognized') throw new Error(`unrecognized: ${event.reason} ${JSON.stringify(event.errors)}`)
  return event as Event & Pick<Event<'incomingMessageReceived'>, 'quotedMessage'>
}

function isMessage (body: unknown): body is MessageBody {
  return isObject(body) && 'messageData' in body
}

t.test('each kind has a builder, which can be imported by its name', async (t) => {
  const exported = new Map<string, unknown>(Object.entries(testing))
  for (const name of names) {
    t.type(exported.get(name), 'function', name)
    t.type(builders[name], 'function', name)
  }
})

for (const name of names) {
  t.test(`${name}: what is built of any content is read as that content`, async (t) => {
    const around = fc.record({
      sentBy: fc.constantFrom('contact', 'phone', 'api'),
      isForwarded: fc.constantFrom(true, false, undefined)
    })
    const tap = name === 'buttonReply' ? fc.record({ typeMessage: fc.constantFrom(...taps) }) : fc.constant({})
    fc.assert(fc.property(contentsOf(name), tap, around, (content, tap, around) => {
      const body = build[name]({ ...content, ...tap }, around)
      const expected = dataOf(name, content)
      for (const form of [body, toEnvelope(body, 7)]) {
        const { name: found, data } = read(form)
        assert.deepEqual({ name: found, data }, { name, data: expected })
      }
      if (!isMessage(body)) return
      const record = toRecord(body)
      const { name: found, data, direction, sentBy } = read(record)
      assert.deepEqual({ name: found, data: withoutNulls(data), direction, sentBy }, { name, data: withoutNulls(expected), direction: record.type, sentBy: around.sentBy })
      assert.equal(record.isForwarded ?? false, around.isForwarded ?? false)
    }), { numRuns: 300 })
    t.pass()
  })

  t.test(`${name}: by default, its body has the members that GREEN-API's has, in their order`, async (t) => {
    t.strictSame(pathsOf(build[name]()), pathsOf(printed[name]))
  })

  t.test(`${name}: its default body passes the schema of the wire, and its event names the ids`, async (t) => {
    const body = build[name]()
    const event = read(body)
    const { definition = notifications[name] } = {}
    const wire = definition.kind === 'message' ? contentIn(body, definition.members) : body
    t.ok(Value.Check(definition.wire, wire))
    t.match(event, { idInstance: '7103000001', wid: '4915550001000@c.us', typeInstance: 'whatsapp', timestamp: body.timestamp ?? 0, idMessage: body.idMessage ?? '' })
    if (isMessage(body)) t.match(event, { chatId: '4915550001234@c.us', chatName: 'Ada Lovelace' })
  })
}

function contentIn ({ messageData }: Content, members: readonly string[]): unknown {
  const { [members.find((member) => isObject(messageData) && member in messageData) ?? '']: wire } = messageData as Content
  return wire
}

// A journal has every member of every button, those of unknown buttons too, which are kept as they came.
function withoutNulls (value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, value) => value === null ? undefined : value)
}

t.test('a tap has the type, and the members, of the device that it was made on', async (t) => {
  for (const [device, typeMessage] of [['android', 'interactiveButtonsResponse'], ['ios', 'templateButtonsReplyMessage'], ['web', 'templateButtonReplyMessage']] as const) {
    const body = buttonReply({ buttonId: 'yes', device })
    t.equal(body.messageData.typeMessage, typeMessage)
    t.equal(body.messageData.quotedMessage !== undefined, device === 'android', 'only one echoes the menu')
  }
  for (const typeMessage of ['templateButtonsReplyMessage', 'templateButtonReplyMessage', 'buttonsResponseMessage', 'listResponseMessage'] as const) {
    const { messageData } = buttonReply({ typeMessage })
    t.equal(messageData.typeMessage, typeMessage)
    t.strictSame(pathsOf(messageData), pathsOf(printedTaps[typeMessage]))
  }
})

t.test('a tap on a menu names it, comes from its chat, and echoes it', async (t) => {
  const menu = interactiveButtons(
    { header: 'Delivery', body: 'When?', buttons: [{ type: 'url', url: 'https://shop.example' }, { type: 'reply', buttonId: 'am', buttonText: 'Morning' }, { type: 'reply', buttonId: 'pm', buttonText: 'Evening' }] },
    { chatId: '4915550009999@c.us', idInstance: 42, wid: '4915550000001@c.us', sender: '4915550000002@c.us', typeInstance: 'v3' }
  )
  for (const [content, index, buttonId] of [[{}, 1, 'am'], [{ buttonId: 'pm' }, 2, 'pm'], [{ buttonText: 'Evening' }, 2, 'pm']] as const) {
    for (const device of ['android', 'ios', 'web'] as const) {
      const event = read(buttonReply({ ...content, menu, device }))
      t.match(event, {
        chatId: '4915550009999@c.us',
        sender: '4915550009999@c.us',
        idInstance: '42',
        wid: '4915550000001@c.us',
        typeInstance: 'v3',
        data: { stanzaId: menu.idMessage, buttonId, index }
      })
      if (device === 'android') t.match(event, { quotedMessage: { stanzaId: menu.idMessage, participant: '4915550000002@c.us', name: 'interactiveButtons', data: read(menu).data } })
    }
  }
})

t.test('a tap that cannot be is not built', async (t) => {
  const menu = interactiveButtons({
    buttons: [{ type: 'url', buttonId: 'site', buttonText: 'Open', url: 'https://shop.example' }, { type: 'reply', buttonId: 'am' }, { type: 'reply', buttonId: 'pm' }]
  })
  for (const typeMessage of taps) {
    t.throws(() => buttonReply({ menu, buttonId: 'noon', typeMessage }), { message: 'the menu has no button noon: tap one of am, pm' })
    t.throws(() => buttonReply({ menu, buttonText: 'Noon', typeMessage }), { message: 'the menu has no button Noon: tap one of am, pm' })
    for (const content of [{ buttonId: 'site' }, { buttonText: 'Open' }]) {
      t.throws(() => buttonReply({ menu, ...content, typeMessage }), { message: /^the button (site|Open) is of the type url, and only taps on replies are notified: tap one of am, pm$/ })
    }
    t.match(read(buttonReply({ menu, buttonId: 'pm', typeMessage })), { data: { buttonId: 'pm', stanzaId: menu.idMessage } })
  }
  const silent = interactiveButtons({ buttons: [{ type: 'copy', buttonId: 'code', copyCode: 'SPRING' }] })
  for (const content of [{}, { buttonId: 'code' }, { buttonId: 'yes' }]) {
    t.throws(() => buttonReply({ menu: silent, ...content }), { message: 'the menu has no button of the type reply, and only taps on these are notified: give it one' })
  }
})

t.test('a tap on a button of nobody knows which menu echoes one with that button', async (t) => {
  const event = read(buttonReply({ buttonId: 'blue', buttonText: 'Blue', stanzaId: 'BAE5' }))
  t.match(event, { data: { stanzaId: 'BAE5', buttonId: 'blue', buttonText: 'Blue', index: 0 }, quotedMessage: { stanzaId: 'BAE5', data: { buttons: [{ buttonId: 'blue' }] } } })
  t.match(read(buttonReply({ buttonId: 'blue' })), { data: { buttonId: 'blue', buttonText: 'Yes' } })
})

t.test('by whose hand a message is sent decides its type, its sender and the form of its id', async (t) => {
  const wid = '4915550001000@c.us'
  const customer = '4915550001234@c.us'
  for (const [around, typeWebhook, idMessage, sender] of [
    [{ sentBy: 'contact' }, 'incomingMessageReceived', /^[\dA-F]{32}$/, customer],
    [{ sentBy: 'phone' }, 'outgoingMessageReceived', /^[\dA-F]{32}$/, wid],
    [{ sentBy: 'api' }, 'outgoingAPIMessageReceived', /^BAE5[\dA-F]{12}$/, wid]
  ] as const) {
    t.match(textMessage({}, around), { typeWebhook, idMessage, senderData: { chatId: customer, sender } })
  }
  t.match(textMessage(), { typeWebhook: 'incomingMessageReceived' })
  t.match(interactiveButtons(), { typeWebhook: 'outgoingAPIMessageReceived' })
  t.match(buttonReply({ device: 'ios' }), { idMessage: /^3A[\dA-F]{18}$/ })
  t.match(buttonReply({ device: 'web' }), { idMessage: /^3EB0[\dA-F]{18}$/ })
  t.match(testing.extendedTextMessage({}, { sentBy: 'api' }).messageData.extendedTextMessageData, { previewType: 'None', title: '' }, 'any text, without a link')
})

t.test('what surrounds the content is as asked for', async (t) => {
  const around = {
    idInstance: '310000000042',
    wid: '5@c.us',
    typeInstance: 'v3',
    timestamp: 5,
    idMessage: 'A1',
    chatId: '12@g.us',
    chatName: 'Family',
    sender: '6@c.us',
    senderName: 'Eve',
    senderContactName: 'Aunt Eve',
    isForwarded: true,
    forwardingScore: 3
  }
  const body = textMessage({ text: 'Hello' }, around)
  t.equal(body.instanceData.idInstance, 310000000042, 'a number on the wire')
  t.match(read(body), { ...around, data: { text: 'Hello' } })
  t.equal(textMessage({}, { idInstance: 'mine' }).instanceData.idInstance, 'mine')
  t.match(textMessage({}, { chatId: '12@g.us' }), { senderData: { chatId: '12@g.us', sender: '4915550001234@c.us' } }, 'in a group somebody wrote it')
  t.match(read(testing.imageMessage({}, { isForwarded: true })), { isForwarded: true, forwardingScore: 1 })
})

t.test('what was forwarded, however often, was forwarded', async (t) => {
  for (const build of [textMessage, testing.imageMessage] as const) {
    t.match(read(build({}, { forwardingScore: 3 })), { isForwarded: true, forwardingScore: 3 })
    t.match(read(build({}, { forwardingScore: 0 })), { isForwarded: false })
    t.match(read(build({}, { forwardingScore: 3, isForwarded: false })), { isForwarded: false, forwardingScore: 3 }, 'unless told otherwise')
  }
})

t.test('a word that is none is an error that names those that there are', async (t) => {
  // As programs without types would.
  const wrong = (word: unknown) => word as never
  t.throws(() => buttonReply({ device: wrong('Android') }), { name: 'TypeError', message: 'device is "Android": write one of android, ios, web, or leave it out' })
  t.throws(() => textMessage({}, { sentBy: wrong(5) }), { name: 'TypeError', message: 'sentBy is 5: write one of contact, phone, api, or leave it out' })
  const message = /^typeMessage is "x": write one of interactiveButtonsResponse, .*, or leave it out$/
  t.throws(() => buttonReply({ typeMessage: wrong('x') }), { name: 'TypeError', message })
  t.throws(() => textMessage({}, { quotedMessage: { name: 'buttonReply', typeMessage: 'x' } }), { name: 'TypeError', message })
})

t.test('a notice is about the chat, and has the id, that it is asked for', async (t) => {
  const around = { chatId: '7@c.us', idMessage: 'A1', timestamp: 5 }
  t.match(read(testing.outgoingMessageStatus({ status: 'read' }, around)), { ...around, data: { status: 'read' } })
  t.match(read(testing.incomingCall({}, around)), { ...around, data: { from: '7@c.us' } })
  t.match(read(testing.outgoingCall({}, around)), { ...around, data: { from: '7@c.us' } })
  t.match(testing.outgoingCall({ status: 'hangUp' }), { status: 'hungUp' }, 'as the end of such a call is spelled')
  t.match(testing.incomingCall({ status: 'hangUp' }), { status: 'hangUp' })
  t.match(read(testing.avatarInfo({}, { chatId: '7@c.us' })), { chatId: '7@c.us', data: { chatId: '7@c.us' } })
  t.match(read(testing.incomingBlock({}, { chatId: '7@c.us' })), { chatId: '7@c.us' })
  t.match(read(testing.stateInstanceChanged({}, { timestamp: 5, idInstance: 6 })), { timestamp: 5, idInstance: '6' })
  t.notOk('timestamp' in testing.quotaExceeded())
})

t.test('a quoted message is given as a body, or as an event has it', async (t) => {
  const quoting = (quotedMessage: MessageBody | testing.Quote) => read(testing.quotedMessage({ text: 'Yes' }, { quotedMessage }))
  for (const name of names) {
    // A reaction names its message in a quote of its own, which a quote has not.
    if (notifications[name].kind !== 'message' || name === 'reactionMessage') continue
    const body = build[name]()
    if (!isMessage(body)) continue
    const { data, typeMessage } = read(body)
    const quoted = { typeMessage, name, data: name === 'buttonReply' || name === 'pollUpdateMessage' ? data : { ...data } }
    const reference = { stanzaId: body.idMessage, participant: body.senderData.sender }
    t.match(quoting(body).quotedMessage, { ...reference, ...quoted }, name)
    t.match(quoting({ ...reference, ...quoted } as testing.Quote).quotedMessage, { ...reference, ...quoted }, name)
  }
})

t.test('a quote without a content is a reference, and what is not said of it has a default', async (t) => {
  const { messageData } = textMessage({}, { quotedMessage: { stanzaId: 'A1', participant: '5@c.us' } })
  t.strictSame(messageData.quotedMessage, { stanzaId: 'A1', participant: '5@c.us' })
  t.strictSame(Object.keys(textMessage({}, { quotedMessage: { typeMessage: 'textMessage' } }).messageData.quotedMessage ?? {}), ['stanzaId', 'participant', 'typeMessage'])
  t.match(testing.reactionMessage({}, { quotedMessage: textMessage({ text: 'Hi' }, { idMessage: 'A1' }) }).messageData, { quotedMessage: { stanzaId: 'A1', textMessage: 'Hi' } })
  t.match(testing.reactionMessage({ stanzaId: 'A2' }, { quotedMessage: textMessage() }).messageData, { quotedMessage: { stanzaId: 'A2' } })
  t.match(buttonReply({}, { quotedMessage: { stanzaId: 'A3' } }).messageData, { quotedMessage: { stanzaId: 'A3' } }, 'in place of the echo')
  t.match(testing.quotedMessage({}, { quotedMessage: { stanzaId: 'A4', participant: '5@c.us' } }).messageData, { extendedTextMessageData: { stanzaId: 'A4', participant: '5@c.us' } })
  t.match(read(testing.quotedMessage({}, { quotedMessage: buttonReply({ typeMessage: 'listResponseMessage' }) })), { quotedMessage: { typeMessage: 'listResponseMessage', data: { buttonId: 'red' } } })
  t.match(read(testing.quotedMessage({}, { quotedMessage: { name: 'buttonReply', typeMessage: 'buttonsResponseMessage', data: { buttonId: 'no' } } })), { quotedMessage: { typeMessage: 'buttonsResponseMessage', data: { buttonId: 'no', buttonText: 'No' } } })
})

t.test('a button need not say its id nor its text', async (t) => {
  const { data } = read(interactiveButtons({ buttons: [{ type: 'reply' }, { type: 'copy', copyCode: 'SPRING' }, { type: 'call', phoneNumber: '5', buttonText: 'Ring' }, { type: 'unknown', raw: undefined }] }))
  t.match(data, { buttons: [{ buttonId: '1', buttonText: 'Yes' }, { buttonId: '2', copyCode: 'SPRING' }, { buttonId: '3', buttonText: 'Ring', phoneNumber: '5' }, { buttonId: '4', type: 'unknown' }] })
})

t.test('a button of an unknown type is written as it came, whatever that is', async (t) => {
  const buttons = [{ type: 'unknown', raw: 5 }, { type: 'unknown', raw: { type: 'pay', buttonId: 'p', amount: 3 }, index: 2 }] as const
  t.strictSame(interactiveButtons({ buttons }).messageData.interactiveButtons.buttons, [5, { type: 'pay', buttonId: 'p', amount: 3 }])
  t.strictSame(testing.templateMessage({ buttons }).messageData.templateMessage.buttons, [5, { type: 'pay', buttonId: 'p', amount: 3, index: 2 }])
})

t.test('a default gives way to what goes with what was given', async (t) => {
  t.strictSame(read(testing.editedMessage({ stanzaId: 'A1', caption: 'New' })).data, { stanzaId: 'A1', caption: 'New' }, 'of a file there is no text')
  t.strictSame(read(testing.extendedTextMessage({ text: 'Hello' })).data, { text: 'Hello' }, 'a text without a link has no preview')
  t.strictSame(read(testing.locationMessage({ latitude: 1, longitude: 2 })).data, { latitude: 1, longitude: 2 }, 'the name is of another place')
  t.match(testing.contactMessage({ displayName: 'Bob' }).messageData.contactMessageData.vcard, /FN:Bob\n/)
  t.notOk('caption' in read(testing.imageMessage({ caption: undefined })).data, 'undefined leaves it out')
  t.match(read(textMessage({ text: undefined })).data, { text: /./ }, 'unless data always has it')
})

t.test('with a seed, ids and times are the same each time', async (t) => {
  const tell = () => {
    const { textMessage, interactiveButtons, outgoingMessageStatus } = createBuilders({ seed: 4711 })
    return [textMessage(), interactiveButtons(), outgoingMessageStatus(), textMessage({}, { quotedMessage: {} })]
  }
  const [first, second, third] = tell()
  t.strictSame(tell(), tell())
  t.strictSame([first?.timestamp, second?.timestamp, third?.timestamp], [1767225600, 1767225601, 1767225602])
  t.not(createBuilders({ seed: 'other' }).textMessage().idMessage, first?.idMessage)
  t.not(first?.idMessage, second?.idMessage)
})

t.test('without a seed, ids are random and it is now', async (t) => {
  const before = Math.floor(Date.now() / 1000)
  const { timestamp, idMessage } = textMessage()
  t.ok(timestamp >= before && timestamp <= Date.now() / 1000)
  t.not(textMessage().idMessage, idMessage)
})

t.test('now, in milliseconds, says the time, with a seed too', async (t) => {
  t.equal(createBuilders({ now: () => 1_800_000_000_999 }).textMessage().timestamp, 1_800_000_000)
  t.equal(createBuilders({ seed: 1, now: () => 1_800_000_000_000 }).textMessage().timestamp, 1_800_000_000)
})

t.test('builders are of the instance and the customer that they are made for', async (t) => {
  const { textMessage } = createBuilders({ idInstance: 5, wid: '1@c.us', typeInstance: 'telegram', chatId: '2@c.us', senderName: 'Bob' })
  t.match(textMessage(), {
    instanceData: { idInstance: 5, wid: '1@c.us', typeInstance: 'telegram' },
    senderData: { chatId: '2@c.us', chatName: 'Bob', sender: '2@c.us', senderName: 'Bob' }
  })
  t.match(createBuilders({ chatName: 'Bob (shop)' }).textMessage(), { senderData: { chatName: 'Bob (shop)', senderName: 'Ada Lovelace' } })
})

t.test('what is changed in a body changes neither the content nor the menu nor another body', async (t) => {
  const buttons = [{ type: 'unknown', buttonId: '', buttonText: '', raw: { list: [1] } }] as const
  const menu = interactiveButtons({ buttons: [...buttons, { type: 'reply', buttonId: 'yes' }] })
  const tap = buttonReply({ menu })
  const record = toRecord(menu)
  Object.assign(menu.messageData.interactiveButtons.buttons[0] ?? {}, { list: 'changed' })
  menu.senderData.chatId = ''
  t.strictSame(buttons[0].raw, { list: [1] })
  t.match(tap.messageData.quotedMessage, { interactiveButtons: { buttons: [{ list: [1] }] } })
  t.match(record, { chatId: '4915550001234@c.us', interactiveButtons: { buttons: [{ list: [1] }] } })
  menu.messageData.interactiveButtons.titleText = 'changed'
  t.not(interactiveButtons().messageData.interactiveButtons.titleText, 'changed')
})

t.test("a journal record is the documentation's, to the letter", async (t) => {
  const body = interactiveButtons({
    header: 'Header',
    body: 'Body',
    footer: 'Footer',
    buttons: [
      { type: 'copy', buttonText: 'Copy me', copyCode: '3333' },
      { type: 'call', buttonText: 'Call me', phoneNumber: '79329843267' },
      { type: 'url', buttonText: 'Green-api', url: 'https://green-api.com' }
    ]
  }, { chatId: '79581004388@c.us', idMessage: 'BAE53E7C37B3C05A', timestamp: 1747817913 })
  t.equal(JSON.stringify(toRecord(body)), JSON.stringify(JSON.parse(journalMenuSent)))
})

t.test('a journal record spells a content flat, and says what became of it', async (t) => {
  t.match(toRecord(testing.imageMessage()), { type: 'incoming', senderId: '4915550001234@c.us', senderName: 'Ada Lovelace', downloadUrl: /^https/, mimeType: 'image/jpeg', isForwarded: false })
  t.match(toRecord(testing.locationMessage()), { location: { nameLocation: 'The shop' } })
  t.match(toRecord(testing.contactMessage()), { contact: { displayName: 'Grace Hopper' } })
  t.match(toRecord(testing.contactsArrayMessage()), { contacts: [{}, {}] })
  t.match(toRecord(testing.quotedMessage({ text: 'Yes' })), { textMessage: 'Yes', extendedTextMessage: { text: 'Yes', stanzaId: /^BAE5/ }, quotedMessage: { textMessage: /./ } })
  t.match(toRecord(testing.editedMessage({ stanzaId: 'A1', text: 'New' })), { editedMessageId: 'A1', textMessage: 'New' })
  t.match(toRecord(testing.deletedMessage({ stanzaId: 'A1' })), { deletedMessageId: 'A1' })
  t.match(toRecord(textMessage({}, { sentBy: 'api' }), { statusMessage: 'read' }), { type: 'outgoing', statusMessage: 'read', sendByApi: true })
  t.match(toRecord(textMessage({}, { sentBy: 'phone' })), { statusMessage: 'sent', sendByApi: false })
  t.match(toRecord(textMessage({}, { sentBy: 'api' }), { sendByApi: false }), { sendByApi: false })
  t.match(toRecord(textMessage(), { isEdited: true, isDeleted: false }), { isEdited: true, isDeleted: false })
  t.notOk('statusMessage' in toRecord(textMessage(), { statusMessage: 'read' }), 'only of what was sent')
})

t.test('a body that a test has spoiled makes a record that is as bad', async (t) => {
  const body: MessageBody = interactiveButtons()
  Object.assign(body.messageData, { interactiveButtons: { buttons: 'none' } })
  t.match(toRecord(body), { interactiveButtons: { buttons: 'none' } })
  Object.assign(body.messageData, { interactiveButtons: { buttons: [null] } })
  t.match(toRecord(body), { interactiveButtons: { buttons: [null] } })
  Object.assign(body.messageData, { interactiveButtons: null })
  t.match(toRecord(body), { interactiveButtons: null })
})

t.test('the queue hands out bodies under a receipt', async (t) => {
  const body = textMessage()
  t.strictSame(toEnvelope(body, 9), { receiptId: 9, body })
  t.strictSame(toEnvelope(body), { receiptId: 1, body })
})

t.test('a wrong member does not compile, and what is built has its type', async (t) => {
  const wrong = () => {
    // @ts-expect-error the content has another name for it
    interactiveButtons({ contentText: 'Hello' })
    // @ts-expect-error a copy button needs its code
    interactiveButtons({ buttons: [{ type: 'copy' }] })
    // @ts-expect-error a state is about no chat
    testing.stateInstanceChanged({}, { chatId: '5@c.us' })
    // @ts-expect-error there is no such device
    buttonReply({ device: 'phone' })
    // @ts-expect-error only a tap is made on a device
    textMessage({ device: 'ios' })
    // @ts-expect-error a text is no menu
    buttonReply({ menu: textMessage() })
    // @ts-expect-error a notice has no journal record
    toRecord(testing.incomingCall())
  }
  t.type(wrong, 'function')
  const menu = interactiveButtons()
  expectTypeOf(menu.messageData.interactiveButtons.buttons[0]?.copyCode).toEqualTypeOf<string | undefined>()
  expectTypeOf(menu.messageData.typeMessage).toEqualTypeOf<'interactiveButtons'>()
  expectTypeOf(textMessage().messageData.textMessageData.textMessage).toEqualTypeOf<string>()
  expectTypeOf(testing.incomingCall().from).toEqualTypeOf<string>()
  expectTypeOf(testing.stateInstanceChanged().typeWebhook).toEqualTypeOf<'stateInstanceChanged'>()
})
