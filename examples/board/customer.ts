import type { FastifyInstance } from 'fastify'
import type { EmulatedInstance, TapOptions } from 'fastify-green-api/emulator'
import type { Underway } from './protocol.ts'

interface Tap {
  readonly idMessage: string
  readonly buttonId: string
  readonly device: NonNullable<TapOptions['device']>
}

/** A text of the customer's, and in which chat. */
interface Writing {
  readonly chatId: string
  readonly text: string
}

const text = { type: 'string', minLength: 1, maxLength: 20_000 }

/**
 * What the customer does, through the page: writes, taps, and sends something that nobody knows yet.
 * The answer names the message, so that the page can show it before a notification tells of it.
 */
export function customerRoutes (page: FastifyInstance, instance: EmulatedInstance): void {
  page.post<{ Body: Writing }>('/customer/text', { schema: { body: body({ chatId: text, text }) } }, async ({ body: { chatId, text } }) => {
    const message = instance.build.textMessage({ text }, { chatId, sender: chatId })
    instance.receive(message)
    return underway(message)
  })

  page.post<{ Body: Tap }>('/customer/tap', { schema: { body: body({ idMessage: text, buttonId: text, device: { enum: ['android', 'ios', 'web'] } }) } }, async ({ body: { idMessage, buttonId, device } }, reply) => {
    try {
      return underway(instance.tap(idMessage, buttonId, { device }))
    } catch (error) {
      return reply.code(409).send({ message: error instanceof Error ? error.message : String(error) })
    }
  })

  page.post<{ Body: Pick<Writing, 'chatId'> }>('/customer/hologram', { schema: { body: body({ chatId: text }) } }, async ({ body: { chatId } }) => {
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
