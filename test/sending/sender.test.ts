import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expectTypeOf } from 'expect-type'
import { InvalidOptionError } from 'fastify-green-api'
import { channelNames, type SendMessage } from 'fastify-green-api/diagnostics'
import { Sender, type AnswerOf, type RequestOf, type Sent } from 'fastify-green-api/sending'
import { createBuilders, inject } from 'fastify-green-api/testing'
import t from 'tap'
import { build, collect, only } from '../helpers/app.ts'
import { emulate } from '../helpers/emulated.ts'
import { apiTokenInstance, idInstance, openServer } from '../helpers/scripted-server.ts'

const chatId = '4915550001234@c.us'
const reply = { buttonId: 'yes', buttonText: 'Yes' }
const url = { type: 'url', buttonId: 'see', buttonText: 'See', url: 'https://shop.example' } as const

t.test('Sender sends nothing when a JavaScript program passes a content that is neither a text nor buttons', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  for (const content of [undefined, null, 5, {}, { body: 'Hello' }, { body: 'Hello', buttons: 'Yes' }]) {
    const sending: Promise<unknown> = Reflect.apply(sender.send, sender, [chatId, content])
    const message = 'sendMessage was not sent: `message` must be a string'
    await t.rejects(sending, { message, mayHaveBeenSent: false })
  }
  t.equal(server.count, 0)
})

t.test('Sender sends nothing when a request is not an object, or cannot be written as JSON', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const circular: { chatId: string, self?: object } = { chatId }
  circular.self = circular

  for (const request of [circular, { chatId, count: 1n }, 'text', 7]) {
    // As a JavaScript program can call it.
    const error = await sender.call('archiveChat', request as object).catch((error: unknown) => error)
    t.match(error, { name: 'SendError', mayHaveBeenSent: false })
  }
  t.equal(server.count, 0)
})

