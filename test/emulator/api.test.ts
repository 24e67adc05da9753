import { Emulator } from 'fastify-green-api/emulator'
import t from 'tap'
import { call, emulate, send } from '../helpers/emulated.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'
const reply = { type: 'reply', buttonId: 'yes', buttonText: 'Yes' }
const menu = { chatId, header: 'Order 4711', body: 'Is everything right?', footer: 'Thank you', buttons: [reply] }

t.test('API answers 401, 403 or 404 when the token, the instance, the method or the verb is wrong', async (t) => {
  const emulator = await emulate(t)
  const { idInstance } = emulator.instance()

  t.match(await call(emulator, 'getSettings', { token: 'another' }), { status: 401, body: '' })
  t.match(await call(emulator, 'getNothing'), {
    status: 404,
    body: { path: `/waInstance${idInstance}/getNothing/…`, message: /no method getNothing\. It has .*getSettings/ }
  })
  t.match(await call(emulator, 'getSettings', { verb: 'POST', body: {} }), {
    status: 404,
    body: { message: /call getSettings with GET/ }
  })
  const elsewhere = await fetch(`${emulator.apiUrl}/waInstance42/getSettings/emulated-token`)
  t.equal(elsewhere.status, 403, 'unknown instance')
  t.equal((await fetch(`${emulator.apiUrl}/elsewhere`)).status, 404)
  const answer = JSON.stringify(await call(emulator, 'getNothing'))
  t.notMatch(answer, 'emulated-token', 'an answer does not contain the token')
})

t.test('API answers 400 and names the mistake when a request body is invalid', async (t) => {
  const emulator = await emulate(t)
  const withButtons = (...buttons: object[]) => ({ ...menu, buttons })
  const atMost = (count: number) => `length must be less than or equal to ${count} characters long`
  const invalid: Array<[method: string, body: unknown, message: string]> = [
    ['sendMessage', { message: 'Hello' }, "'chatId' is required"],
    ['sendMessage', { chatId: '4915550001234', message: '' }, "'message' is not allowed to be empty"],
    ['sendMessage', { chatId: 'somebody', message: 'Hello' }, "'chatId' must be a chat id"],
    ['sendMessage', { chatId, message: 'x'.repeat(20_001) }, `'message' ${atMost(20_000)}`],
    ['sendMessage', { chatId, message: 5 }, "'message' must be of type string"],
    ['sendInteractiveButtons', { ...menu, body: undefined }, "'body' is required"],
    ['sendInteractiveButtons', { ...menu, chatId: 'everybody' }, "'chatId' must be a chat id"],
    ['sendInteractiveButtons', withButtons(), "'buttons' must contain at least 1 items"],
    [
      'sendInteractiveButtons',
      withButtons(reply, reply, reply, reply),
      "'buttons' must contain less than or equal to 3 items"
    ],
    [
      'sendInteractiveButtons',
      withButtons({ ...reply, buttonText: 'x'.repeat(26) }),
      `'buttons[0].buttonText' ${atMost(25)}`
    ],
    [
      'sendInteractiveButtons',
      withButtons({ ...reply, type: 'shout' }),
      "'buttons[0].type' must be one of [copy, call, url, reply]"
    ],
    ['sendInteractiveButtons', withButtons(reply, { ...reply, type: 'copy' }), "'buttons[1].copyCode' is required"],
    [
      'sendInteractiveButtons',
      withButtons({ ...reply, type: 'call', phoneNumber: '' }),
      "'buttons[0].phoneNumber' is required"
    ],
    ['sendInteractiveButtons', withButtons({ ...reply, type: 'url', url: null }), "'buttons[0].url' is required"],
    ['sendInteractiveButtonsReply', withButtons({ buttonId: '1' }), "'buttons[0].buttonText' is required"],
    [
      'sendPoll',
      { chatId, message: 'Which?', options: [{ optionName: 'Red' }] },
      "'options' must contain at least 2 items"
    ],
    ['sendLocation', { chatId, latitude: 91, longitude: 0 }, "'latitude' must be less than or equal to 90"],
    ['sendLocation', { chatId, latitude: -91, longitude: 0 }, "'latitude' must be greater than or equal to -90"],
    [
      'setSettings',
      { delaySendMessagesMilliseconds: 600_001 },
      "'delaySendMessagesMilliseconds' must be less than or equal to 600000"
    ],
    ['setSettings', {}, 'at least one setting is required'],
    ['setSettings', { incomingWebhook: 'maybe' }, "'incomingWebhook' must be one of [yes, no]"],
    ['setSettings', { webhook: '' }, "'webhook' is not allowed"],
    ['setSettings', { wid: '5@c.us' }, "'wid' is not allowed"],
    ['setSettings', { webhookUrl: 'here' }, "'webhookUrl' must be a valid uri"],
    ['setSettings', [], "'body' must be of type object"],
    ['getChatHistory', { chatId, count: 0 }, "'count' must be greater than or equal to 1"]
  ]
  for (const [method, body, message] of invalid) {
    const answer = await call(emulator, method, { verb: 'POST', body })
    t.equal(answer.status, 400, `${method}: ${message}`)
    t.ok(String(answer.body.message).startsWith(`Validation failed. Details: ${message}`), String(answer.body.message))
  }
  t.equal(emulator.instance().queue.size, 0, 'nothing is sent')
})

