import t from 'tap'
import { OversizedBody } from '../../lib/body/limited-body.ts'
import { build, collect, only, post } from '../helpers/app.ts'
import {
  buttons, customer, enveloped, idInstance, instanceData, journalMenuDelivered, journalMenuSent,
  journalRecord, menu, menuSent, message, replies, status, tap
} from '../helpers/fixtures/notifications.ts'
import { recognize, withRevision } from '../../lib/recognition/recognize.ts'
import { deepFreeze } from './deep-freeze.ts'

t.test("recognize reads the two examples of GREEN-API's documentation completely", async (t) => {
  for (const [text, statusMessage, types] of [
    [journalMenuSent, 'sent', ['copy', 'call', 'url']],
    [journalMenuDelivered, 'delivered', ['reply', 'reply', 'reply']]
  ] as const) {
    const app = await build(t)
    const events = collect(app, 'interactiveButtons')

    const response = await post(app, text)

    t.equal(response.statusCode, 200)
    const event = only(events)
    t.match(event.data, { header: 'Header', body: 'Body', footer: 'Footer' })
    t.strictSame(event.data.buttons.map((button) => button.type), types)
    t.equal(event.statusMessage, statusMessage)
    t.match(event, { direction: 'outgoing', sentBy: 'api', chatId: '79581004388@c.us', sender: '', idInstance: '' })
    t.notOk('typeWebhook' in event, 'a journal record has none')
    t.strictSame(event.raw, JSON.parse(text), 'raw includes nulls')
  }
})

t.test('recognize returns interactiveButtons for every form of a menu', async (t) => {
  const wrapped = menuSent()
  const forms: Array<[string, unknown]> = [
    ['sent through the API', menuSent()],
    ['sent from the phone', menuSent(menu, { typeWebhook: 'outgoingMessageReceived' })],
    ['received', menuSent(menu, { typeWebhook: 'incomingMessageReceived' })],
    ['under the name of the Reply page', message(
      { typeMessage: 'interactiveButtonsReply', interactiveButtonsReply: menu }
    )],
    ['under its name in the table of that page', message(
      { typeMessage: 'interactiveButtonReply', interactiveButtonReply: menu }
    )],
    ['under one name, its object under another', message(
      { typeMessage: 'interactiveButtonsReply', interactiveButtons: menu }
    )],
    ['beside a member that is null', message(
      { typeMessage: 'interactiveButtons', interactiveButtons: null, interactiveButtonsReply: menu }
    )],
    ['with the members of the tables', menuSent(
      { header: menu.titleText, body: menu.contentText, footer: menu.footerText, buttons }
    )],
    ['with the old name of the header', menuSent(
      { headerText: menu.titleText, contentText: menu.contentText, footerText: menu.footerText, buttons }
    )],
    ['from the queue', enveloped(wrapped)],
    ['as a record of a journal', journalRecord({ interactiveButtons: menu })],
    ['as a record from the queue', enveloped(journalRecord({ interactiveButtons: menu }))],
    ['with members that nobody knows', menuSent({ ...menu, colour: 'green' }, { somethingNew: { deep: [1] } })],
    ['with an id spelled as a number', menuSent(menu, { idMessage: 42 })],
    ['with a timestamp that is empty', menuSent(menu, { timestamp: '' })]
  ]
  for (const [name, body] of forms) {
    const { event } = recognize(JSON.stringify(body))
    t.equal(event.name, 'interactiveButtons', name)
    if (event.name !== 'interactiveButtons') continue
    t.strictSame(
      event.data, { header: 'Order 4711', body: 'Your order is on its way 📦', footer: 'Thank you', buttons }, name
    )
  }
})

t.test('recognize fills in the documented default when a member is missing or empty', async (t) => {
  const cases: Array<[object, object]> = [
    [{ buttons: [] }, { body: '', buttons: [] }],
    [{ titleText: null, contentText: null, footerText: null, buttons: [] }, { body: '', buttons: [] }],
    [{ titleText: '', contentText: '', footerText: '', buttons: [] }, { body: '', buttons: [] }],
    [{
      titleText: '', header: 'Title', contentText: '', body: 'Text', footerText: null, footer: 'Foot', buttons: []
    }, { header: 'Title', body: 'Text', footer: 'Foot', buttons: [] }],
    [{
      titleText: 4711, contentText: 0, footerText: 1.5, buttons: []
    }, { header: '4711', body: '0', footer: '1.5', buttons: [] }],
    [{ titleText: ' ', contentText: ' ', buttons: [] }, { header: ' ', body: ' ', buttons: [] }]
  ]
  for (const [interactiveButtons, data] of cases) {
    const { event } = recognize(JSON.stringify(menuSent({ ...interactiveButtons })))
    t.strictSame('data' in event && event.data, data, JSON.stringify(interactiveButtons))
  }
})