t.test('Sender validates its options', async (t) => {
  const options = { idInstance, apiTokenInstance }
  const invalid: Array<[options: object, message: RegExp]> = [
    [{ apiTokenInstance }, /idInstance is undefined \(is the environment variable set\?\)/],
    [{ idInstance }, /apiTokenInstance is undefined/],
    [{ ...options, apiTokenInstance: 'a b' }, /has a character that no such token has/],
    [{ ...options, apiUrl: 'here' }, /^apiUrl must be the instance's URL/],
    [{ ...options, mediaUrl: 'here' }, /^mediaUrl must be the instance's URL/],
    [{ ...options, timeout: 0 }, /^timeout must be a whole number of milliseconds above 0/],
    [{ ...options, fetch: true }, /^fetch must be a function/],
    [{ ...options, timeuot: 5 }, /Unknown option `timeuot` for a Sender\. Did you mean `timeout`\?/]
  ]
  for (const [each, message] of invalid) {
    // Callers without TypeScript.
    t.throws(() => new Sender(each as typeof options), { message, name: 'InvalidOptionError' })
  }
  const server = await openServer(t)
  await t.rejects(server.sender().send(chatId, 'Hello', { timeout: -1 }), InvalidOptionError)
})

t.test('Sender rejects a request that GREEN-API would refuse, before it is sent', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const menu = { body: 'Well?', buttons: [reply] }
  const invalid: Array<[send: () => Promise<unknown>, message: string]> = [
    [() => sender.send('Ada', 'Hello'), 'sendMessage was not sent: `chatId` must be a chat id such as 79001234567@c.us or'],
    [() => sender.send('', 'Hello'), '`chatId` must be a chat id'],
    [() => sender.send(chatId, ''), '`message` is empty'],
    [() => sender.send(chatId, 'x'.repeat(20_001)), '`message` has 20001 characters. Shorten it to 20000'],
    [() => sender.send(chatId, 'Hello', { typingTime: 500 }), '`typingTime` must be at least 1000'],
    [() => sender.send(chatId, 'Hello', { typingTime: 20_001 }), '`typingTime` must be at most 20000'],
    [() => sender.send(chatId, { ...menu, body: '' }), '`body` is empty'],
    [() => sender.send(chatId, { ...menu, header: 'x'.repeat(20_001) }), '`header` has 20001 characters. Shorten it to'],
    [() => sender.send(chatId, { ...menu, buttons: [] }), '`buttons` has too few items. Add some: at least 1'],
    [
      () => sender.send(chatId, { ...menu, buttons: [reply, reply, reply, reply] }),
      '`buttons` has too many items. Remove some: at most 3'
    ],
    [
      () => sender.send(chatId, { ...menu, buttons: [{ ...reply, buttonText: 'x'.repeat(26) }] }),
      '`buttons[0].buttonText` has 26 characters. Shorten it to 25'
    ],
    [
      () => sender.send(chatId, { ...menu, buttons: [reply, { ...reply, buttonId: 'ö'.repeat(129) }] }),
      '`buttons[1].buttonId` length must be less than or equal to 256 bytes'
    ],
    [
      () => sender.send(chatId, { ...menu, buttons: [{ ...url, url: 'shop.example' }] }),
      'sendInteractiveButtons was not sent: `buttons[0].url` must be a URL that begins with http:// or https://'
    ],
    [
      () => sender.send(chatId, { ...menu, buttons: [{ ...reply, type: 'call', phoneNumber: '+49 1555 0001234' }] }),
      '`buttons[0].phoneNumber` must be a phone number in international format, digits only'
    ],
    [
      () => sender.send(chatId, { ...menu, buttons: [{ ...reply, type: 'copy', copyCode: '' }] }),
      '`buttons[0].copyCode` is required'
    ],
    [() => sender.send(chatId, { ...menu, buttons: [null] } as never), '`buttons[0]` must be'],
    [() => sender.send(chatId, { ...menu, buttons: ['Yes'] } as never), '`buttons[0]` must be'],
    [() => sender.sendFileByUrl({ chatId, urlFile: 'file.pdf', fileName: 'file.pdf' }), '`urlFile` must be a URL'],
    [
      () => sender.sendPoll({ chatId, message: 'Which?', options: [{ optionName: 'Red' }] }),
      '`options` has too few items. Add some: at least 2'
    ],
    [() => sender.sendLocation({ chatId, latitude: 91, longitude: 0 }), '`latitude` must be at most 90'],
    [
      () => sender.sendContact({ chatId, contact: { phoneContact: 5678, firstName: 'Ada' } }),
      '`contact.phoneContact` must be at least 1000000'
    ],
    [() => sender.sendContact({ chatId, contact: { phoneContact: 79001234567 } }), '`contact` must contain a name'],
    [
      // Callers without TypeScript.
      () => sender.sendMessage({ chatId, message: 'Hello', quotedMesageId: 'A' } as RequestOf<'sendMessage'>),
      '`quotedMesageId` is unknown. Did you mean `quotedMessageId`?'
    ],
    [() => sender.sendMessage({ chatId } as RequestOf<'sendMessage'>), '`message` is missing'],
    [() => sender.sendMessage({ chatId, message: 5 } as never), '`message` must be a string'],
    [() => sender.sendMessage({ chatId, message: 'Hello', typePreview: 'huge' } as never), '`typePreview` must be one of large, small'],
    [() => sender.sendTyping({ chatId, typingType: 'singing' } as never), '`typingType` must be recording'],
    [() => sender.sendMessage(undefined as never), '`body` must be an object'],
    [() => sender.sendFileByUpload({ chatId, fileName: 'a.txt', file: 'text' } as never), '`file` must be a Blob or bytes'],
    [() => sender.call('../getSettings'), 'is not the name of a method']
  ]
  for (const [send, message] of invalid) {
    await t.rejects(send(), { name: 'SendError', mayHaveBeenSent: false, message: new RegExp(message.replaceAll(/[.?()[\]]/g, '\\$&')) })
  }
  t.equal(server.count, 0)
})

t.test('Sender accepts every form of chat id', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const chatIds = [
    '79001234567@c.us', '120363000000000001@g.us', '79001234567-1581234048@g.us', '123456789012345@lid', '10000000',
    '-10000000000000'
  ]
  for (const each of chatIds) await sender.send(each, 'Hello')
  t.strictSame(server.requests.map(({ body }) => Object(body).chatId), chatIds)
})

