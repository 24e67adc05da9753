import assert from 'node:assert/strict'
import { Value } from '@sinclair/typebox/value'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { notifications, type Event, type EventName } from 'fastify-green-api'
import * as testing from 'fastify-green-api/testing'
import {
  buttonReply, createBuilders, interactiveButtons, textMessage, toEnvelope, toJournalMessage, type MessageBody
} from 'fastify-green-api/testing'
import t from 'tap'
import { contentsOf, dataOf } from '../helpers/fixtures/contents.ts'
import { journalMenuSent } from '../helpers/fixtures/notifications.ts'
import { pathsOf, printed, printedTaps } from '../helpers/fixtures/printed-bodies.ts'
import { recognize } from '../../lib/recognition/recognize.ts'
import { isObject, type Content } from '../../lib/schemas/values.ts'

const names = Object.keys(notifications) as EventName[]
const taps = notifications.buttonReply.typeMessages
const builders = createBuilders({ seed: 'builders' })
// The tests of single builders check their types. Here all builders have the same type.
const build = builders as unknown as Record<EventName, (content?: object, context?: object) => Content>

function read (body: unknown) {
  const { event } = recognize(JSON.stringify(body))
  if (event.name === 'unrecognized') throw new Error(`unrecognized: ${event.reason} ${JSON.stringify(event.errors)}`)
  return event as Event & Pick<Event<'incomingMessageReceived'>, 'quotedMessage'>
}

function isMessage (body: unknown): body is MessageBody {
  return isObject(body) && 'messageData' in body
}

t.test('the entry point exports a builder for each kind', async (t) => {
  const exported = new Map<string, unknown>(Object.entries(testing))
  for (const name of names) {
    t.type(exported.get(name), 'function', name)
    t.type(builders[name], 'function', name)
  }
})

for (const name of names) {
  t.test(`${name} builder writes any content so that it is read as the same data`, async (t) => {
    const context = fc.record({
      sentBy: fc.constantFrom('contact', 'phone', 'api'),
      isForwarded: fc.constantFrom(true, false, undefined)
    })
    const tap = name === 'buttonReply' ? fc.record({ typeMessage: fc.constantFrom(...taps) }) : fc.constant({})
    fc.assert(fc.property(contentsOf(name), tap, context, (content, tap, context) => {
      const body = build[name]({ ...content, ...tap }, context)
      const expected = dataOf(name, content)
      for (const form of [body, toEnvelope(body, 7)]) {
        const { name: found, data } = read(form)
        assert.deepEqual({ name: found, data }, { name, data: expected })
      }
      if (!isMessage(body)) return
      const record = toJournalMessage(body)
      const { name: found, data, direction, sentBy } = read(record)
      assert.deepEqual(
        { name: found, data: withoutNulls(data), direction, sentBy },
        { name, data: withoutNulls(expected), direction: record.type, sentBy: context.sentBy }
      )
      assert.equal(record.isForwarded ?? false, context.isForwarded ?? false)
    }), { numRuns: 300 })
    t.pass()
  })

  t.test(`${name} builder writes the members of GREEN-API's example in their order`, async (t) => {
    t.strictSame(pathsOf(build[name]()), pathsOf(printed[name]))
  })

  t.test(`${name} builder writes a body that passes the wire schema and has the default ids`, async (t) => {
    const body = build[name]()
    const event = read(body)
    const { definition = notifications[name] } = {}
    const wire = definition.kind === 'message' ? contentIn(body, definition.members) : body
    t.ok(Value.Check(definition.wire, wire))
    t.match(
      event,
      {
        idInstance: '7103000001',
        wid: '4915550001000@c.us',
        typeInstance: 'whatsapp',
        timestamp: body.timestamp ?? 0,
        idMessage: body.idMessage ?? ''
      }
    )
    if (isMessage(body)) t.match(event, { chatId: '4915550001234@c.us', chatName: 'Ada Lovelace' })
  })
}

function contentIn ({ messageData }: Content, members: readonly string[]): unknown {
  const content = messageData as Content
  return content[members.find((member) => member in content) ?? '']
}

// In a journal every button has all members. An unknown button keeps them in raw.
function withoutNulls (value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, value) => value === null ? undefined : value)
}

t.test('each builder has the name of its kind', async (t) => {
  for (const name of names) {
    t.equal(builders[name].name, name)
    t.equal(testing[name].name, name)
  }
})

