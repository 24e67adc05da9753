import Fastify, { type FastifyInstance } from 'fastify'
import type { Credentials } from '../green-api/index.ts'
import { greenApi } from '../plugin.ts'
import { sendMessage } from './send-message.ts'

/** Builds the example shop: a server with the plugin that thanks for each tap. */
export async function buildShop (token: string, credentials: () => Credentials): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(greenApi, { path: '/green-api', token })
  app.greenApi.on('buttonReply', async ({ chatId, direction, idMessage, data }) => {
    if (direction !== 'incoming') return
    const message = `Thank you! We noted: “${data.buttonText}”.`
    await sendMessage(credentials(), 'sendMessage', { chatId, message, quotedMessageId: idMessage })
  })
  return app
}
