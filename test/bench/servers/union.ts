import { EventEmitter } from 'node:events'
import Fastify from 'fastify'
import { host, path } from '../request.ts'
import { Notification } from './notification.ts'
import { serve } from './serve.ts'

const app = Fastify()
const emitter = new EventEmitter()
let events = 0

for (const name of ['interactiveButtons', 'buttonReply', 'outgoingMessageStatus']) {
  emitter.on(name, () => { events++ })
}

app.post<{ Body: Notification }>(path, { schema: { body: Notification } }, (request, reply) => {
  emitter.emit(nameOf(request.body), request.body)
  reply.send()
})

function nameOf (notification: Notification): string {
  if (!('messageData' in notification)) return notification.typeWebhook
  switch (notification.messageData.typeMessage) {
    case 'interactiveButtonsReply':
    case 'interactiveButtonReply':
      return 'interactiveButtons'
    case 'interactiveButtonsResponse':
    case 'templateButtonsReplyMessage':
    case 'templateButtonReplyMessage':
    case 'buttonsResponseMessage':
    case 'listResponseMessage':
      return 'buttonReply'
    default:
      return notification.messageData.typeMessage
  }
}

await app.listen({ host, port: 0 })
serve(app.server, () => events)