t.test('recognize keeps every button in its position when one is invalid', async (t) => {
  const cases: Array<[unknown, object]> = [
    ...buttons.map((button): [unknown, object] => [button, button]),
    ...replies.map((button): [unknown, object] => [button, button]),
    [{ ...buttons[0], phoneNumber: null, url: null }, { ...buttons[0] }],
    [{ type: 'copy', buttonId: 7, buttonText: 'Copy', copyCode: 3333 }, {
      type: 'copy', buttonId: '7', buttonText: 'Copy', copyCode: '3333'
    }],
    [{ type: 'call', buttonId: '1', buttonText: 'Call', phoneNumber: 4930000000 }, {
      type: 'call', buttonId: '1', buttonText: 'Call', phoneNumber: '4930000000'
    }],
    [{ type: 'reply' }, { type: 'reply', buttonId: '', buttonText: '' }],
    ...[
      { type: 'copy', buttonId: '1', buttonText: 'Copy', copyCode: null },
      { type: 'call', buttonId: '1', buttonText: 'Call' },
      { type: 'url', buttonId: '1', buttonText: 'Open', url: 5 },
      { type: 'catalogue', buttonId: '1', buttonText: 'Browse', sku: 'A1' },
      { type: 'constructor', buttonId: '1', buttonText: '?' },
      { type: 'unknown', buttonId: '1', buttonText: '?' },
      { type: null, buttonId: '1', buttonText: '?' },
      { buttonId: '1', buttonText: '?' }
    ].map((raw): [unknown, object] => [raw, { type: 'unknown', buttonId: '1', buttonText: raw.buttonText, raw }]),
    ...[null, 'copy', 5, ['copy'], true].map(
      (raw): [unknown, object] => [raw, { type: 'unknown', buttonId: '', buttonText: '', raw }]
    )
  ]
  for (const [wire, expected] of cases) {
    const { event } = recognize(JSON.stringify(menuSent({ ...menu, buttons: [replies[0], wire, replies[1]] })))
    t.match(event, { name: 'interactiveButtons' })
    t.strictSame('data' in event && 'buttons' in event.data && event.data.buttons, [
      replies[0], expected, replies[1]
    ], JSON.stringify(wire))
  }
})

t.test('recognize returns buttonReply for a tap on any device', async (t) => {
  const chosen = { selectedId: 'yes', selectedDisplayText: 'Confirm' }
  const expected = { stanzaId: 'MENU', buttonId: 'yes', buttonText: 'Confirm' }
  const quotedMessage = {
    stanzaId: 'MENU', participant: customer, typeMessage: 'interactiveButtons', interactiveButtons: menu
  }
  const forms: Array<[string, object, object]> = [
    ['a phone', {
      typeMessage: 'interactiveButtonsResponse',
      quotedMessage,
      interactiveButtonsResponse: {
        stanzaId: 'MENU', selectedIndex: 1, ...chosen
      }
    }, { ...expected, index: 1 }],
    ['another phone', {
      typeMessage: 'templateButtonsReplyMessage',
      templateButtonReplyMessage: {
        stanzaId: 'MENU', selectedIndex: 1, ...chosen
      }
    }, { ...expected, index: 1 }],
    ['the singular', {
      typeMessage: 'templateButtonReplyMessage',
      templateButtonReplyMessage: {
        stanzaId: 'MENU', selectedIndex: 2, ...chosen
      }
    }, { ...expected, index: 2 }],
    ['its object in the plural', {
      typeMessage: 'templateButtonsReplyMessage', templateButtonsReplyMessage: { stanzaId: 'MENU', ...chosen }
    }, expected],
    ['a legacy button', {
      typeMessage: 'buttonsResponseMessage',
      buttonsResponseMessage: {
        stanzaId: 'MENU', selectedButtonId: 'yes', selectedButtonText: 'Confirm'
      }
    }, expected],
    ['the legacy spelling in the new object', {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: 'MENU', selectedButtonId: 'yes', selectedButtonText: 'Confirm'
      }
    }, expected],
    ['a bare buttonId', {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: 'MENU', buttonId: 'yes', buttonText: 'Confirm'
      }
    }, expected],
    ['ids spelled as numbers', {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: 7, selectedIndex: '0', selectedId: 1
      }
    }, { stanzaId: '7', buttonId: '1', buttonText: '', index: 0 }],
    ['text alone', {
      typeMessage: 'templateButtonsReplyMessage',
      templateButtonReplyMessage: {
        stanzaId: 'MENU', selectedIndex: 1, selectedId: '', selectedDisplayText: 'Confirm'
      }
    }, { ...expected, buttonId: '', index: 1 }],
    ['an id alone', {
      typeMessage: 'interactiveButtonsResponse', interactiveButtonsResponse: { stanzaId: 'MENU', selectedId: 'yes' }
    }, { ...expected, buttonText: '' }],
    ['the menu in the quote alone', {
      typeMessage: 'interactiveButtonsResponse', quotedMessage, interactiveButtonsResponse: chosen
    }, expected],
    ['a menu numbered in the quote', {
      typeMessage: 'interactiveButtonsResponse', quotedMessage: { stanzaId: 9 }, interactiveButtonsResponse: chosen
    }, { ...expected, stanzaId: '9' }],
    ['no menu at all', {
      typeMessage: 'interactiveButtonsResponse', quotedMessage: { stanzaId: {} }, interactiveButtonsResponse: chosen
    }, { ...expected, stanzaId: '' }],
    ['an index of white space', {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: 'MENU', selectedIndex: ' ', ...chosen
      }
    }, expected],
    ['an index that is none', {
      typeMessage: 'interactiveButtonsResponse',
      interactiveButtonsResponse: {
        stanzaId: 'MENU', selectedIndex: 'first', ...chosen
      }
    }, expected],
    ["a menu's name over a tap", {
      typeMessage: 'interactiveButtonsReply', interactiveButtonsReply: { stanzaId: 'MENU', ...chosen }
    }, expected],
    ["a menu's name over a template's tap", {
      typeMessage: 'interactiveButtonsReply', templateButtonReplyMessage: { stanzaId: 'MENU', ...chosen }
    }, expected]
  ]
  for (const [name, messageData, data] of forms) {
    for (const body of [
      message({ ...messageData }, { typeWebhook: 'incomingMessageReceived' }),
      message({ ...messageData }, { typeWebhook: 'outgoingMessageReceived' }),
      { type: 'incoming', idMessage: 'A1', timestamp: 1767225600, chatId: customer, senderId: customer, ...messageData }
    ]) {
      const { event } = recognize(JSON.stringify(body))
      t.match(event, { name: 'buttonReply', chatId: customer }, name)
      t.strictSame('data' in event && event.data, data, name)
    }
  }
})

