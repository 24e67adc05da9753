import type { FastifyInstance } from 'fastify'
import type { EmulatedInstance, TapOptions } from 'fastify-green-api/emulator'
import type { Underway } from './protocol.ts'

interface Tap {
  readonly idMessage: string
  readonly buttonId: string
  readonly device: NonNullable<TapOptions['device']>
}

interface Writing {
  readonly chatId: string
  readonly text: string
}

const text = { type: 'string', minLength: 1, maxLength: 20_000 }

/**
 * Adds the routes for the customer: write a text, tap a button, and send an unknown message type. A response contains
 * the message's id, so that the page can show the message before its notification arrives.
 */
export function customerRoutes (page: FastifyInstance, instance: EmulatedInstance): void {
  const textBody = body({ chatId: text, text })
  page.post<{ Body: Writing }>('/customer/text', { schema: { body: textBody } }, async ({ body: { chatId, text } }) => {
    const message = instance.build.textMessage({ text }, { chatId, sender: chatId })
    instance.receive(message)
    return underway(message)
  })

  const tapBody = body({ idMessage: text, buttonId: text, device: { enum: ['android', 'ios', 'web'] } })
  page.post<{ Body: Tap }>('/customer/tap', { schema: { body: tapBody } }, async ({ body }, reply) => {
    const { idMessage, buttonId, device } = body
    try {
      return underway(instance.tap(idMessage, buttonId, { device }))
    } catch (error) {
      return reply.code(409).send({ message: error instanceof Error ? error.message : String(error) })
    }
  })

  const hologram = { schema: { body: body({ chatId: text }) } }
  page.post<{ Body: Pick<Writing, 'chatId'> }>('/customer/hologram', hologram, async ({ body: { chatId } }) => {
    const message = instance.build.textMessage({}, { chatId, sender: chatId })
    instance.receive({ ...message, messageData: { typeMessage: 'hologramMessage' } })
    return {}
  })
}

function underway ({ idMessage, messageData: { typeMessage } }: ReturnType<EmulatedInstance['tap']>): Underway {
  return { idMessage, typeMessage }
}

function body (properties: Record<string, object>) {
  return { type: 'object', required: Object.keys(properties), properties }
}