t.test('Sender sends the request of each method', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const path = (method: string) => `/waInstance${idInstance}/${method}/${apiTokenInstance}`
  const calls: Array<[send: () => Promise<unknown>, method: string, body: object]> = [
    [
      () => sender.send(chatId, 'Hello', { quotedMessageId: 'A', linkPreview: false, typingTime: 1000 }),
      'sendMessage', { chatId, message: 'Hello', quotedMessageId: 'A', linkPreview: false, typingTime: 1000 }
    ],
    [
      () => sender.send(chatId, { header: 'Order', body: 'Well?', buttons: [reply, { ...reply, type: 'reply' }] }),
      'sendInteractiveButtonsReply', { chatId, header: 'Order', body: 'Well?', buttons: [reply, reply] }
    ],
    [
      () => sender.send(chatId, { body: 'Well?', footer: 'Bye', buttons: [reply, url] }),
      'sendInteractiveButtons', { chatId, body: 'Well?', footer: 'Bye', buttons: [{ type: 'reply', ...reply }, url] }
    ],
    [
      () => sender.sendContact({ chatId, contact: { phoneContact: 79001234567, firstName: 'Ada' } }),
      'sendContact', { chatId, contact: { phoneContact: 79001234567, firstName: 'Ada' } }
    ],
    [
      () => sender.editMessage({ chatId, idMessage: 'A', message: 'Hi' }),
      'editMessage', { chatId, idMessage: 'A', message: 'Hi' }
    ],
    [() => sender.call('archiveChat', { chatId }), 'archiveChat', { chatId }]
  ]
  for (const [send, method, body] of calls) {
    await send()
    const { url, body: sent, method: verb } = server.requests.at(-1) ?? {}
    t.strictSame({ verb, url, sent }, { verb: 'POST', url: path(method), sent: body }, method)
  }
})

t.test('Sender resolves with what each method answers', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const target = { chatId, idMessage: 'A' }
  const answers: Array<[send: () => Promise<unknown>, answer: unknown, result: unknown]> = [
    [() => sender.send(chatId, 'Hello'), { idMessage: 'B', more: 1 }, { idMessage: 'B' }],
    [
      () => sender.forwardMessages({ chatId, chatIdFrom: chatId, messages: ['A'] }),
      { messages: ['B', 'C'] }, { messages: ['B', 'C'] }
    ],
    [() => sender.deleteMessage(target), '', undefined],
    [() => sender.sendTyping({ chatId }), '', undefined],
    [() => sender.readChat({ chatId }), { setRead: true }, { setRead: true }],
    [() => sender.editMessage({ ...target, message: 'Hi' }), { idMessage: 'A' }, { idMessage: 'A' }],
    [() => sender.call('getSettings'), { wid: '5@c.us' }, { wid: '5@c.us' }],
    [() => sender.call('logout'), '', undefined]
  ]
  for (const [send, answer, result] of answers) {
    server.replies.push([200, answer])
    t.strictSame(await send(), result)
  }
  t.equal(server.requests.at(-1)?.method, 'GET', 'a call without a request')
  await server.replies.push([200, '{'])
  await t.rejects(sender.call('getSettings'), { message: /was answered 200 without valid JSON/, mayHaveBeenSent: true })
  server.replies.push([200, {}])
  await t.rejects(sender.forwardMessages({ chatId, chatIdFrom: chatId, messages: ['A'] }), /without the ids of the/)
})

