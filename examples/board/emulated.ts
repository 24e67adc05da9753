import type { FastifyInstance } from 'fastify'
import { Emulator } from 'fastify-green-api/emulator'
import { Api } from './api.ts'
import { webhookPath, type Behind } from './behind.ts'
import { customerRoutes } from './customer.ts'
import { ownQuery, Postings } from './postings.ts'

/** How many seconds pass in one: the minute between two attempts takes a second. */
const speed = 60

/** Who writes with the shop. */
const customer = '4915550001234@c.us'

/** GREEN-API emulated: with a customer who does what the page says, and a receiver that can be taken down. */
export function emulated (token: string): Behind {
  const emulator = new Emulator({
    clock: { speed },
    // A person sees a message on its way: half a second for each step.
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
    api: new Api(() => ({ apiUrl: emulator.apiUrl, idInstance: instance.idInstance, apiTokenInstance: instance.apiTokenInstance })),
    hello: { mode: 'emulated', receiving: 'posted', idInstance: instance.idInstance, chatId: customer, speed },
    state: () => ({ now: emulator.clock.now(), receiver, queue: instance.queue.size, lost, deliveries: postings.latest }),

    knows: (event) => postings.knows(event),

    prepare (app, changed) {
      onChange = changed
      postings.watch(emulator, app, changed)
      emulator.on('expired', () => {
        lost++
        changed()
      })
      // As a proxy answers for a server that is being replaced.
      app.addHook('onRequest', async (request, reply) => {
        if (receiver === 'down' && request.routeOptions.url === webhookPath) return reply.code(503).send()
      })
      runBehind(app, emulator)
    },

    addRoutes (page) {
      page.post<{ Body: { up: boolean } }>('/receiver', { schema: { body: { type: 'object', required: ['up'], properties: { up: { type: 'boolean' } } } } }, async ({ body: { up } }) => {
        receiver = up ? 'up' : 'down'
        onChange()
        return { receiver }
      })
      customerRoutes(page, instance)
    }
  }
}

/** The emulator begins to post once there is somebody to post to, and ends before the server does. */
function runBehind (app: FastifyInstance, emulator: Emulator): void {
  app.addHook('onListen', async () => {
    await emulator.listen()
    await emulator.instance().applySettings({ webhookUrl: new URL(`${webhookPath}?${ownQuery}`, app.listeningOrigin).href })
  })
  app.addHook('preClose', async () => { await emulator.close() })
}
