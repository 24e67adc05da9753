import type { Emulator } from 'fastify-green-api/emulator'
import { Sender } from 'fastify-green-api/sending'
import t, { type Test } from 'tap'
import { call, emulate } from '../helpers/emulated.ts'

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