t.test('recognize returns outgoingMessageStatus with the status of the message', async (t) => {
  for (const each of [
    'sent', 'delivered', 'read', 'failed', 'noAccount', 'notInGroup', 'yellowCard', 'suspended', 'teleported', ''
  ]) {
    const { event } = recognize(JSON.stringify(status(each)))
    t.match(event, {
      name: 'outgoingMessageStatus',
      typeWebhook: 'outgoingMessageStatus',
      idInstance: String(idInstance),
      idMessage: 'BAE5A0FE4711C0DE',
      chatId: customer,
      timestamp: 1767225601
    })
    t.strictSame('data' in event && event.data, { status: each, sendByApi: true })
  }
  const { event } = recognize(JSON.stringify({
    typeWebhook: 'outgoingMessageStatus',
    instanceData,
    idMessage: 'A',
    status: 'failed',
    description: 'no such number',
    sendByApi: null
  }))
  t.match(event, { chatId: '', timestamp: 0, data: { status: 'failed', description: 'no such number' } })
})

t.test('recognize reads chat, sender, direction and instance when they are present and valid', async (t) => {
  const cases: Array<[unknown, object]> = [
    [tap(), {
      typeWebhook: 'incomingMessageReceived',
      typeMessage: 'interactiveButtonsResponse',
      direction: 'incoming',
      sentBy: 'contact',
      chatId: customer,
      sender: customer
    }],
    [menuSent(), {
      typeWebhook: 'outgoingAPIMessageReceived', typeMessage: 'interactiveButtons', direction: 'outgoing', sentBy: 'api'
    }],
    [menuSent(menu, { typeWebhook: 'outgoingMessageReceived' }), { direction: 'outgoing', sentBy: 'phone' }],
    [journalRecord({ sendByApi: false }), { direction: 'outgoing', sentBy: 'phone', statusMessage: 'sent' }],
    [journalRecord(
      { type: 'incoming', senderId: customer, statusMessage: null }
    ), { direction: 'incoming', sentBy: 'contact', sender: customer }],
    [journalRecord({ type: undefined }), { direction: 'outgoing' }],
    [journalRecord({ type: undefined, statusMessage: undefined }), { direction: 'incoming' }],
    [menuSent(
      menu, { instanceData: { idInstance: ['7'], wid: {}, typeInstance: 5 }, chatId: {} }
    ), { idInstance: '', wid: '', typeInstance: '5', chatId: customer }],
    [menuSent(menu, { instanceData: [], idMessage: null }), { idInstance: '', idMessage: '' }],
    [menuSent(menu, { idMessage: { odd: 1 } }), { idMessage: '' }],
    [journalRecord({ type: 5 }), { direction: 'outgoing' }],
    [status('sent', { instanceData: 'nobody', chatId: [] }), { idInstance: '', chatId: '' }],
    [journalRecord({ statusMessage: 5, senderId: {}, chatId: [] }), { statusMessage: '5', sender: '', chatId: '' }],
    [journalRecord(
      { statusMessage: ['sent'], isEdited: true, isDeleted: 'false' }
    ), { statusMessage: undefined, isEdited: true, isDeleted: false }],
    [menuSent(menu, { senderData: 'nobody', timestamp: 'yesterday' }), { chatId: '', sender: '', timestamp: 0 }],
    [menuSent(
      menu, { senderData: { chatId: {}, sender: [], senderName: true }, timestamp: '9'.repeat(400) }
    ), { chatId: '', sender: '', senderName: '', timestamp: 0 }],
    [menuSent(
      menu, { senderData: null, instanceData: null, timestamp: null }
    ), { chatId: '', sender: '', idInstance: '', timestamp: 0 }],
    [menuSent(
      menu, { senderData: undefined, instanceData: undefined, timestamp: '1767225600' }
    ), { chatId: '', sender: '', idInstance: '', timestamp: 1767225600 }],
    [menuSent(
      menu, { senderData: { chatId: -100123, sender: 555 }, instanceData: { idInstance: '710300004211' } }
    ), { chatId: '-100123', sender: '555', idInstance: '710300004211' }]
  ]
  for (const [body, expected] of cases) t.match(recognize(JSON.stringify(body)).event, expected)
})

t.test('recognize gives one id to every delivery of a notification and another id to any other', async (t) => {
  const id = (body: unknown) => recognize(typeof body === 'string' ? body : JSON.stringify(body)).event.id
  t.equal(id(menuSent()), id(enveloped(menuSent(menu), 7)))
  t.equal(id(menuSent()), id(menuSent({ ...menu, contentText: 'changed' })))
  t.equal(id(menuSent()), id(menuSent(menu, { typeWebhook: 'outgoingMessageReceived' })))
  t.equal(id(journalMenuSent), id(journalRecord({ timestamp: 1 })))

  const distinct = [
    menuSent(), menuSent(menu, { idMessage: 'B' }), menuSent(menu, { typeWebhook: 'incomingMessageReceived' }),
    menuSent(
      menu, { instanceData: { idInstance: 1 } }
    ), status('sent'), status('read'), status('sent', { idMessage: 'B' }),
    journalRecord(), journalRecord({ statusMessage: 'read' }), journalRecord({ type: 'incoming' }),
    menuSent(menu, { idMessage: '' }), menuSent({ ...menu, contentText: 'changed' }, { idMessage: '' }),
    journalRecord({ idMessage: null }), status('sent', { idMessage: undefined }),
    message({ typeMessage: 'hologramMessage' }), message({ typeMessage: 'smellMessage' }), '{', '{{', ''
  ].map(id)
  t.equal(new Set(distinct).size, distinct.length)
})