t.test('sendFileByUpload uploads a form to the mediaUrl', async (t) => {
  const server = await openServer(t)
  const sender = server.sender({ apiUrl: 'http://127.0.0.1:9', mediaUrl: server.apiUrl })
  server.replies.push([200, { idMessage: 'A', urlFile: 'https://files.example/a' }], [429, '', { 'retry-after': '1' }])
  const file = new TextEncoder().encode('Hello')
  t.strictSame(
    await sender.sendFileByUpload({ chatId, file, fileName: 'grüße.txt', caption: 'Read it', quotedMessageId: null }),
    { idMessage: 'A', urlFile: 'https://files.example/a' }
  )
  await sender.sendFileByUpload({ chatId, file: new Blob(['Hello']), fileName: 'a.txt' })

  const [first = '', , repeated = ''] = server.requests.map(({ body }) => String(body))
  for (const part of ['name="chatId"\r\n\r\n4915550001234@c.us', 'name="caption"\r\n\r\nRead it', 'filename="grüße.txt"']) {
    t.match(first, part)
  }
  t.match(first, /name="file".*\r\n.*\r\n\r\nHello\r\n/)
  t.notMatch(first, 'quotedMessageId')
  t.match(repeated, /filename="a.txt"[^]*Hello/, 'the whole form is sent again after a 429')
})

t.test('Sender sends the messages of a chat in order', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  server.replies.push((response) => { setTimeout(() => { response.end('{"idMessage":"A"}') }, 60) }, [500])
  const other = '4915550005678@c.us'
  const results = await Promise.allSettled([
    sender.send(chatId, 'one'),
    sender.send(other, 'aside'),
    sender.send(chatId, { body: 'two', buttons: [reply] }),
    sender.send(chatId, 'three')
  ])
  const texts = server.requests.map(({ body }) => Object(body).message ?? Object(body).body)
  t.strictSame(texts, ['one', 'aside', 'two', 'three'], 'another chat does not wait')
  t.strictSame(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})

t.test("Sender stays under GREEN-API's limits", async (t) => {
  const emulator = await emulate(t, { clock: { speed: 1 }, rateLimits: true })
  const sender = new Sender({ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance: 'emulated-token' })
  const chats = Array.from({ length: 60 }, (_, index) => `${4915550001000 + index}@c.us`)
  const startedAt = performance.now()
  await Promise.all([
    ...chats.map((chat) => sender.send(chat, 'Hello')),
    ...chats.slice(0, 2).map((chat) => sender.send(chat, { body: 'Well?', buttons: [reply] }))
  ])
  t.ok(performance.now() - startedAt >= 1150, 'a call every 20 ms')
  t.equal(emulator.instance().messages('outgoing').length, 62)
})

t.test('reply answers a message in its chat, and only incoming ones of its instance', async (t) => {
  const server = await openServer(t)
  const sender = server.sender()
  const app = await build(t)
  const events = collect(app, 'textMessage')
  const { textMessage } = createBuilders({ idInstance, wid: '79001234567@c.us' })
  const group = '120363000000000001@g.us'
  await inject(app, textMessage({}, { chatId: group, idMessage: 'A' }))
  await inject(app, textMessage({}, { sentBy: 'phone' }))
  await inject(app, textMessage({}, { sentBy: 'api' }))
  await inject(app, textMessage({}, { sender: '79001234567@c.us' }))
  await inject(app, createBuilders({ idInstance: 1101000002 }).textMessage())
  const [incoming, ...others] = events
  const foreign = others.pop()
  if (incoming === undefined || foreign === undefined) throw new Error('nothing arrived')

  t.strictSame(await sender.reply(incoming, 'Hello'), { idMessage: 'sent-1' })
  t.strictSame(await sender.reply(incoming, 'Hello', { quote: true }), { idMessage: 'sent-2' })
  for (const own of others) t.equal(await sender.reply(own, 'Hello'), undefined)
  t.strictSame(server.requests.map(({ body }) => body), [
    { chatId: group, message: 'Hello' },
    { chatId: group, message: 'Hello', quotedMessageId: 'A' }
  ])
  await t.rejects(sender.reply(foreign, 'Hello'), {
    message: /was not sent: the event belongs to instance 1101000002\. Use the Sender of its instance/,
    mayHaveBeenSent: false
  })
})

