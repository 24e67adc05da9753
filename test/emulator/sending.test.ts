import type { Event } from 'fastify-green-api'
import type { Emulator } from 'fastify-green-api/emulator'
import { Sender } from 'fastify-green-api/sending'
import t, { type Test } from 'tap'
import { build, collect, token } from '../helpers/app.ts'
import { call, emulate } from '../helpers/emulated.ts'
import { listen } from '../helpers/sockets.ts'

const chatId = '4915550001234@c.us'
const other = '4915550005678@c.us'

async function prepare (t: Test) {
  const emulator = await emulate(t, { statuses: () => [] })
  const { idInstance, apiTokenInstance } = emulator.instance()
  return { emulator, sender: new Sender({ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance }) }
}

/** Returns the body of the next notification, and deletes it. */
async function receive (emulator: Emulator): Promise<Record<string, unknown>> {
  const { body } = await call(emulator, 'receiveNotification')
  await call(emulator, 'deleteNotification', { verb: 'DELETE', suffix: `/${body.receiptId}` })
  return Object(body.body)
}

t.test('every kind of message that the sender sends reaches a server as its event', async (t) => {
  const app = await build(t)
  const events: Event<'outgoingAPIMessageReceived'>[] = []
  app.greenApi.on('outgoingAPIMessageReceived', (event) => { events.push(event) })
  const unrecognized = collect(app, 'unrecognized')
  const { emulator, sender } = await prepare(t)
  const webhookUrl = `http://127.0.0.1:${await listen(app)}/green-api`
  emulator.instance().applySettings({ webhookUrl, webhookUrlToken: token })
  const file = new Blob(['x'])
  const { idMessage } = await sender.send(chatId, 'Hello')
  const buttons = [{ type: 'copy', buttonId: 'code', buttonText: 'Copy', copyCode: '4711' }] as const

  await sender.sendMessage({ chatId, message: 'Hello?', quotedMessageId: idMessage })
  await sender.send(chatId, { body: 'Well?', buttons })
  await sender.sendInteractiveButtonsReply({ chatId, body: 'Well?', buttons: [{ buttonId: 'yes', buttonText: 'Yes' }] })
  await sender.sendFileByUrl({ chatId, urlFile: 'https://shop.example/a.PNG', fileName: 'a.PNG' })
  await sender.sendFileByUpload({ chatId, file, fileName: 'a.mp4' })
  await sender.sendFileByUpload({ chatId, file, fileName: 'a.mp3' })
  await sender.sendFileByUpload({ chatId, file, fileName: 'a.pdf' })
  await sender.sendFileByUpload({ chatId, file, fileName: 'constructor' })
  await sender.sendPoll({ chatId, message: 'Which?', options: [{ optionName: 'Red' }, { optionName: 'Green' }] })
  await sender.sendLocation({ chatId, latitude: 52.5, longitude: 13.4 })
  await sender.sendContact({ chatId, contact: { phoneContact: 4915550005678, firstName: 'Grace' } })
  await sender.forwardMessages({ chatId: other, chatIdFrom: chatId, messages: [idMessage] })
  await sender.editMessage({ chatId, idMessage, message: 'Hi' })
  await sender.deleteMessage({ chatId, idMessage })
  await emulator.idle()

  const sent = events.map(({ name, chatId, data }) => ({ name, chatId, data: { ...data } }))
  const expected = [
    { name: 'extendedTextMessage', chatId, data: { text: 'Hello' } },
    { name: 'quotedMessage', chatId, data: { text: 'Hello?' } },
    { name: 'interactiveButtons', chatId, data: { body: 'Well?', buttons } },
    { name: 'interactiveButtons', chatId, data: { buttons: [{ type: 'reply', buttonId: 'yes' }] } },
    { name: 'imageMessage', chatId, data: { fileName: 'a.PNG', mimeType: 'image/png' } },
    { name: 'videoMessage', chatId, data: { fileName: 'a.mp4', mimeType: 'video/mp4' } },
    { name: 'audioMessage', chatId, data: { fileName: 'a.mp3', mimeType: 'audio/mpeg' } },
    { name: 'documentMessage', chatId, data: { fileName: 'a.pdf', mimeType: 'application/pdf' } },
    { name: 'documentMessage', chatId, data: { fileName: 'constructor', mimeType: 'application/octet-stream' } },
    { name: 'pollMessage', chatId, data: { name: 'Which?', options: [{ optionName: 'Red' }, { optionName: 'Green' }] } },
    { name: 'locationMessage', chatId, data: { latitude: 52.5, longitude: 13.4 } },
    { name: 'contactMessage', chatId, data: { displayName: 'Grace' } },
    { name: 'extendedTextMessage', chatId: other, data: { text: 'Hello' } },
    { name: 'editedMessage', chatId, data: { stanzaId: idMessage, text: 'Hi' } },
    { name: 'deletedMessage', chatId, data: { stanzaId: idMessage } }
  ]
  t.strictSame(sent.map(({ name }) => name), expected.map(({ name }) => name))
  t.match(sent, expected)
  t.strictSame(unrecognized, [])
})