t.test('buttonReply writes the typeMessage and the members of the device', async (t) => {
  for (const [device, typeMessage] of [
    ['android', 'interactiveButtonsResponse'],
    ['ios', 'templateButtonsReplyMessage'],
    ['web', 'templateButtonReplyMessage']
  ] as const) {
    const body = buttonReply({ buttonId: 'yes', device })
    t.equal(body.messageData.typeMessage, typeMessage)
    t.equal(body.messageData.quotedMessage !== undefined, device === 'android', 'only Android quotes the menu')
  }
  for (const typeMessage of [
    'templateButtonsReplyMessage', 'templateButtonReplyMessage', 'buttonsResponseMessage', 'listResponseMessage'
  ] as const) {
    const { messageData } = buttonReply({ typeMessage })
    t.equal(messageData.typeMessage, typeMessage)
    t.strictSame(pathsOf(messageData), pathsOf(printedTaps[typeMessage]))
  }
})

t.test('buttonReply refers to the menu, uses its chat and quotes it when a menu is given', async (t) => {
  const menu = interactiveButtons(
    {
      header: 'Delivery',
      body: 'When?',
      buttons: [
        { type: 'url', url: 'https://shop.example' },
        { type: 'reply', buttonId: 'am', buttonText: 'Morning' },
        { type: 'reply', buttonId: 'pm', buttonText: 'Evening' }
      ]
    },
    {
      chatId: '4915550009999@c.us',
      idInstance: 42,
      wid: '4915550000001@c.us',
      sender: '4915550000002@c.us',
      typeInstance: 'v3'
    }
  )
  for (const [content, index, buttonId] of [
    [{}, 1, 'am'],
    [{ buttonId: 'pm' }, 2, 'pm'],
    [{ buttonText: 'Evening' }, 2, 'pm']
  ] as const) {
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
      if (device !== 'android') continue
      t.match(event.quotedMessage, {
        stanzaId: menu.idMessage,
        participant: '4915550000002@c.us',
        name: 'interactiveButtons',
        data: read(menu).data
      })
    }
  }
})

t.test('buttonReply throws when the menu does not have the reply button', async (t) => {
  const menu = interactiveButtons({
    buttons: [
      { type: 'url', buttonId: 'site', buttonText: 'Open', url: 'https://shop.example' },
      { type: 'reply', buttonId: 'am' },
      { type: 'reply', buttonId: 'pm' }
    ]
  })
  for (const typeMessage of taps) {
    t.throws(
      () => buttonReply({ menu, buttonId: 'noon', typeMessage }),
      { message: 'The menu has no button "noon". Tap one of: am, pm.' }
    )
    t.throws(
      () => buttonReply({ menu, buttonText: 'Noon', typeMessage }),
      { message: 'The menu has no button "Noon". Tap one of: am, pm.' }
    )
    for (const content of [{ buttonId: 'site' }, { buttonText: 'Open' }]) {
      t.throws(
        () => buttonReply({ menu, ...content, typeMessage }),
        { message: /^The button "(site|Open)" has the type "url", so a tap .*\. Tap one of: am, pm\.$/ }
      )
    }
    t.match(
      read(buttonReply({ menu, buttonId: 'pm', typeMessage })),
      { data: { buttonId: 'pm', stanzaId: menu.idMessage } }
    )
  }
  const silent = interactiveButtons({ buttons: [{ type: 'copy', buttonId: 'code', copyCode: 'SPRING' }] })
  for (const content of [{}, { buttonId: 'code' }, { buttonId: 'yes' }]) {
    t.throws(
      () => buttonReply({ menu: silent, ...content }),
      { message: 'The menu has no reply button. Add one: a tap on any other button sends no notification.' }
    )
  }
})

t.test('buttonReply quotes a menu with the tapped button when no menu is given', async (t) => {
  const event = read(buttonReply({ buttonId: 'blue', buttonText: 'Blue', stanzaId: 'BAE5' }))
  t.match(
    event,
    {
      data: { stanzaId: 'BAE5', buttonId: 'blue', buttonText: 'Blue', index: 0 },
      quotedMessage: { stanzaId: 'BAE5', data: { buttons: [{ buttonId: 'blue' }] } }
    }
  )
  t.match(read(buttonReply({ buttonId: 'blue' })), { data: { buttonId: 'blue', buttonText: 'Yes' } })
})