t.test('recognize removes the envelope when the body is not valid JSON', async (t) => {
  const text = '{"text":"say "hello""}'
  for (const enveloped of [`{"receiptId":1,"body":${text}}`, ` { "receiptId" : "22" , "body" :${text}} \n`]) {
    t.match(recognize(enveloped).event, { raw: text, id: recognize(text).event.id })
  }
  t.match(recognize('{"receiptId":1,"body":{"text":"cut o').event, { raw: '{"text":"cut o' })
  t.equal(recognize(
    '{"receiptId":1,"body":{"text":"cut }'
  ).event.raw, '{"text":"cut ', 'only the brace of the envelope is removed')
  t.match(recognize(`{"body":${text},"receiptId":1}`).event, { raw: `{"body":${text},"receiptId":1}` })
})

t.test('recognize gives an unrecognized body the same id under another receipt id', async (t) => {
  const id = (text: string) => recognize(text).event.id
  for (const body of ['{"text":"say "hello""}', 'null', '[]', '{"typeWebhook":"of tomorrow"}']) {
    t.equal(id(`{"receiptId":1,"body":${body}}`), id(`{"receiptId":22,"body":${body}}`), body)
    t.not(id(`{"receiptId":1,"body":${body}}`), id('{"receiptId":1,"body":{"text":"say "goodbye""}}'))
  }
})

t.test('recognize gives forged bodies another id than the notification they imitate', async (t) => {
  const id = (body: unknown) => recognize(JSON.stringify(body)).event.id
  const victim = menuSent(menu, { idMessage: 'VICTIM' })
  const forgeries: Array<[unknown, unknown]> = [
    [victim, journalRecord(
      { type: String(idInstance), idMessage: 'outgoingAPIMessageReceived', statusMessage: 'VICTIM' }
    )],
    [victim, menuSent(
      menu, { instanceData: { idInstance: `${idInstance}:outgoingAPIMessageReceived` }, idMessage: 'VICTIM' }
    )],
    [status('b:c', { idMessage: 'A' }), status('c', { idMessage: 'A:b' })],
    [status('b:c', { idMessage: 'A' }), status('b%3Ac', { idMessage: 'A' })],
    [menuSent(menu, { idMessage: 'a:b' }), menuSent(menu, { idMessage: 'a%3Ab' })],
    [journalRecord({ type: 'else', statusMessage: 'a:b' }), journalRecord(
      { type: 'else', statusMessage: 'a', idMessage: 'BAE53E7C37B3C05A:b' }
    )],
    [menuSent(menu, { idMessage: 'x'.repeat(5000) + 'a' }), menuSent(menu, { idMessage: 'x'.repeat(5000) + 'b' })]
  ]
  for (const [one, other] of forgeries) t.not(id(one), id(other))
  t.ok(id(menuSent(menu, { idMessage: 'x'.repeat(1_000_000) })).length < 200, 'the id of a long idMessage is short')
})

t.test('recognize reads a long number in an id from the text', async (t) => {
  const text = JSON.stringify(menuSent(menu, { idMessage: 0 }), null, 2)
  const [one, other] = ['12345678901234567891', '12345678901234567892'].map(
    (number) => recognize(text.replace('"idMessage": 0', `"idMessage": ${number}`))
  )
  t.equal(one?.event.name, 'interactiveButtons')
  t.match(one?.event, { idMessage: '12345678901234567891' })
  t.match(other?.event, { idMessage: '12345678901234567892' })
  t.not(one?.event.id, other?.event.id)
  t.not(one?.checksum, other?.checksum)
})

t.test('recognize reads long numbers in ids wherever they are', async (t) => {
  const id = '12345678901234567891'
  const read = (json: string) => recognize(json.replaceAll('"ID"', id)).event
  const edit = message({ typeMessage: 'editedMessage', editedMessageData: { textMessage: 'a', stanzaId: 'ID' } })
  const votes = { stanzaId: 'ID', votes: [{ optionName: 'Red', optionVoters: ['ID', '5@c.us'] }] }

  for (const json of [JSON.stringify(edit), JSON.stringify(edit, null, 2), JSON.stringify(enveloped(edit))]) {
    t.match(read(json), { name: 'editedMessage', data: { stanzaId: id } })
  }
  t.match(
    read(JSON.stringify(message({ typeMessage: 'pollUpdateMessage', pollMessageData: votes }))),
    { data: { stanzaId: id, votes: [{ optionVoters: [id, '5@c.us'] }] } }
  )
  t.match(
    read(JSON.stringify(status('sent', { chatId: 'ID', idMessage: 'ID', instanceData: { idInstance: 'ID' } }))),
    { chatId: id, idMessage: id, idInstance: id }
  )
  t.match(
    read(JSON.stringify(message({ typeMessage: 'hologramMessage' }, { idMessage: 'ID' }))),
    { name: 'unrecognized', idMessage: id }
  )
  const event = read(JSON.stringify(message({ typeMessage: 'textMessage', textMessage: `"idMessage":${id}` }, {
    idMessage: 'ID'
  })))
  t.match(event, { idMessage: id, raw: { idMessage: Number(id) } }, 'raw is as it was parsed')
  t.match(event, { data: { text: `"idMessage":${id}` } }, 'a text is not changed')
})

