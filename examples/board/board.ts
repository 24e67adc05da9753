import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import greenApi, { type Event, type Unrecognized } from 'fastify-green-api'
import { realAccount } from './account.ts'
import { emulated } from './emulated.ts'
import { makeGuard } from './guard.ts'
import { History } from './history.ts'
import { servePage } from './page.ts'
import type { Happening, Hello, MenuToSend, State } from './protocol.ts'
import type { Settings } from './settings.ts'
import { Shop } from './shop.ts'
import { Streams, toMessage } from './streams.ts'

/** Builds the board: a server with the plugin, the shop, and a page that shows their messages and events. */
export async function buildBoard (
  { account, webhookToken, host }: Omit<Settings, 'port'>,
  logger: FastifyServerOptions['logger'] = { level: 'warn' }
): Promise<FastifyInstance> {
  const app = Fastify({ logger })
  const behind = account === undefined
    ? emulated(webhookToken ?? 'example-token')
    : realAccount(account, webhookToken)
  const streams = new Streams()
  const history = new History()
  let stopped: string | undefined

  const publish = (happening: Happening) => {
    const { id, text } = history.add({ ...happening, at: Date.now() })
    streams.send(toMessage('entry', text, id))
  }
  const state = () => toMessage('state', JSON.stringify({ ...behind.state(), stopped } satisfies State))

  behind.prepare(app, () => { streams.send(state()) })
  await app.register(greenApi, behind.options)
  const shop = new Shop(app, behind.api, (sent) => { publish({ kind: 'sent', ...sent }) })
  for (const name of ['webhook', 'unrecognized'] as const) {
    app.greenApi.on(name, (event: Event | Unrecognized) => {
      publish({ kind: 'event', event, outside: !behind.knows(event) })
    })
  }
  app.greenApi.on('pollingStopped', ({ error }) => {
    stopped = error.message
    streams.send(state())
  })

  await app.register(async (page) => {
    page.addHook('onRequest', makeGuard(host))
    // Forms of other sites can send text/plain.
    page.removeContentTypeParser('text/plain')
    servePage(page)
    page.get<{ Querystring: { after?: string } }>('/events', ({ headers, query }, reply) => {
      const { fresh, entries } = history.since(String(headers['last-event-id'] ?? query.after ?? ''))
      const hello = JSON.stringify({ ...behind.hello, fresh } satisfies Hello)
      const past = entries.map(({ id, text }) => toMessage('entry', text, id))
      return streams.open(reply, [toMessage('hello', hello), ...past, state(), toMessage('live', '{}')])
    })
    page.post<{ Body: MenuToSend }>('/send', { schema: { body: menu } }, async ({ body }) => {
      return { idMessage: await shop.ask(body) }
    })
    behind.addRoutes(page)
  })
  app.addHook('preClose', async () => { streams.end() })
  return app
}

// GREEN-API validates the other members, so that the page shows GREEN-API's error messages.
const menu = {
  type: 'object',
  properties: { buttons: { type: 'array', items: { type: 'object' } } },
  required: ['buttons']
}