t.test('sentBy decides the typeWebhook, the sender and the form of the id', async (t) => {
  const wid = '4915550001000@c.us'
  const customer = '4915550001234@c.us'
  for (const [context, typeWebhook, idMessage, sender] of [
    [{ sentBy: 'contact' }, 'incomingMessageReceived', /^[\dA-F]{32}$/, customer],
    [{ sentBy: 'phone' }, 'outgoingMessageReceived', /^[\dA-F]{32}$/, wid],
    [{ sentBy: 'api' }, 'outgoingAPIMessageReceived', /^BAE5[\dA-F]{12}$/, wid]
  ] as const) {
    t.match(textMessage({}, context), { typeWebhook, idMessage, senderData: { chatId: customer, sender } })
  }
  t.match(textMessage(), { typeWebhook: 'incomingMessageReceived' })
  t.match(interactiveButtons(), { typeWebhook: 'outgoingAPIMessageReceived' })
  t.match(buttonReply({ device: 'ios' }), { idMessage: /^3A[\dA-F]{18}$/ })
  t.match(buttonReply({ device: 'web' }), { idMessage: /^3EB0[\dA-F]{18}$/ })
  t.match(
    testing.extendedTextMessage({}, { sentBy: 'api' }).messageData.extendedTextMessageData,
    { previewType: 'None', title: '' },
    'a text without a link preview'
  )
})