t.test('recognize returns unrecognized with a reason but no value of the body in errors', async (t) => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const cases: Array<[string | object, string]> = [
    ['', 'not-json'],
    ['{', 'not-json'],
    ['{"typeWebhook":"outgoingMessageStatus"', 'not-json'],
    ['{"idInstance":000001}', 'not-json'],
    ['[', 'not-json'],
    ['['.repeat(1_000_000), 'not-json'],
    ['null', 'not-a-notification'],
    ['"text"', 'not-a-notification'],
    ['5', 'not-a-notification'],
    ['true', 'not-a-notification'],
    ['[]', 'not-a-notification'],
    ['{}', 'not-a-notification'],
    [deep, 'not-a-notification'],
    [`{"receiptId":1,"body":{"deep":${deep}}}`, 'not-a-notification'],
    [`{"typeWebhook":"outgoingMessageStatus","status":${deep}}`, 'invalid'],
    [[menuSent()], 'not-a-notification'],
    [enveloped(null), 'not-a-notification'],
    [enveloped([]), 'not-a-notification'],
    [{ typeWebhook: 5 }, 'not-a-notification'],
    [{ typeWebhook: null, typeMessage: 5 }, 'not-a-notification'],
    [{ typeWebhook: 'contactChanged' }, 'unknown-type'],
    [{ typeWebhook: '__proto__' }, 'unknown-type'],
    [{ typeWebhook: 'constructor' }, 'unknown-type'],
    [{ typeMessage: 'constructor' }, 'unknown-type'],
    [{ typeMessage: '', type: 'outgoing' }, 'unknown-type'],
    [{ typeMessage: 'hologramMessage', type: 'outgoing' }, 'unknown-type'],
    [message({ typeMessage: 'toString' }), 'unknown-type'],
    [message({ typeMessage: 'hologramMessage', textMessageData: { textMessage: 'hello' } }), 'unknown-type'],
    [{ typeWebhook: 'messageDeleted', stateInstance: 'authorized' }, 'unknown-type'],
    [{ typeWebhook: 'incomingMessageReceived' }, 'invalid'],
    [message({}), 'invalid'],
    [message({ typeMessage: 5 }), 'invalid'],
    [menuSent(menu, { messageData: 'secret-value' }), 'invalid'],
    [menuSent({ ...menu, buttons: 'secret-value' }), 'invalid'],
    [menuSent({ ...menu, contentText: '', buttons: null }), 'invalid'],
    [menuSent({ titleText: 'secret-value' }), 'invalid'],
    [message({ typeMessage: 'interactiveButtons' }), 'invalid'],
    [message({ typeMessage: 'interactiveButtons', interactiveButtons: 'secret-value' }), 'invalid'],
    [message({ typeMessage: 'interactiveButtons', interactiveButtons: [menu] }), 'invalid'],
    [message(
      { typeMessage: 'interactiveButtons', interactiveButtons: { title: 'secret-value', contentText: '' } }
    ), 'invalid'],
    [message(
      { typeMessage: 'interactiveButtons', interactiveButtons: { title: 'secret-value', buttons: null } }
    ), 'invalid'],
    [tap({ selectedId: undefined, selectedDisplayText: undefined }), 'invalid'],
    [tap({ selectedId: '', selectedDisplayText: null }), 'invalid'],
    [tap({ selectedId: { secret: 'secret-value' }, selectedDisplayText: ['secret-value'] }), 'invalid'],
    [message({ typeMessage: 'interactiveButtonsResponse' }), 'invalid'],
    [message({ typeMessage: 'textMessage' }), 'invalid'],
    [message({ typeMessage: 'textMessage', textMessageData: 'secret-value' }), 'invalid'],
    [message({ typeMessage: 'textMessage', textMessageData: { textMessage: ['secret-value'] } }), 'invalid'],
    [message({ typeMessage: 'extendedTextMessage', extendedTextMessageData: null }), 'invalid'],
    [message({ typeMessage: 'imageMessage' }), 'invalid'],
    [message(
      { typeMessage: 'locationMessage', locationMessageData: { latitude: 'secret-value', longitude: 1 } }
    ), 'invalid'],
    [message({ typeMessage: 'locationMessage', locationMessageData: { latitude: 1 } }), 'invalid'],
    [message({ typeMessage: 'contactMessage', contactMessageData: {} }), 'invalid'],
    [message({ typeMessage: 'contactsArrayMessage', messageData: { contacts: 'secret-value' } }), 'invalid'],
    [message({ typeMessage: 'pollMessage', pollMessageData: {} }), 'invalid'],
    [message({ typeMessage: 'pollUpdateMessage', pollMessageData: { votes: 'secret-value' } }), 'invalid'],
    [message({ typeMessage: 'reactionMessage', extendedTextMessageData: {} }), 'invalid'],
    [message({ typeMessage: 'reactionMessage', extendedTextMessageData: { text: null, reaction: null } }), 'invalid'],
    [journalRecord({ typeMessage: 'reactionMessage', reaction: null, extendedTextMessage: null }), 'invalid'],
    [journalRecord({ typeMessage: 'textMessage', textMessage: null }), 'invalid'],
    [message({ typeMessage: 'reactionMessage', quotedMessage: { stanzaId: 'A1' } }), 'invalid'],
    [message({ typeMessage: 'editedMessage', editedMessageData: {} }), 'invalid'],
    [message({ typeMessage: 'deletedMessage', deletedMessageData: { stanzaId: '' } }), 'invalid'],
    [message({ typeMessage: 'groupInviteMessage', groupInviteMessageData: {} }), 'invalid'],
    [message({ typeMessage: 'templateMessage', templateMessage: {} }), 'invalid'],
    [message({ typeMessage: 'listMessage', listMessage: { sections: 'secret-value' } }), 'invalid'],
    [{ typeWebhook: 'stateInstanceChanged' }, 'invalid'],
    [{ typeWebhook: 'deviceInfo' }, 'invalid'],
    [{ typeWebhook: 'deviceInfo', deviceData: {}, avatarInfo: {} }, 'invalid'],
    [{ typeWebhook: 'quotaExceeded' }, 'invalid'],
    [{ typeWebhook: 'incomingBlock', quotaData: 'secret-value' }, 'invalid'],
    [{ typeWebhook: 'incomingMessageReceived', messageData: null, typeMessage: 'textMessage' }, 'invalid'],
    [journalRecord({ interactiveButtons: null }), 'invalid'],
    [status('sent', { status: undefined }), 'invalid'],
    [status('sent', { status: 5 }), 'invalid']
  ]
  for (const [body, reason] of cases) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const title = text.slice(0, 100)
    const { event, names } = recognize(text)
    if (event.name !== 'unrecognized') {
      t.fail(`recognized as ${event.name}: ${title}`)
      continue
    }
    t.equal(event.reason, reason, title)
    t.strictSame(names, ['unrecognized'], 'it has no other name')
    t.equal(event.errors.length > 0, reason === 'invalid', title)
    t.notMatch(JSON.stringify(event.errors), 'secret-value', title)
    if (reason === 'not-json') t.equal(event.raw, text)
  }
})