t.test('sendContact sends the notification of a contact', async (t) => {
  const { emulator, sender } = await prepare(t)
  const contact = { phoneContact: 4915550005678, firstName: 'Grace', lastName: 'Hopper' }
  const { idMessage } = await sender.sendContact({ chatId, contact })
  t.match(await receive(emulator), {
    idMessage,
    messageData: {
      typeMessage: 'contactMessage',
      contactMessageData: { displayName: 'Grace Hopper', vcard: /FN:Grace Hopper\n.*waid=4915550005678:/ }
    }
  })
})

t.test('sendFileByUpload sends the notification of the file', async (t) => {
  const { emulator, sender } = await prepare(t)
  const file = new Blob([new Uint8Array(2 * 1024 * 1024)])
  const sent = await sender.sendFileByUpload({ chatId, file, fileName: 'a.png', caption: 'Look', typingTime: 1000 })
  t.match(sent, { idMessage: /^BAE5/, urlFile: /^https:\/\/.*a\.png$/ })
  t.match(await receive(emulator), {
    idMessage: sent.idMessage,
    messageData: { typeMessage: 'imageMessage', fileMessageData: { fileName: 'a.png', caption: 'Look', downloadUrl: sent.urlFile } }
  })

  const form = new FormData()
  form.set('chatId', chatId)
  form.set('fileName', 'a.png')
  const { idInstance, apiTokenInstance } = emulator.instance()
  const url = `${emulator.apiUrl}/waInstance${idInstance}/sendFileByUpload/${apiTokenInstance}`
  const response = await fetch(url, { method: 'POST', body: form })
  t.equal(response.status, 400)
  t.match(await response.text(), "'file' is required")
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const nonsense = await fetch(url, { method: 'POST', headers, body: 'nonsense' })
  t.equal(nonsense.status, 400)
  t.match(await nonsense.text(), "'body' must be a form")
})

t.test('forwardMessages sends the notifications of the messages in the other chat', async (t) => {
  const { emulator, sender } = await prepare(t)
  const { idMessage } = await sender.send(chatId, 'Hello')
  await receive(emulator)
  const { messages } = await sender.forwardMessages({ chatId: other, chatIdFrom: chatId, messages: [idMessage] })
  t.equal(messages.length, 1)
  t.match(await receive(emulator), {
    idMessage: messages[0],
    senderData: { chatId: other },
    messageData: { typeMessage: 'extendedTextMessage', extendedTextMessageData: { text: 'Hello' } }
  })
  const unknown = sender.forwardMessages({ chatId, chatIdFrom: other, messages: [idMessage] })
  await t.rejects(unknown, { status: 400, message: /There is no such message in the chat/ })
})

t.test('editMessage and deleteMessage send the notification of the change', async (t) => {
  const { emulator, sender } = await prepare(t)
  const { idMessage } = await sender.send(chatId, 'Hello')
  await receive(emulator)
  t.strictSame(await sender.editMessage({ chatId, idMessage, message: 'Hi' }), { idMessage })
  t.match(await receive(emulator), {
    senderData: { chatId },
    messageData: { typeMessage: 'editedMessage', editedMessageData: { stanzaId: idMessage, textMessage: 'Hi' } }
  })
  await sender.deleteMessage({ chatId, idMessage, onlySenderDelete: true })
  await sender.deleteMessage({ chatId, idMessage })
  t.match(await receive(emulator), {
    messageData: { typeMessage: 'deletedMessage', deletedMessageData: { stanzaId: idMessage } }
  })
  const unknown = { status: 400, message: /There is no such message in the chat/ }
  await t.rejects(async () => { await sender.editMessage({ chatId: other, idMessage, message: 'Hi' }) }, unknown)
  await t.rejects(sender.deleteMessage({ chatId, idMessage: 'A' }), unknown)
})

t.test('readChat and sendTyping send no notification', async (t) => {
  const { emulator, sender } = await prepare(t)
  t.strictSame(await sender.readChat({ chatId }), { setRead: true })
  t.equal(await sender.sendTyping({ chatId, typingTime: 1000, typingType: 'recording' }), undefined)
  await t.rejects(sender.readChat({ chatId, idMessage: 'A' }), { status: 400, message: /There is no such message/ })
  await emulator.idle()
  t.equal(emulator.instance().queue.size, 0)
})