t.test('an echo bot does not answer itself', async (t) => {
  const app = await build(t, { token: 'secret' })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const settings = { webhookUrl: `${address}/green-api`, webhookUrlToken: 'secret' }
  const emulator = await emulate(t, { instances: [{ settings }] })
  const sender = new Sender({ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance: 'emulated-token' })
  app.greenApi.on(['textMessage', 'extendedTextMessage', 'quotedMessage'], async (event) => {
    await sender.reply(event, `You said: ${event.data.text}`, { quote: true })
  })
  const instance = emulator.instance()
  instance.receive(instance.build.textMessage({ text: 'Hello' }))
  await emulator.idle()
  t.match(only(instance.messages('outgoing')), { chatId, extendedTextMessage: { text: 'You said: Hello' } })
})

t.test('Sender traces each call', async (t) => {
  const server = await openServer(t)
  const seen: Array<[event: string, message: SendMessage]> = []
  for (const event of ['start', 'error', 'asyncEnd']) {
    const channel = `tracing:${channelNames.send}:${event}`
    // The channel has no other messages.
    const onMessage = (message: unknown) => { seen.push([event, { ...message as SendMessage }]) }
    subscribe(channel, onMessage)
    t.teardown(() => unsubscribe(channel, onMessage))
  }
  server.replies.push([429, '', { 'retry-after': '1' }])
  await server.sender().send(chatId, 'Hello')
  await server.sender().send(chatId, '').catch(() => {})
  t.match(seen, [
    ['start', { idInstance, method: 'sendMessage', attempts: 0, startedAt: Number, duration: undefined }],
    ['asyncEnd', { attempts: 2, duration: Number, result: { idMessage: 'sent-2' }, error: undefined }],
    ['start', { attempts: 0 }],
    ['error', { error: { name: 'SendError' } }],
    ['asyncEnd', { attempts: 0, duration: Number, error: { name: 'SendError' } }]
  ])
  t.ok((seen[1]?.[1].duration ?? 0) >= 990, 'the pause counts')
})

t.test('Sender uses the fetch of its options', async (t) => {
  const server = await openServer(t)
  const urls: string[] = []
  const sender = server.sender({
    async fetch (input, init) {
      urls.push(String(input))
      return await fetch(input, init)
    }
  })
  await sender.send(chatId, 'Hello')
  t.strictSame(urls, [`${server.apiUrl}/waInstance${idInstance}/sendMessage/${apiTokenInstance}`])
})

t.test('requests and answers are typed', async () => {
  expectTypeOf<AnswerOf<'sendPoll'>>().toEqualTypeOf<Sent>()
  expectTypeOf<AnswerOf<'getSettings'>>().toEqualTypeOf<unknown>()
  expectTypeOf<RequestOf<'sendMessage'>['quotedMessageId']>().toEqualTypeOf<string | null | undefined>()
  expectTypeOf<RequestOf<'readChat'>>().toEqualTypeOf<{
    readonly chatId: string
    readonly idMessage?: string | null | undefined
  }>()
  const check = async (sender: Sender) => {
    // @ts-expect-error the member is called message
    await sender.call('sendMessage', { chatId, text: 'Hello' })
    // @ts-expect-error the request is missing
    await sender.call('sendMessage')
    // @ts-expect-error a button that opens a URL has one
    await sender.send(chatId, { body: 'Well?', buttons: [{ type: 'url', buttonId: '1', buttonText: 'See' }] })
    // @ts-expect-error an event about the instance is not a message
    await sender.reply({ idInstance, name: 'stateInstanceChanged' }, 'Hello')
    await sender.call('anythingElse', { chatId })
  }
  expectTypeOf(check).toBeFunction()
})