t.test('recognize reports errors with JSON pointers into the body', async (t) => {
  const errors = (body: unknown) => {
    const { event } = recognize(JSON.stringify(body))
    return event.name === 'unrecognized' ? event.errors : []
  }
  t.strictSame(errors(menuSent({ ...menu, buttons: {} })), [
    { path: '/messageData/interactiveButtons/buttons', message: 'Expected array or null' }
  ])
  t.strictSame(errors(
    journalRecord({ interactiveButtons: {} })
  ).map(({ path }) => path).slice(0, 1), ['/interactiveButtons'])
  t.match(errors(tap({ selectedId: '', selectedDisplayText: '' })), [
    { path: '/messageData/interactiveButtonsResponse', message: /id or the text/ }
  ])
  t.match(errors(message({ typeMessage: 'interactiveButtons' })), [
    { path: '/messageData/interactiveButtons', message: /content/ }
  ])
  t.strictSame(errors(message({ typeMessage: 'templateMessage', templateMessage: { buttons: 5 } })), [
    { path: '/messageData/templateMessage/buttons', message: 'Expected array or null' }
  ])
  t.strictSame(
    errors({ typeWebhook: 'incomingMessageReceived', typeMessage: 'locationMessage', locationMessageData: 5 }),
    [{ path: '/locationMessageData', message: 'Expected object' }]
  )
  const nullMessage = {
    typeWebhook: 'incomingMessageReceived',
    messageData: null,
    typeMessage: 'textMessage',
    textMessageData: { textMessage: 'a' }
  }
  t.strictSame(errors(nullMessage).map(({ path }) => path).slice(0, 1), ['/messageData'], 'null is not absent')
  t.match(errors({ typeWebhook: 'deviceInfo', deviceData: {} }), [{ path: '', message: /device/ }])
})

t.test('recognize fills the members of unrecognized that it can read', async (t) => {
  const { event } = recognize(JSON.stringify(message({ typeMessage: 'hologramMessage' })))
  t.match(event, {
    idInstance: String(idInstance),
    timestamp: 1767225600,
    typeWebhook: 'outgoingAPIMessageReceived',
    typeMessage: 'hologramMessage',
    revision: 1
  })
  t.match(recognize(
    '{"receiptId":3,"body":{"typeMessage":"hologramMessage","instanceData":{"idInstance":"12"}}}'
  ).event, { idInstance: '12', timestamp: 0, raw: { typeMessage: 'hologramMessage' } })
})

t.test('recognize keeps what the envelope of an unrecognized message says', async (t) => {
  const unreadable = [
    { typeMessage: 'templateButtonsReplyMessage', templateButtonReplyMessage: { selectedId: '', selectedDisplayText: '' } },
    { typeMessage: 'editedMessage', editedMessageData: {} },
    { typeMessage: 'editedMessage' },
    { typeMessage: 'reactionMessage' },
    { typeMessage: 'hologramMessage', hologramMessageData: {} },
    {},
    'secret'
  ]
  const known = {
    name: 'unrecognized',
    chatId: customer,
    chatKind: 'private',
    sender: customer,
    senderName: 'Ada',
    idMessage: '3A5511F00D',
    direction: 'incoming'
  }
  for (const messageData of unreadable) t.match(recognize(JSON.stringify(tap({}, { messageData }))).event, known)
  t.match(recognize(JSON.stringify(message({ typeMessage: 'hologramMessage' }))).event, { direction: 'outgoing' })

  const record = journalRecord({ typeMessage: 'hologramMessage', senderId: customer, senderName: 'Ada' })
  const { idMessage, chatId } = record
  t.match(
    recognize(JSON.stringify(record)).event,
    { name: 'unrecognized', idMessage, chatId, sender: customer, senderName: 'Ada', direction: 'outgoing' }
  )
  t.match(
    recognize(JSON.stringify({ typeWebhook: 'of tomorrow', chatId: 120, idMessage: 5 })).event,
    { name: 'unrecognized', chatId: '120', idMessage: '5', direction: undefined, sender: undefined }
  )
})

