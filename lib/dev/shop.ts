import Fastify, { type FastifyInstance } from 'fastify'
import { greenApi } from '../plugin.ts'
import type { Sender } from '../sending/index.ts'

/** Builds the example shop: a server with the plugin that thanks for each tap. */
export async function buildShop (token: string, getSender: () => Sender): Promise<FastifyInstance> {
  const app = Fastify()
  await app.register(greenApi, { path: '/green-api', token })
  app.greenApi.on('buttonReply', async (tap) => {
    await getSender().reply(tap, `Thank you! We noted: “${tap.data.buttonText}”.`, { quote: true })
  })
  return app
}