t.test('a builder writes each member of the context', async (t) => {
  const context = {
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
  const body = textMessage({ text: 'Hello' }, context)
  t.equal(body.instanceData.idInstance, 310000000042, 'a number on the wire')
  t.match(read(body), { ...context, data: { text: 'Hello' } })
  t.equal(textMessage({}, { idInstance: 'mine' }).instanceData.idInstance, 'mine')
  t.equal(
    textMessage({}, { idInstance: '123456789012345' }).instanceData.idInstance,
    123456789012345,
    'the longest number'
  )
  t.equal(textMessage({}, { idInstance: '1234567890123456' }).instanceData.idInstance, '1234567890123456')
  t.match(
    textMessage({}, { chatId: '12@g.us' }),
    { senderData: { chatId: '12@g.us', sender: '4915550001234@c.us' } },
    'the customer writes in the group'
  )
  t.match(read(testing.imageMessage({}, { isForwarded: true })), { isForwarded: true, forwardingScore: 1 })
})

t.test('a builder sets isForwarded when forwardingScore is given', async (t) => {
  for (const build of [textMessage, testing.imageMessage] as const) {
    t.match(read(build({}, { forwardingScore: 3 })), { isForwarded: true, forwardingScore: 3 })
    t.match(read(build({}, { forwardingScore: 0 })), { isForwarded: false })
    t.match(
      read(build({}, { forwardingScore: 3, isForwarded: false })),
      { isForwarded: false, forwardingScore: 3 },
      'isForwarded has priority'
    )
  }
})

t.test('a builder throws an error with the known values when a value is unknown', async (t) => {
  // JavaScript programs can pass any value.
  const wrong = (word: unknown) => word as never
  t.throws(
    () => buttonReply({ device: wrong('Android') }),
    { name: 'TypeError', message: 'Invalid device "Android". Use one of: android, ios, web.' }
  )
  t.throws(
    () => textMessage({}, { sentBy: wrong(5) }),
    { name: 'TypeError', message: 'Invalid sentBy 5. Use one of: contact, phone, api.' }
  )
  const message = /^Invalid typeMessage "x"\. Use one of: interactiveButtonsResponse, .*\.$/
  t.throws(() => buttonReply({ typeMessage: wrong('x') }), { name: 'TypeError', message })
  t.throws(
    () => textMessage({}, { quotedMessage: { name: 'buttonReply', typeMessage: 'x' } }),
    { name: 'TypeError', message }
  )
})

t.test('a builder of service events writes the chat and the id of the context', async (t) => {
  const context = { chatId: '7@c.us', idMessage: 'A1', timestamp: 5 }
  t.match(read(testing.outgoingMessageStatus({ status: 'read' }, context)), { ...context, data: { status: 'read' } })
  t.match(read(testing.incomingCall({}, context)), { ...context, data: { from: '7@c.us' } })
  t.match(read(testing.outgoingCall({}, context)), { ...context, data: { from: '7@c.us' } })
  t.match(
    testing.outgoingCall({ status: 'hangUp' }),
    { status: 'hungUp' },
    'the wire has another word for the end of an outgoing call'
  )
  t.match(testing.incomingCall({ status: 'hangUp' }), { status: 'hangUp' })
  t.match(read(testing.avatarInfo({}, { chatId: '7@c.us' })), { chatId: '7@c.us', data: { chatId: '7@c.us' } })
  t.match(read(testing.incomingBlock({}, { chatId: '7@c.us' })), { chatId: '7@c.us' })
  t.match(read(testing.stateInstanceChanged({}, { timestamp: 5, idInstance: 6 })), { timestamp: 5, idInstance: '6' })
  t.notOk('timestamp' in testing.quotaExceeded())
})

t.test('a builder accepts a quoted message as a webhook body or in the form of an event', async (t) => {
  const quoting = (quotedMessage: MessageBody | testing.Quote) => read(
    testing.quotedMessage({ text: 'Yes' }, { quotedMessage })
  )
  for (const name of names) {
    // A quoted reaction cannot contain its own quoted message.
    if (notifications[name].kind !== 'message' || name === 'reactionMessage') continue
    const body = build[name]()
    if (!isMessage(body)) continue
    const { data, typeMessage } = read(body)
    const quoted = { typeMessage, name, data: { ...data } }
    const reference = { stanzaId: body.idMessage, participant: body.senderData.sender }
    t.match(quoting(body).quotedMessage, { ...reference, ...quoted }, name)
    t.match(quoting({ ...reference, ...quoted } as testing.Quote).quotedMessage, { ...reference, ...quoted }, name)
  }
})

t.test('a quoted message without content is a reference with defaults', async (t) => {
  const { messageData } = textMessage({}, { quotedMessage: { stanzaId: 'A1', participant: '5@c.us' } })
  t.strictSame(messageData.quotedMessage, { stanzaId: 'A1', participant: '5@c.us' })
  t.strictSame(
    Object.keys(textMessage({}, { quotedMessage: { typeMessage: 'textMessage' } }).messageData.quotedMessage ?? {}),
    ['stanzaId', 'participant', 'typeMessage']
  )
  t.match(
    testing.reactionMessage({}, { quotedMessage: textMessage({ text: 'Hi' }, { idMessage: 'A1' }) }).messageData,
    { quotedMessage: { stanzaId: 'A1', textMessage: 'Hi' } }
  )
  t.match(
    testing.reactionMessage({ stanzaId: 'A2' }, { quotedMessage: textMessage() }).messageData,
    { quotedMessage: { stanzaId: 'A2' } }
  )
  t.match(
    buttonReply({}, { quotedMessage: { stanzaId: 'A3' } }).messageData,
    { quotedMessage: { stanzaId: 'A3' } },
    'instead of the menu'
  )
  t.match(
    testing.quotedMessage({}, { quotedMessage: { stanzaId: 'A4', participant: '5@c.us' } }).messageData,
    { extendedTextMessageData: { stanzaId: 'A4', participant: '5@c.us' } }
  )
  t.match(
    read(testing.quotedMessage({}, { quotedMessage: buttonReply({ typeMessage: 'listResponseMessage' }) })),
    { quotedMessage: { typeMessage: 'listResponseMessage', data: { buttonId: 'red' } } }
  )
  t.match(
    read(
      testing.quotedMessage(
        {},
        { quotedMessage: { name: 'buttonReply', typeMessage: 'buttonsResponseMessage', data: { buttonId: 'no' } } }
      )
    ),
    { quotedMessage: { typeMessage: 'buttonsResponseMessage', data: { buttonId: 'no', buttonText: 'No' } } }
  )
})

t.test('a button has a default id and a default text', async (t) => {
  const { data } = read(
    interactiveButtons({
      buttons: [
        { type: 'reply' },
        { type: 'copy', copyCode: 'SPRING' },
        { type: 'call', phoneNumber: '5', buttonText: 'Ring' },
        { type: 'unknown', raw: undefined }
      ]
    })
  )
  t.match(
    data,
    {
      buttons: [
        { buttonId: '1', buttonText: 'Yes' },
        { buttonId: '2', copyCode: 'SPRING' },
        { buttonId: '3', buttonText: 'Ring', phoneNumber: '5' },
        { buttonId: '4', type: 'unknown' }
      ]
    }
  )
})

t.test('a button of an unknown type is written as its raw value', async (t) => {
  const buttons = [
    { type: 'unknown', raw: 5 },
    { type: 'unknown', raw: { type: 'pay', buttonId: 'p', amount: 3 }, index: 2 }
  ] as const
  t.strictSame(
    interactiveButtons({ buttons }).messageData.interactiveButtons.buttons,
    [5, { type: 'pay', buttonId: 'p', amount: 3 }]
  )
  t.strictSame(
    testing.templateMessage({ buttons }).messageData.templateMessage.buttons,
    [5, { type: 'pay', buttonId: 'p', amount: 3, index: 2 }]
  )
})

t.test('a default is left out when it contradicts a given member', async (t) => {
  t.strictSame(
    read(testing.editedMessage({ stanzaId: 'A1', caption: 'New' })).data,
    { stanzaId: 'A1', caption: 'New' },
    'a file has no text'
  )
  t.strictSame(
    read(testing.extendedTextMessage({ text: 'Hello' })).data,
    { text: 'Hello' },
    'a text without a link has no preview'
  )
  t.strictSame(
    read(testing.locationMessage({ latitude: 1, longitude: 2 })).data,
    { latitude: 1, longitude: 2 },
    'the default name belongs to the default coordinates'
  )
  t.match(testing.contactMessage({ displayName: 'Bob' }).messageData.contactMessageData.vcard, /FN:Bob\n/)
  t.notOk('caption' in read(testing.imageMessage({ caption: undefined })).data, 'undefined removes an optional member')
  t.match(read(textMessage({ text: undefined })).data, { text: /./ }, 'undefined is the default of a required member')
})

t.test('createBuilders repeats ids and times when it has a seed', async (t) => {
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

t.test('createBuilders uses random ids and the current time when it has no seed', async (t) => {
  const before = Math.floor(Date.now() / 1000)
  const { timestamp, idMessage } = textMessage()
  t.ok(timestamp >= before && timestamp <= Date.now() / 1000)
  t.not(textMessage().idMessage, idMessage)
})

t.test('createBuilders takes the time from now, in milliseconds, even with a seed', async (t) => {
  t.equal(createBuilders({ now: () => 1_800_000_000_999 }).textMessage().timestamp, 1_800_000_000)
  t.equal(createBuilders({ seed: 1, now: () => 1_800_000_000_000 }).textMessage().timestamp, 1_800_000_000)
})

t.test('createBuilders uses the given instance and customer as defaults', async (t) => {
  const { textMessage } = createBuilders({
    idInstance: 5,
    wid: '1@c.us',
    typeInstance: 'telegram',
    chatId: '2@c.us',
    senderName: 'Bob'
  })
  t.match(textMessage(), {
    instanceData: { idInstance: 5, wid: '1@c.us', typeInstance: 'telegram' },
    senderData: { chatId: '2@c.us', chatName: 'Bob', sender: '2@c.us', senderName: 'Bob' }
  })
  t.match(
    createBuilders({ chatName: 'Bob (shop)' }).textMessage(),
    { senderData: { chatName: 'Bob (shop)', senderName: 'Ada Lovelace' } }
  )
})

t.test('a change of a body changes neither the content nor the menu nor another body', async (t) => {
  const buttons = [{ type: 'unknown', buttonId: '', buttonText: '', raw: { list: [1] } }] as const
  const menu = interactiveButtons({ buttons: [...buttons, { type: 'reply', buttonId: 'yes' }] })
  const tap = buttonReply({ menu })
  const record = toJournalMessage(menu)
  Object.assign(menu.messageData.interactiveButtons.buttons[0] ?? {}, { list: 'changed' })
  menu.senderData.chatId = ''
  t.strictSame(buttons[0].raw, { list: [1] })
  t.match(tap.messageData.quotedMessage, { interactiveButtons: { buttons: [{ list: [1] }] } })
  t.match(record, { chatId: '4915550001234@c.us', interactiveButtons: { buttons: [{ list: [1] }] } })
  menu.messageData.interactiveButtons.titleText = 'changed'
  t.not(interactiveButtons().messageData.interactiveButtons.titleText, 'changed')
})

t.test('toJournalMessage returns the record of the documentation', async (t) => {
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
  t.equal(JSON.stringify(toJournalMessage(body)), JSON.stringify(JSON.parse(journalMenuSent)))
})

t.test('toJournalMessage flattens the content and adds the status', async (t) => {
  t.match(
    toJournalMessage(testing.imageMessage()),
    {
      type: 'incoming',
      senderId: '4915550001234@c.us',
      senderName: 'Ada Lovelace',
      downloadUrl: /^https/,
      mimeType: 'image/jpeg',
      isForwarded: false
    }
  )
  t.match(toJournalMessage(testing.locationMessage()), { location: { nameLocation: 'The shop' } })
  t.match(toJournalMessage(testing.contactMessage()), { contact: { displayName: 'Grace Hopper' } })
  t.match(toJournalMessage(testing.contactsArrayMessage()), { contacts: [{}, {}] })
  t.match(
    toJournalMessage(testing.quotedMessage({ text: 'Yes' })),
    { textMessage: 'Yes', extendedTextMessage: { text: 'Yes', stanzaId: /^BAE5/ }, quotedMessage: { textMessage: /./ } }
  )
  t.match(
    toJournalMessage(testing.editedMessage({ stanzaId: 'A1', text: 'New' })),
    { editedMessageId: 'A1', textMessage: 'New' }
  )
  t.match(toJournalMessage(testing.deletedMessage({ stanzaId: 'A1' })), { deletedMessageId: 'A1' })
  t.match(
    toJournalMessage(textMessage({}, { sentBy: 'api' }), { statusMessage: 'read' }),
    { type: 'outgoing', statusMessage: 'read', sendByApi: true }
  )
  t.match(toJournalMessage(textMessage({}, { sentBy: 'phone' })), { statusMessage: 'sent', sendByApi: false })
  t.match(toJournalMessage(textMessage({}, { sentBy: 'api' }), { sendByApi: false }), { sendByApi: false })
  t.match(toJournalMessage(textMessage(), { isEdited: true, isDeleted: false }), { isEdited: true, isDeleted: false })
  t.notOk(
    'statusMessage' in toJournalMessage(textMessage(), { statusMessage: 'read' }),
    'only outgoing messages have a status'
  )
})

t.test('toJournalMessage copies an invalid content as it is', async (t) => {
  const body: MessageBody = interactiveButtons()
  Object.assign(body.messageData, { interactiveButtons: { buttons: 'none' } })
  t.match(toJournalMessage(body), { interactiveButtons: { buttons: 'none' } })
  Object.assign(body.messageData, { interactiveButtons: { buttons: [null] } })
  t.match(toJournalMessage(body), { interactiveButtons: { buttons: [null] } })
  Object.assign(body.messageData, { interactiveButtons: null })
  t.match(toJournalMessage(body), { interactiveButtons: null })
})

t.test('toEnvelope adds a receipt id', async (t) => {
  const body = textMessage()
  t.strictSame(toEnvelope(body, 9), { receiptId: 9, body })
  t.strictSame(toEnvelope(body), { receiptId: 1, body })
})

t.test('a wrong member does not compile and a body has its type', async (t) => {
  const wrong = () => {
    // @ts-expect-error data calls it body
    interactiveButtons({ contentText: 'Hello' })
    // @ts-expect-error a copy button requires copyCode
    interactiveButtons({ buttons: [{ type: 'copy' }] })
    // @ts-expect-error a state has no chat
    testing.stateInstanceChanged({}, { chatId: '5@c.us' })
    // @ts-expect-error the device is unknown
    buttonReply({ device: 'phone' })
    // @ts-expect-error only a tap has a device
    textMessage({ device: 'ios' })
    // @ts-expect-error a text message is not a menu
    buttonReply({ menu: textMessage() })
    // @ts-expect-error a service event has no journal record
    toJournalMessage(testing.incomingCall())
  }
  t.type(wrong, 'function')
  const menu = interactiveButtons()
  expectTypeOf(menu.messageData.interactiveButtons.buttons[0]?.copyCode).toEqualTypeOf<string | undefined>()
  expectTypeOf(menu.messageData.typeMessage).toEqualTypeOf<'interactiveButtons'>()
  expectTypeOf(textMessage().messageData.textMessageData.textMessage).toEqualTypeOf<string>()
  expectTypeOf(testing.incomingCall().from).toEqualTypeOf<string>()
  expectTypeOf(testing.stateInstanceChanged().typeWebhook).toEqualTypeOf<'stateInstanceChanged'>()
})