t.test('recognize leaves out what an unrecognized body does not contain', async (t) => {
  const bodies = [
    'null', '5', '[]', '{}', '{', '{"senderData":null,"messageData":null}', '{"__proto__":{"chatId":"1@c.us"}}',
    '{"senderData":{"chatId":{},"sender":[],"senderName":""},"chatId":true,"idMessage":null,"type":"incoming"}'
  ]
  const members = ['chatId', 'chatKind', 'sender', 'senderName', 'idMessage', 'direction']

  for (const body of bodies) {
    const { event } = recognize(body)
    t.equal(event.name, 'unrecognized', body)
    t.strictSame(Object.keys(event).filter((member) => members.includes(member)), [], body)
  }
})

t.test('recognize ignores keys that are special in JavaScript', async (t) => {
  const text = JSON.stringify(menuSent()).replace(
    '{', '{"__proto__":{"typeWebhook":"x","polluted":true},"constructor":{"prototype":{"polluted":true}},'
  )
  const { event } = recognize(text)
  t.equal(event.name, 'interactiveButtons')
  t.strictSame(Object.keys(event.raw as object).slice(0, 2), ['__proto__', 'constructor'], 'raw is unchanged')
  t.notOk('polluted' in {})
  t.equal(Reflect.getPrototypeOf(event.raw as object), Object.prototype)
})

t.test('recognize ignores a byte order mark', async (t) => {
  t.equal(recognize('\uFEFF' + JSON.stringify(menuSent())).event.name, 'interactiveButtons')
})

t.test('recognize computes the checksum without envelope and white space', async (t) => {
  const { checksum } = recognize(JSON.stringify(menuSent()))
  t.equal(recognize(JSON.stringify(enveloped(menuSent(), 1))).checksum, checksum)
  t.equal(recognize(JSON.stringify(enveloped(menuSent(), 2), null, 2)).checksum, checksum)
  t.equal(recognize(JSON.stringify(menuSent(), null, 2)).checksum, checksum)
  t.equal(recognize(
    JSON.stringify(menuSent(), null, 2).replace('{\n  ', '{').replace('\n', '')
  ).checksum, checksum, 'as Python writes JSON')
  t.not(recognize(JSON.stringify(menuSent({ ...menu, contentText: 'changed' }))).checksum, checksum)

  const escaped = JSON.stringify(menuSent()).replace('Order', '\\u004frder').replace('https://', 'https:\\/\\/')
  t.equal(recognize(escaped).checksum, recognize(`{"receiptId":1,"body":${escaped}}`).checksum, 'with escapes')
  const tight = JSON.stringify(menuSent())
  for (const text of [
    `{"receiptId":1,"body": ${tight}}`, `{"receiptId":2,"body" : ${tight}}`, `{"receiptId":3 ,\t"body":${tight} }`
  ]) {
    t.equal(recognize(text).checksum, checksum, 'with white space anywhere')
  }
  t.equal(recognize(
    `{"receiptId":1,"b\\u006fdy":${escaped}}`
  ).event.name, 'interactiveButtons', 'an escape in the name of the member')
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const nested = JSON.stringify(menuSent()).replace('{', `{"deep":${deep},`)
  for (const receipt of [1, 2]) {
    const notification = recognize(`{ "receiptId": ${receipt}, "body": ${nested} }`)
    t.equal(notification.event.name, 'interactiveButtons')
    t.equal(notification.checksum, recognize(nested).checksum, 'nested deeply')
  }
  const ids = [1, 2].map((receipt) => recognize(`{"receiptId":${receipt},"body":{"deep":${deep}}}`).event.id)
  t.equal(ids[0], ids[1])
})

t.test('recognize emits a message under its fallback typeMessage only as its own kind', async (t) => {
  const menuName = tap({}, { typeWebhook: 'incomingMessageReceived' })
  Object.assign(menuName.messageData, { typeMessage: 'interactiveButtonsReply' })

  t.strictSame(recognize(JSON.stringify(menuName)).names, ['webhook', 'incomingMessageReceived', 'buttonReply'])
  t.strictSame(
    recognize(JSON.stringify(menuSent())).names, ['webhook', 'outgoingAPIMessageReceived', 'interactiveButtons']
  )
})

t.test('recognize reads forwarding beside the content when the content has none', async (t) => {
  const forwarded = (beside: object, inside: object) => {
    const { event } = recognize(JSON.stringify(message({
      typeMessage: 'textMessage', textMessageData: { textMessage: 'a', ...inside }, ...beside
    })))
    return 'isForwarded' in event && [event.isForwarded, event.forwardingScore]
  }

  t.strictSame(forwarded({ isForwarded: true, forwardingScore: 3 }, {}), [true, 3])
  t.strictSame(
    forwarded({ isForwarded: true, forwardingScore: 3 }, { isForwarded: false, forwardingScore: 0 }), [false, 0]
  )
})

