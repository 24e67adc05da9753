import type { FastifyInstance } from 'fastify'
import { Emulator } from 'fastify-green-api/emulator'
import { Api } from './api.ts'
import { webhookPath, type Behind } from './behind.ts'
import { customerRoutes } from './customer.ts'
import { ownQuery, Postings } from './postings.ts'

/** The speed of the emulator's clock: a minute between two attempts takes a second. */
const speed = 60

const customer = '4915550001234@c.us'

/** Uses the emulator, with a customer that the page controls, and a receiver that can be stopped. */
export function emulated (token: string): Behind {
  const emulator = new Emulator({
    clock: { speed },
    // About two thirds of a second for each status, so that a person can see it.
    statusDelay: 40_000,
    instances: [{ settings: { webhookUrlToken: token, delaySendMessagesMilliseconds: 25_000 } }]
  })
  const instance = emulator.instance()
  const postings = new Postings()
  let receiver: 'up' | 'down' = 'up'
  let lost = 0
  let onChange = () => {}

  return {
    options: { path: webhookPath, token },
    api: new Api(() => {
      const { idInstance, apiTokenInstance } = instance
      return { apiUrl: emulator.apiUrl, idInstance, apiTokenInstance }
    }),
    hello: { mode: 'emulated', receiving: 'posted', idInstance: instance.idInstance, chatId: customer, speed },
    state: () => ({
      now: emulator.clock.now(),
      receiver,
      queue: instance.queue.size,
      lost,
      deliveries: postings.latest
    }),

    knows: (event) => postings.knows(event),

    prepare (app, changed) {
      onChange = changed
      postings.watch(emulator, app, changed)
      emulator.on('expired', () => {
        lost++
        changed()
      })
      // A proxy answers 503 while a server is replaced.
      app.addHook('onRequest', async (request, reply) => {
        if (receiver === 'down' && request.routeOptions.url === webhookPath) return reply.code(503).send()
      })
      runBehind(app, emulator)
    },

    addRoutes (page) {
      const body = { type: 'object', required: ['up'], properties: { up: { type: 'boolean' } } }
      page.post<{ Body: { up: boolean } }>('/receiver', { schema: { body } }, async ({ body: { up } }) => {
        receiver = up ? 'up' : 'down'
        onChange()
        return { receiver }
      })
      customerRoutes(page, instance)
    }
  }
}

/** Starts the emulator when the server listens, and closes it before the server. */
function runBehind (app: FastifyInstance, emulator: Emulator): void {
  app.addHook('onListen', async () => {
    await emulator.listen()
    const webhookUrl = new URL(`${webhookPath}?${ownQuery}`, app.listeningOrigin).href
    await emulator.instance().applySettings({ webhookUrl })
  })
  app.addHook('preClose', async () => { await emulator.close() })
}
