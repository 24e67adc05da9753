import { EventEmitter } from 'node:events'
import express from 'express'
import { host, path } from '../request.ts'
import { serve } from './serve.ts'

interface Body {
  typeWebhook: string
  messageData: { typeMessage: string }
}

const app = express()
const emitter = new EventEmitter()
let events = 0

for (const name of ['interactiveButtons', 'buttonReply', 'outgoingMessageStatus']) {
  emitter.on(name, () => { events++ })
}

app.use(express.json())

app.post(path, (request, response) => {
  const body: Body = request.body
  switch (body.typeWebhook) {
    case 'incomingMessageReceived':
    case 'outgoingMessageReceived':
    case 'outgoingAPIMessageReceived':
      switch (body.messageData.typeMessage) {
        case 'interactiveButtons':
        case 'interactiveButtonsReply':
        case 'interactiveButtonReply':
          emitter.emit('interactiveButtons', body)
          break
        case 'interactiveButtonsResponse':
        case 'templateButtonsReplyMessage':
        case 'templateButtonReplyMessage':
        case 'buttonsResponseMessage':
          emitter.emit('buttonReply', body)
          break
      }
      break
    case 'outgoingMessageStatus':
      emitter.emit('outgoingMessageStatus', body)
      break
  }
  response.status(200).end()
})

const server = app.listen(0, host, () => { serve(server, () => events) })