t.test('recognize prefers a quoted message in messageData to one beside it', async (t) => {
  const quoted = (inside: object, beside: object) => {
    const body = message(
      { typeMessage: 'textMessage', textMessageData: { textMessage: 'a' }, ...inside }, { ...beside }
    )
    const { event } = recognize(JSON.stringify(body))
    return 'quotedMessage' in event ? event.quotedMessage?.stanzaId : undefined
  }

  t.equal(quoted({ quotedMessage: { stanzaId: 'INSIDE' } }, { quotedMessage: { stanzaId: 'BESIDE' } }), 'INSIDE')
  t.equal(quoted({ quotedMessage: {} }, { quotedMessage: { stanzaId: 'BESIDE' } }), 'BESIDE')
  t.equal(quoted({ quotedMessage: {} }, { quotedMessage: {} }), undefined)
})

t.test('recognize takes the first of several empty contents', async (t) => {
  const { event } = recognize(JSON.stringify(message({
    typeMessage: 'imageMessage',
    fileMessageData: { mimeType: 'image/png' },
    imageMessageData: { mimeType: 'image/jpeg' }
  })))

  t.strictSame('data' in event && event.data, { downloadUrl: '', mimeType: 'image/png' })
})

t.test('recognize shortens the parts of an id when they are longer than 200 characters', async (t) => {
  const id = (length: number) => recognize(JSON.stringify(menuSent(menu, { idMessage: 'x'.repeat(length) }))).event.id

  t.match(id(200), 'x'.repeat(200))
  t.notMatch(id(201), 'xx')
})

t.test('withRevision copies a notification when its event has another revision', async (t) => {
  const notification = deepFreeze(recognize(JSON.stringify(menuSent())))

  t.equal(withRevision(notification, 1), notification)
  t.strictSame(withRevision(notification, 2), { ...notification, event: { ...notification.event, revision: 2 } })
})

t.test('recognize returns unrecognized when the body is oversized', async (t) => {
  const { event } = recognize(new OversizedBody('the-digest', false))

  t.strictSame(event, {
    name: 'unrecognized',
    id: 'the-digest',
    revision: 1,
    reason: 'too-large',
    idInstance: '',
    timestamp: 0,
    errors: [],
    raw: undefined
  })
})

t.test('recognize leaves out the types of unrecognized when they are not texts', async (t) => {
  const types = (body: object) => {
    const { event } = recognize(JSON.stringify(body))
    return ['typeWebhook', 'typeMessage'].filter((member) => member in event)
  }

  t.strictSame(types({ typeWebhook: 5, typeMessage: 5 }), [])
  t.strictSame(types({ typeWebhook: 5, typeMessage: 'unknown' }), ['typeMessage'])
  t.strictSame(types({ typeWebhook: 'unknown', typeMessage: 5 }), ['typeWebhook'])
})

t.test('recognize computes the checksum of the whole notification when it has a member body', async (t) => {
  const checksum = (overrides: object) => recognize(JSON.stringify(status('sent', { body: {}, ...overrides }))).checksum

  t.not(checksum({ timestamp: 1 }), checksum({ timestamp: 2 }))
})

t.test('recognize computes the checksum without white space, wherever it is', async (t) => {
  const text = JSON.stringify(menuSent())
  const { checksum } = recognize(text)

  t.equal(recognize(text.replace('{', '{ ')).checksum, checksum)
  t.equal(recognize(text.replace(':', ': ')).checksum, checksum)
})

t.test('recognize builds the id of the instance, the type, the message and its state', async (t) => {
  const id = (body: object) => recognize(JSON.stringify(body)).event.id
  const instanceData = { idInstance: 1 }
  const call = { typeWebhook: 'incomingCall', idMessage: 'A', instanceData, from: '7@c.us' }

  t.equal(id(menuSent()), '7103000042:outgoing:BAE5A0FE4711C0DE')
  t.equal(id(status('sent')), '7103000042:outgoingMessageStatus:BAE5A0FE4711C0DE:sent')
  t.equal(id({ ...call, status: 'offer' }), '1:incomingCall:A:offer')
})

t.test('recognize takes the direction of a journal record from its type', async (t) => {
  const direction = (type: string | undefined, statusMessage: string) => {
    const { event } = recognize(JSON.stringify(journalRecord({ type, statusMessage })))
    return 'direction' in event && event.direction
  }

  t.equal(direction('outgoing', ''), 'outgoing')
  t.equal(direction('incoming', 'sent'), 'incoming')
  t.equal(direction(undefined, ''), 'incoming')
  t.equal(direction(undefined, 'sent'), 'outgoing')
})

t.test('recognize reports messageData as missing when typeMessage beside it is not a text', async (t) => {
  const { event } = recognize(JSON.stringify({ typeWebhook: 'incomingMessageReceived', typeMessage: 5 }))

  t.match(event, { errors: [{ path: '/messageData' }] })
})

t.test('recognize returns quotedMessage only with the members that are known', async (t) => {
  const quoted = (quotedMessage: object | undefined, extra: object = {}) => {
    const content = { typeMessage: 'textMessage', textMessageData: { textMessage: 'a' }, ...extra, quotedMessage }
    const { event } = recognize(JSON.stringify(message(content)))
    return 'quotedMessage' in event ? event.quotedMessage : 'none'
  }

  t.equal(quoted(undefined), 'none')
  t.strictSame(quoted({ stanzaId: 'S' }), { stanzaId: 'S', participant: '' })
  t.strictSame(
    quoted({ typeMessage: 'locationMessage', participant: 'p' }),
    { stanzaId: '', participant: 'p', typeMessage: 'locationMessage' }
  )
})
