/**
 * A server with its own route that also receives GREEN-API's notifications.
 *
 * With GREEN_API_WEBHOOK_TOKEN it waits for notifications. Without it, it posts three to itself.
 */
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { examples, postAll } from './notifications.ts'
import { readPort } from './port.ts'

const { GREEN_API_WEBHOOK_TOKEN, PORT, HOST = 'localhost' } = process.env
const token = GREEN_API_WEBHOOK_TOKEN ?? 'example-token'
const port = readPort(PORT)

const app = Fastify({ logger: { level: 'warn' } })

app.get('/', async () => ({ service: 'orders', webhook: 'POST /green-api' }))

await app.register(greenApi, { path: '/green-api', token })

app.greenApi.on('interactiveButtons', ({ idMessage, chatId, statusMessage, data }) => {
  console.log(`\nmenu ${idMessage} in ${chatId}${statusMessage === undefined ? '' : `, ${statusMessage}`}`)
  console.log(`  ${data.header ?? ''} | ${data.body} | ${data.footer ?? ''}`)
  for (const button of data.buttons) {
    switch (button.type) {
      case 'copy': console.log(`  [${button.buttonText}] copies ${button.copyCode}`); break
      case 'call': console.log(`  [${button.buttonText}] calls ${button.phoneNumber}`); break
      case 'url': console.log(`  [${button.buttonText}] opens ${button.url}`); break
      case 'reply': console.log(`  [${button.buttonText}] answers ${button.buttonId}`); break
      case 'unknown': console.log(`  [${button.buttonText}] is of a kind still unknown`); break
    }
  }
})

app.greenApi.on('buttonReply', ({ sender, data }) => {
  console.log(`\ntap by ${sender}: "${data.buttonText}" (button ${data.buttonId}) of menu ${data.stanzaId}`)
})

app.greenApi.on('incomingMessageReceived', (event) => {
  switch (event.name) {
    case 'textMessage':
    case 'extendedTextMessage':
    case 'quotedMessage':
      console.log(`\n${event.senderName} writes: ${event.data.text}`)
  }
})

app.greenApi.on('outgoingMessageStatus', ({ idMessage, data }) => {
  console.log(`\nmessage ${idMessage} is ${data.status}`)
})

app.greenApi.on('unrecognized', ({ reason, errors }) => {
  console.log('\nunrecognized:', reason, errors)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => { app.close() })
}

const address = await app.listen({ port, host: HOST })
console.log(`listening on ${address}, webhook at ${address}/green-api`)

if (GREEN_API_WEBHOOK_TOKEN === undefined) {
  console.log('GREEN_API_WEBHOOK_TOKEN is not set, so here are three notifications of my own:')
  await postAll(examples, `${address}/green-api`, token)
  console.log('\nwaiting for more; end with Ctrl+C')
}
