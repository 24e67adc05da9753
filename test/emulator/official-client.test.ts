import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GreenApiClient } from '@green-api/whatsapp-api-client-js-v2'
import type { Emulator } from 'fastify-green-api/emulator'
import t, { type Test } from 'tap'
import { build, collect, token } from '../helpers/app.ts'
import { emulate } from '../helpers/emulated.ts'
import { listen } from '../helpers/sockets.ts'
import { nodeFlags } from '../helpers/node-flags.ts'
import { until } from '../helpers/until.ts'

const chatId = '4915550001234@c.us'

/** Creates an official client that calls the emulator: buildUrl is its own extension point. */
function connect (emulator: Emulator): GreenApiClient {
  class EmulatedClient extends GreenApiClient {
    protected override buildUrl () {
      return `${emulator.apiUrl}/waInstance${this.instance.idInstance}`
    }
  }
  const { idInstance, apiTokenInstance } = emulator.instance()
  return new EmulatedClient({ idInstance: Number(idInstance), apiTokenInstance })
}

// The client logs every request to the console.
function silenceConsole (t: Test): void {
  for (const method of ['log', 'info', 'debug', 'error'] as const) t.capture(console, method)
}

t.test('official client receives, sends and reads journals', async (t) => {
  silenceConsole(t)
  const emulator = await emulate(t)
  const client = connect(emulator)
  const instance = emulator.instance()

  t.strictSame(await client.getStateInstance(), { stateInstance: 'authorized' })
  t.match(await client.getSettings(), { incomingWebhook: 'yes', wid: '79001234567@c.us' })
  t.strictSame(await client.setSettings({ markIncomingMessagesReaded: 'yes' }), { saveSettings: true })

  instance.receive(instance.build.textMessage({ text: 'Is it there yet?' }, { chatId }))
  const notification = await client.receiveNotification(5)
  t.match(notification, {
    body: {
      typeWebhook: 'incomingMessageReceived',
      messageData: { textMessageData: { textMessage: 'Is it there yet?' } }
    }
  })
  t.strictSame(await client.deleteNotification(Number(notification?.receiptId)), { result: true })

  const quotedMessageId = String(instance.messages('incoming')[0]?.idMessage)
  const { idMessage } = await client.sendMessage({ chatId, message: 'Yes', quotedMessageId })
  const bodies: unknown[] = []
  for (let next = await client.receiveNotification(5); next !== null; next = await client.receiveNotification(5)) {
    bodies.push(next.body)
    await client.deleteNotification(next.receiptId)
  }
  t.match(bodies, [
    { typeWebhook: 'outgoingAPIMessageReceived', idMessage },
    { typeWebhook: 'outgoingMessageStatus', idMessage, status: 'sent' },
    { status: 'delivered' },
    { status: 'read' }
  ])
  t.match(await client.lastOutgoingMessages(), [{ idMessage, statusMessage: 'read' }])
  t.match(await client.lastIncomingMessages(60), [{ textMessage: 'Is it there yet?' }])
  t.match(await client.getChatHistory({ chatId, count: 5 }), [{ type: 'outgoing' }, { type: 'incoming' }])
  const options = [{ optionName: 'Red' }, { optionName: 'Green' }]
  t.match(await client.sendPoll({ chatId, message: 'Which?', options }), { idMessage: /^[0-9A-F]+$/ })
  t.match(await client.sendLocation({ chatId, latitude: 52.5, longitude: 13.4 }), { idMessage: /^[0-9A-F]+$/ })
  const file = { url: 'https://shop.example/a.png', fileName: 'a.png' }
  t.match(await client.sendFileByUrl({ chatId, file }), { idMessage: /^[0-9A-F]+$/ })
})

t.test('official client rejects with the message of the API when a call fails', async (t) => {
  silenceConsole(t)
  const emulator = await emulate(t)
  const client = connect(emulator)
  const sending = client.sendMessage({ chatId: 'somebody', message: 'Hello' })
  await t.rejects(sending, /status code 400.*'chatId' must be a chat id/)
  await emulator.instance().applySettings({ webhookUrl: 'http://127.0.0.1:9/' })
  await t.rejects(client.receiveNotification(5), /custom webhook url is set/)
})

t.test('plugin emits a message and its statuses when the official client sends it', async (t) => {
  silenceConsole(t)
  const app = await build(t)
  const port = await listen(app)
  const events = collect(app, 'webhook')
  const settings = { webhookUrl: `http://127.0.0.1:${port}/green-api`, webhookUrlToken: token }
  const emulator = await emulate(t, { instances: [{ settings }] })
  const { idMessage } = await connect(emulator).sendMessage({ chatId, message: 'Hello' })
  await emulator.idle()
  t.match(events, [
    { name: 'extendedTextMessage', idMessage, direction: 'outgoing', sentBy: 'api', data: { text: 'Hello' } },
    { name: 'outgoingMessageStatus', idMessage, data: { status: 'sent' } },
    { data: { status: 'delivered' } },
    { data: { status: 'read' } }
  ])
})

t.test('proxy connects an unchanged bot to the emulator', async (t) => {
  const emulator = await emulate(t)
  const certificate = join(t.testdir({ 'emulator.pem': await emulator.certificate() }), 'emulator.pem')
  const instance = emulator.instance()
  instance.receive(instance.build.textMessage({ text: 'Hello' }, { chatId }))
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env
  const bot = fork(fileURLToPath(new URL('../helpers/fixtures/programs/bot.ts', import.meta.url)), {
    env: { ...env, HTTPS_PROXY: emulator.apiUrl, NODE_EXTRA_CA_CERTS: certificate },
    execArgv: [...nodeFlags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  t.teardown(() => { bot.kill() })
  let errors = ''
  bot.stderr?.on('data', (chunk) => { errors += String(chunk) })
  const [code] = await once(bot, 'exit')
  t.equal(code, 0, errors)
  await until(() => instance.messages('outgoing').length > 0)
  t.match(instance.messages('outgoing'), [{ chatId, textMessage: 'You wrote: Hello' }])
})

t.test('proxy rejects hosts that are not GREEN-API', async (t) => {
  const emulator = await emulate(t)
  await emulator.certificate()
  const { hostname, port } = new URL(emulator.apiUrl)
  const request = (path: string) => new Promise<number | undefined>((resolve, reject) => {
    http.request({ hostname, port, method: 'CONNECT', path }).on('connect', ({ statusCode }, socket) => {
      socket.destroy()
      resolve(statusCode)
    }).on('error', reject).end()
  })
  for (const path of ['shop.example:443', 'evilgreen-api.com:443', 'green-api.com.example:443']) {
    t.equal(await request(path), 403, path)
  }
  for (const path of ['api.green-api.com:443', 'API.GREEN-API.COM:443', '7103.api.greenapi.com:443']) {
    t.equal(await request(path), 200, path)
  }
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const path = 'http://api.green-api.com/waInstance1101000001/getStateInstance/emulated-token'
    http.get({ hostname, port, path }).on('response', resolve).on('error', reject)
  })
  t.equal(answer.statusCode, 200, 'plain HTTP uses an absolute URL')
  answer.resume()
})