t.test('API answers 413 when a request body is larger than 1 MiB', async (t) => {
  const emulator = await emulate(t)
  const statusOf = async (bytes: number) => {
    const body = { chatId, message: '' }
    body.message = 'x'.repeat(bytes - JSON.stringify(body).length)
    return (await call(emulator, 'sendMessage', { verb: 'POST', body })).status
  }

  t.equal(await statusOf(1024 * 1024), 400, 'too long a text, but not too large a body')
  t.equal(await statusOf(1024 * 1024 + 1), 413)
})

t.test('API answers 400 when a parameter is invalid', async (t) => {
  const emulator = await emulate(t)
  for (const query of ['?receiveTimeout=4', '?receiveTimeout=61', '?receiveTimeout=soon']) {
    t.equal((await call(emulator, 'receiveNotification', { suffix: query })).status, 400, query)
  }
  t.match(await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: '/one' }), {
    status: 400,
    body: { message: 'Parameter receiptId must be a Number' }
  })
  t.equal((await call(emulator, 'lastOutgoingMessages', { suffix: '?minutes=-1' })).status, 400)
  t.match(await call(emulator, 'getMessage', { verb: 'POST', body: { chatId, idMessage: 'BAE5' } }), {
    status: 400,
    body: { message: 'Message not found' }
  })
  const text = await fetch(`${emulator.apiUrl}/waInstance1101000001/sendMessage/emulated-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{'
  })
  t.equal(text.status, 400, 'invalid JSON')
})

t.test('send methods send the notification of the message, then those of its statuses', async (t) => {
  const emulator = await emulate(t)
  const buttons = [
    { type: 'copy', buttonId: '1', buttonText: 'Copy', copyCode: '42' },
    { type: 'call', buttonId: '2', buttonText: 'Call', phoneNumber: '4930' },
    { type: 'url', buttonId: '3', buttonText: 'Open', url: 'https://shop.example' }
  ]
  const sent: Array<[method: string, body: object, messageData: object]> = [
    [
      'sendMessage',
      { message: 'Hello' },
      { typeMessage: 'extendedTextMessage', extendedTextMessageData: { text: 'Hello', previewType: 'None' } }
    ],
    [
      'sendInteractiveButtons',
      { ...menu, buttons },
      {
        typeMessage: 'interactiveButtons',
        interactiveButtons: {
          titleText: 'Order 4711',
          contentText: 'Is everything right?',
          footerText: 'Thank you',
          buttons: [
            { type: 'copy', copyCode: '42' },
            { type: 'call', phoneNumber: '4930' },
            { type: 'url', url: 'https://shop.example' }
          ]
        }
      }
    ],
    [
      'sendInteractiveButtonsReply',
      { chatId, body: 'Well?', buttons: [{ buttonId: 'a', buttonText: 'A' }] },
      { interactiveButtons: { contentText: 'Well?', buttons: [{ type: 'reply', buttonId: 'a', buttonText: 'A' }] } }
    ],
    [
      'sendPoll',
      { message: 'Which?', options: [{ optionName: 'Red' }, { optionName: 'Green' }] },
      { typeMessage: 'pollMessage', pollMessageData: { name: 'Which?', multipleAnswers: false } }
    ],
    [
      'sendLocation',
      { latitude: 52.5, longitude: 13.4, nameLocation: 'Shop' },
      { typeMessage: 'locationMessage', locationMessageData: { latitude: 52.5, nameLocation: 'Shop' } }
    ],
    [
      'sendFileByUrl',
      { urlFile: 'https://shop.example/a.png', fileName: 'a.png', caption: 'Look' },
      {
        typeMessage: 'imageMessage',
        fileMessageData: { downloadUrl: 'https://shop.example/a.png', caption: 'Look' }
      }
    ],
    ['sendFileByUrl', { urlFile: 'https://shop.example/a', fileName: 'a.mp4' }, { typeMessage: 'videoMessage' }],
    ['sendFileByUrl', { urlFile: 'https://shop.example/a', fileName: 'a.ogg' }, { typeMessage: 'audioMessage' }],
    ['sendFileByUrl', { urlFile: 'https://shop.example/a', fileName: 'a.pdf' }, { typeMessage: 'documentMessage' }]
  ]
  for (const [method, body, messageData] of sent) {
    const idMessage = await send(emulator, method, { chatId, ...body })
    const received = await receive(emulator, 4)
    const message = { typeWebhook: 'outgoingAPIMessageReceived', idMessage, senderData: { chatId }, messageData }
    t.match(received[0], message, method)
    t.strictSame(
      received.slice(1).map(({ typeWebhook, status, idMessage, chatId }) => [typeWebhook, status, idMessage, chatId]),
      ['sent', 'delivered', 'read'].map((status) => ['outgoingMessageStatus', status, idMessage, chatId])
    )
  }
})

t.test('sendMessage quotes a message when quotedMessageId is given', async (t) => {
  const emulator = await emulate(t, { statuses: () => [] })
  const question = emulator.instance().build.textMessage({ text: 'Is it there yet?' }, { chatId })
  emulator.instance().receive(question)
  await send(emulator, 'sendMessage', { chatId, message: 'Yes', quotedMessageId: question.idMessage })
  await send(emulator, 'sendMessage', { chatId, message: 'No', quotedMessageId: 'BAE5A0FE4711C0DE' })
  const [, first, second] = await receive(emulator, 3)
  const quotedMessage = { stanzaId: question.idMessage, textMessage: 'Is it there yet?' }
  t.match(first, { messageData: { typeMessage: 'quotedMessage', quotedMessage } })
  const unknown = { stanzaId: 'BAE5A0FE4711C0DE' }
  t.match(second, { messageData: { quotedMessage: unknown } }, 'an unknown message is quoted by its id')
})

t.test('outbox pauses for delaySendMessagesMilliseconds before each message', async (t) => {
  const instances = [{ settings: { delaySendMessagesMilliseconds: 5000 } }]
  const emulator = await emulate(t, { instances, statuses: () => [] })
  const startedAt = emulator.clock.now()
  await send(emulator, 'sendMessage', { chatId, message: 'One' })
  await send(emulator, 'sendMessage', { chatId, message: 'Two' })
  const messages = await receive(emulator, 2)
  t.strictSame(messages.map(({ messageData }) => messageData.extendedTextMessageData.text), ['One', 'Two'])
  t.ok(emulator.clock.now() - startedAt >= 9_900)
})

t.test('outbox pauses for statusDelay before each status', async (t) => {
  const emulator = await emulate(t, { statusDelay: 30_000 })
  await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  await until(() => emulator.instance().queue.size === 4)
  const [message, , , read] = await receive(emulator, 4)
  t.ok(Number(read.timestamp) - Number(message.timestamp) >= 89, 'three pauses of 30 s')
})

t.test('outbox sends only the status when the status is noAccount', async (t) => {
  const emulator = await emulate(t, {
    statuses: ({ senderData }) => senderData.chatId === chatId ? ['noAccount'] : ['sent']
  })
  await emulator.instance().applySettings({ outgoingWebhook: 'no' })
  const idMessage = await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  await until(() => emulator.instance().queue.size === 1)
  const status = { typeWebhook: 'outgoingMessageStatus', status: 'noAccount', idMessage }
  t.match(await receive(emulator, 1), [status], 'although the settings turn statuses off')
  t.match((await call(emulator, 'lastOutgoingMessages')).body, [{ idMessage, statusMessage: 'noAccount' }])
})

t.test('outbox keeps messages until the instance is authorized', async (t) => {
  const emulator = await emulate(t, { instances: [{ stateInstance: 'notAuthorized' }], statuses: () => [] })
  t.strictSame((await call(emulator, 'getStateInstance')).body, { stateInstance: 'notAuthorized' })
  await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  await emulator.clock.sleep(10_000)
  t.equal(emulator.instance().queue.size, 0)
  emulator.instance().changeState('authorized')
  const [state, message] = await receive(emulator, 2)
  t.match(state, { typeWebhook: 'stateInstanceChanged', stateInstance: 'authorized' })
  t.match(message, { typeWebhook: 'outgoingAPIMessageReceived' })
})

t.test('journal methods return the incoming and outgoing messages', async (t) => {
  const emulator = await emulate(t)
  const instance = emulator.instance()
  const idMessage = await send(emulator, 'sendInteractiveButtons', menu)
  await receive(emulator, 4)
  const tap = instance.tap(idMessage, 'yes')
  const outgoing = {
    type: 'outgoing',
    idMessage,
    chatId,
    typeMessage: 'interactiveButtons',
    statusMessage: 'read',
    sendByApi: true,
    interactiveButtons: { buttons: [{ ...reply, copyCode: null }] }
  }
  const incoming = { type: 'incoming', idMessage: tap.idMessage, chatId, typeMessage: 'interactiveButtonsResponse' }

  t.match((await call(emulator, 'lastOutgoingMessages')).body, [outgoing])
  t.match((await call(emulator, 'lastIncomingMessages', { suffix: '?minutes=60' })).body, [incoming])
  const history = await call(emulator, 'getChatHistory', { verb: 'POST', body: { chatId, count: 2 } })
  t.match(history.body, [incoming, outgoing])
  t.match((await call(emulator, 'getChatHistory', { verb: 'POST', body: { chatId: '1@c.us' } })).body, [])
  t.match((await call(emulator, 'getMessage', { verb: 'POST', body: { chatId, idMessage } })).body, outgoing)
  await emulator.clock.advance(2 * 60 * 60 * 1000)
  const last = await call(emulator, 'lastIncomingMessages', { suffix: '?minutes=60' })
  t.strictSame(last.body, [], 'an older message is left out')
})

t.test('journal methods include a message that is exactly as old as allowed', async (t) => {
  // So slow that only advance() moves it.
  const emulator = await emulate(t, { clock: { speed: 1e-12, start: 1767225600000 } })
  const instance = emulator.instance()
  instance.receive(instance.build.textMessage({}, { idMessage: 'A' }))
  const incoming = async (suffix = '') => (await call(emulator, 'lastIncomingMessages', { suffix })).body

  await emulator.clock.advance(60 * 1000)
  t.match(await incoming('?minutes=1'), [{ idMessage: 'A' }])
  await emulator.clock.advance(1000)
  t.strictSame(await incoming('?minutes=1'), [])
  await emulator.clock.advance(1439 * 60 * 1000 - 1000)
  t.match(await incoming(), [{ idMessage: 'A' }], '24 hours by default')
  await emulator.clock.advance(1000)
  t.strictSame(await incoming(), [])
})

t.test('getChatHistory returns 100 messages by default', async (t) => {
  const emulator = await emulate(t)
  const instance = emulator.instance()
  for (let count = 0; count <= 100; count++) instance.receive(instance.build.textMessage({}, { chatId }))

  const { body } = await call(emulator, 'getChatHistory', { verb: 'POST', body: { chatId } })
  t.equal(body.length, 100)
})

t.test('lastOutgoingMessages returns the status pending until the message has another', async (t) => {
  const emulator = await emulate(t, { statuses: () => [] })
  const idMessage = await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  await emulator.clock.sleep(1000)

  t.match((await call(emulator, 'lastOutgoingMessages')).body, [{ idMessage, statusMessage: 'pending' }])
})

t.test('messages and the journals have a message as pending as soon as it is sent', async (t) => {
  const emulator = await emulate(t, { clock: { speed: 0.001 } })
  const idMessage = await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  const pending = { idMessage, chatId, textMessage: 'Hello', statusMessage: 'pending', sendByApi: true }

  t.match(emulator.instance().messages('outgoing'), [pending])
  t.match((await call(emulator, 'lastOutgoingMessages')).body, [pending])
  t.match((await call(emulator, 'getMessage', { verb: 'POST', body: { chatId, idMessage } })).body, pending)
  await emulator.clock.advance(5000)
  t.match(emulator.instance().messages(), [{ idMessage, statusMessage: 'read' }])
  t.equal(emulator.instance().messages().length, 1)
})

t.test('journals keep the typeMessage of the method, and the notification has that of GREEN-API', async (t) => {
  const emulator = await emulate(t, { statuses: () => ['sent'] })
  const buttons = [{ ...reply }]
  for (const [method, typeMessage] of [
    ['sendInteractiveButtons', 'interactiveButtons'],
    ['sendInteractiveButtonsReply', 'interactiveButtonsReply']
  ] as const) {
    const idMessage = await send(emulator, method, { chatId, body: 'Well?', buttons })
    const record = { idMessage, typeMessage, interactiveButtons: { contentText: 'Well?' } }
    t.match(emulator.instance().messages('outgoing')[0], { ...record, statusMessage: 'pending' })
    const [message] = await receive(emulator, 2)
    t.match(message, { idMessage, messageData: { typeMessage: 'interactiveButtons' } })
    t.match(emulator.instance().messages('outgoing')[0], { ...record, statusMessage: 'sent' })
    t.equal(emulator.instance().tap(idMessage, 'yes').senderData.chatId, chatId)
    await receive(emulator, 1)
  }
})

t.test('journal drops the oldest message when it has more than 10 000', async (t) => {
  const emulator = await emulate(t)
  const instance = emulator.instance()
  for (let count = 0; count <= 10_000; count++) {
    instance.receive(instance.build.textMessage({}, { idMessage: `A${count}` }))
  }
  const ids = instance.messages('incoming').map(({ idMessage }) => idMessage)
  t.equal(ids.length, 10_000)
  t.equal(ids.at(-1), 'A1')
})

t.test('lastIncomingCalls and lastOutgoingCalls return each call with its last status', async (t) => {
  const emulator = await emulate(t)
  const instance = emulator.instance()
  const incoming = { from: chatId, isVideo: true }
  instance.receive(instance.build.incomingCall({ ...incoming, status: 'offer' }, { idMessage: 'A', timestamp: 1 }))
  const timestamp = Math.floor(emulator.clock.now() / 1000)
  instance.receive(instance.build.incomingCall({ ...incoming, status: 'hangUp' }, { idMessage: 'A', timestamp }))
  instance.receive(instance.build.outgoingCall({ from: chatId, duration: 61, status: 'pickUp' }, { idMessage: 'B', timestamp }))

  const received = { idMessage: 'A', timestamp, chatId, isVideo: true, status: 'hungUp' }
  const made = { idMessage: 'B', timestamp, chatId, isVideo: false, status: 'pickUp' }
  t.strictSame((await call(emulator, 'lastIncomingCalls')).body, [
    { type: 'incoming', ...received, typeMessage: 'incomingCall', isGroup: false }
  ])
  t.strictSame((await call(emulator, 'lastOutgoingCalls', { suffix: '?minutes=60' })).body, [
    {
      type: 'outgoing', ...made, typeMessage: 'outgoingCall', duration: 61, participants: [{ id: chatId, status: 'pickUp' }]
    }
  ])
  await emulator.clock.advance(2 * 60 * 60 * 1000)
  t.strictSame((await call(emulator, 'lastOutgoingCalls', { suffix: '?minutes=60' })).body, [])
})

t.test('setSettings turns notifications off by type', async (t) => {
  const emulator = await emulate(t)
  const settings = { wid: '79001234567@c.us', webhookUrl: '', incomingWebhook: 'yes', typeInstance: 'whatsapp' }
  t.match((await call(emulator, 'getSettings')).body, settings)
  const changes = { incomingWebhook: 'no', pollMessageWebhook: 'no', deviceWebhook: 'no' }
  t.strictSame((await call(emulator, 'setSettings', { verb: 'POST', body: changes })).body, { saveSettings: true })
  t.match((await call(emulator, 'getSettings')).body, { incomingWebhook: 'no' })

  const instance = emulator.instance()
  instance.receive(instance.build.textMessage())
  instance.receive(instance.build.pollMessage({}, { sentBy: 'phone' }))
  instance.receive(instance.build.deviceInfo())
  t.equal(instance.queue.size, 0)
  instance.receive(instance.build.avatarInfo())
  instance.receive(instance.build.textMessage({}, { sentBy: 'phone' }))
  t.equal(instance.queue.size, 2, 'other types are still sent')
})

t.test('setSettings applies after settingsDelay', async (t) => {
  const emulator = await emulate(t, { settingsDelay: 300_000 })
  await call(emulator, 'setSettings', { verb: 'POST', body: { incomingWebhook: 'no' } })
  t.equal(emulator.instance().settings.incomingWebhook, 'yes')
  await emulator.clock.advance(300_000)
  await until(() => emulator.instance().settings.incomingWebhook === 'no')
})

t.test('tap sends the typeMessage of the device, and throws when there is no such reply button', async (t) => {
  const emulator = await emulate(t, { statuses: () => [] })
  const instance = emulator.instance()
  const link = { type: 'url', buttonId: 'url', buttonText: 'Open', url: 'https://shop.example' }
  const idMessage = await send(emulator, 'sendInteractiveButtons', { ...menu, buttons: [link, reply] })
  await receive(emulator, 1)
  const typeMessages = [
    ['android', 'interactiveButtonsResponse'],
    ['ios', 'templateButtonsReplyMessage'],
    ['web', 'templateButtonReplyMessage']
  ] as const
  for (const [device, typeMessage] of typeMessages) {
    const tap = instance.tap(idMessage, 'yes', { device })
    const [body] = await receive(emulator, 1)
    t.strictSame(body, tap)
    t.match(body, {
      typeWebhook: 'incomingMessageReceived',
      senderData: { chatId, sender: chatId },
      messageData: { typeMessage }
    })
    t.match(Object.values(body.messageData).at(-1), {
      stanzaId: idMessage,
      selectedId: 'yes',
      selectedDisplayText: 'Yes',
      selectedIndex: 1
    })
  }
  t.equal(instance.tap(idMessage, 'yes', { sender: '5@c.us' }).senderData.sender, '5@c.us')
  t.throws(() => instance.tap('BAE5', 'yes'), /There is no message BAE5 with buttons/)
  t.throws(() => instance.tap(idMessage, 'no'), /has no button no\. Tap one of: url, yes/)
  t.throws(() => instance.tap(idMessage, 'url'), /is a url button, .* Tap a reply button/)
  const text = instance.build.textMessage()
  instance.receive(text)
  t.throws(() => instance.tap(text.idMessage, 'yes'), /There is no message/)
})

t.test('API answers 500 and goes on when the option statuses throws', async (t) => {
  const emulator = await emulate(t, {
    statuses ({ senderData }) {
      if (senderData.chatId === '5@c.us') throw new Error('no such statuses')
      return []
    }
  })
  t.match(await call(emulator, 'sendMessage', { verb: 'POST', body: { chatId: '5@c.us', message: 'Hello' } }), {
    status: 500,
    body: { message: 'no such statuses' }
  })
  await send(emulator, 'sendMessage', { chatId, message: 'Hello' })
  t.match(await receive(emulator, 1), [{ typeWebhook: 'outgoingAPIMessageReceived' }])
})

t.test('tap throws when the message has not been sent or has the status noAccount', async (t) => {
  const emulator = await emulate(t, { statuses: () => ['noAccount'], clock: { speed: 1 }, statusDelay: 0 })
  const instance = emulator.instance()
  const idMessage = await send(emulator, 'sendInteractiveButtons', menu)
  t.throws(() => instance.tap(idMessage, 'yes'), /has not been sent yet\. Await the emulator's idle\(\)/)
  await receive(emulator, 1)
  t.throws(() => instance.tap(idMessage, 'yes'), /There is no message .* with buttons/)
})

t.test('deleteNotification accepts an empty body with a JSON content type', async (t) => {
  const emulator = await emulate(t)
  emulator.instance().receive(emulator.instance().build.textMessage())
  const response = await fetch(`${emulator.apiUrl}/waInstance1101000001/deleteNotification/emulated-token/1`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' }
  })
  t.strictSame(await response.json(), { result: true })
})

t.test('builders use the chatId and the senderName of the instance', async (t) => {
  const instances = [{ chatId: '15551230000@c.us', senderName: 'Eve' }]
  const emulator = await emulate(t, { statuses: () => [], instances })
  t.match(emulator.instance().build.textMessage(), { senderData: { chatId: '15551230000@c.us', senderName: 'Eve' } })
  t.match(new Emulator().instance().build.textMessage(), { senderData: { chatId: '4915550001234@c.us' } })
})

t.test('builders make the same bodies when seed and clock.start are the same', async (t) => {
  const clock = { start: 1767225600000, speed: 0.001 }
  const buildText = () => new Emulator({ seed: 1, clock }).instance().build.textMessage()
  t.strictSame(buildText(), buildText())
  t.equal(buildText().timestamp, 1767225600)
})

t.test('builders make the same ids only when there is a seed', async (t) => {
  const ids = async (seed: string | undefined) => {
    const emulator = new Emulator({ seed })
    return emulator.instance().build.textMessage().idMessage
  }
  t.equal(await ids('one'), await ids('one'))
  t.not(await ids(undefined), await ids(undefined))
})

t.test('Emulator throws when an option is unknown or invalid', async (t) => {
  t.throws(() => new Emulator({ instances: [] }), { name: 'InvalidOptionError', message: /instances is empty/ })
  // As written without TypeScript.
  const invalid: Array<[options: object, message: RegExp]> = [
    [{ instance: [{}] }, /^Unknown option `instance` for an emulator. Did you mean `instances`\?$/],
    [{ instances: {} }, /^instances must be an array/],
    [{ clock: 60 }, /^clock must be an object, such as \{ speed: 60 \}/],
    [{ clock: { sped: 60 } }, /^Unknown option `sped` for clock. Did you mean `speed`\?$/],
    [{ clock: { start: 'today' } }, /^clock.start must be Unix time/],
    [{ statuses: ['sent'] }, /^statuses must be a function/],
    [{ settingsDelay: '5 min' }, /^settingsDelay must be a number of milliseconds/],
    [{ faults: { duplicate: 0.5 } }, /^Unknown option `duplicate` for faults. Did you mean `duplicates`\?$/],
    [
      { instances: [{ token: 'x' }] },
      /^Unknown option `token` for an instance. Expected one of `idInstance`, `apiTokenInstance`/
    ],
    [{ instances: [{ idInstance: '' }] }, /^idInstance must be a number/],
    [{ instances: [{ wid: 5 }] }, /^wid must be a non-empty string/],
    [
      { instances: [{ settings: { webhookURL: '' } }] },
      /^Unknown option `webhookURL` for settings. Did you mean `webhookUrl`\?$/
    ],
    [
      { instances: [{ settings: { incomingWebhook: 'maybe' } }] },
      /^settings\.incomingWebhook is invalid: expected union value/
    ],
    [
      { instances: [{ settings: { webhookUrl: undefined } }] },
      /^settings\.webhookUrl is undefined \(is the environment variable set\?\): /
    ],
    [{ instances: [{ settings: { webhookUrl: 'here' } }] }, /^settings\.webhookUrl must be empty or a URL/]
  ]
  for (const [options, message] of invalid) {
    t.throws(() => new Emulator(options), { name: 'InvalidOptionError', message }, JSON.stringify(options))
  }
  t.throws(() => new Emulator({ instances: [{}, {}] }), /two instances have the same idInstance/)
  t.throws(() => new Emulator({ clock: { speed: 0 } }), /clock.speed must be a number above 0/)
  t.throws(
    () => new Emulator({ faults: { duplicates: 2 } }),
    /faults\.duplicates must be a number from 0 \(never\) to 1 \(always\)/
  )
  const emulator = new Emulator()
  t.throws(() => emulator.instance(42), /Unknown instance 42\. The emulator has 1101000001\./)
  t.throws(() => emulator.apiUrl, /Await its listen\(\) first/)
})

t.test('Emulator names the instance when an option of it is invalid', async (t) => {
  const first = { idInstance: 1101000001 }
  const idInstance = 7103000002
  const invalid: Array<[instances: unknown[], message: RegExp]> = [
    [[first, { idInstance, wid: 5 }], /^Instance 7103000002: wid must be a non-empty string$/],
    [[{ idInstance, token: 'x' }], /^Instance 7103000002: Unknown option `token` for an instance\. /],
    [[first, { idInstance, typeInstance: 'max' }], /^Instance 7103000002: typeInstance must be one of whatsapp, waba, v3,/],
    [[first, { idInstance, settings: { webhookURL: '' } }], /^Instance 7103000002: Unknown option `webhookURL` for settings/],
    [[first, { idInstance, settings: { webhookUrl: 'here' } }], /^Instance 7103000002: settings\.webhookUrl must be empty/],
    [[first, { idInstance, plan: { correspondents: -1 } }], /^Instance 7103000002: plan\.correspondents must be a whole/],
    [[first, { idInstance, plan: { chats: 3 } }], /^Instance 7103000002: Unknown option `chats` for plan\. /],
    [[first, { idInstance: 'second' }], /^instances\[1\]: idInstance must be a number/],
    [[first, null], /^instances\[1\]: The options for an instance must be an object/],
    [[first, { ...first, wid: '5@c.us' }], /^two instances have the same idInstance 1101000001: give each its own$/]
  ]
  for (const [instances, message] of invalid) {
    // As written without TypeScript.
    const options: object = { instances }
    t.throws(() => new Emulator(options), { name: 'InvalidOptionError', message }, String(message))
  }
  for (const [options, message] of [
    [{ rateLimits: 'all' }, /^rateLimits must be true or false$/],
    [{ instances: [first], faults: { duplicates: 2 } }, /^faults\.duplicates must be a number/]
  ] as const) {
    const untyped: object = options
    t.throws(() => new Emulator(untyped), { message }, 'an option of all instances')
  }
})

t.test('an instance names itself when new settings or faults are invalid', async (t) => {
  const instance = new Emulator({ instances: [{ idInstance: 7103000002 }] }).instance(7103000002)
  // As written without TypeScript.
  const settings: object = { webhookURL: '' }
  const faults: object = { duplicates: 2 }

  await t.rejects(instance.applySettings(settings), {
    name: 'InvalidOptionError', message: /^Instance 7103000002: Unknown option `webhookURL` for settings/
  })
  t.throws(() => { instance.setFaults(faults) }, {
    name: 'InvalidOptionError', message: /^Instance 7103000002: faults\.duplicates must be a number/
  })
})

/** Receives and deletes this many notifications. */
async function receive (emulator: Emulator, count: number) {
  const received: Array<ReturnType<typeof JSON.parse>> = []
  while (received.length < count) {
    const { body } = await call(emulator, 'receiveNotification')
    received.push(body.body)
    await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: `/${String(body.receiptId)}` })
  }
  return received
}
