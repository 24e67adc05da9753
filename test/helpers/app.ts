import Fastify, { type FastifyInstance, type FastifyServerOptions, type InjectOptions, type RegisterOptions } from 'fastify'
import greenApi, { type EventMap, type ListenableName, type WebhookOptions } from 'fastify-green-api'
import type { Test } from 'tap'
import { deepFreeze } from './deep-freeze.ts'

export const token = 'a-webhook-token'

/** A Fastify server with the plugin, closed when the test ends. */
export async function build (t: Test, options: Partial<WebhookOptions> & RegisterOptions = {}, server: FastifyServerOptions = {}): Promise<FastifyInstance> {
  // On a busy machine an inbox takes its time to open.
  const app = Fastify({ pluginTimeout: 60_000, ...server })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, ...options })
  return app
}

/** Posts a body, a string as it is and anything else as JSON, with the right token. */
export function post (app: FastifyInstance, body: unknown, options: InjectOptions = {}) {
  return app.inject({
    method: 'POST',
    url: '/green-api',
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    ...options,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8', ...options.headers }
  })
}

/** Everything that arrives under a name, as it arrives. The events are frozen: changing one throws. */
export function collect<Name extends ListenableName> (app: Pick<FastifyInstance, 'greenApi'>, name: Name): Array<EventMap[Name][0]> {
  const events: Array<EventMap[Name][0]> = []
  app.greenApi.on(name, (event) => { events.push(deepFreeze(event)) })
  return events
}

/** The only item of a list that has one. */
export function only<Item> (items: readonly Item[]): Item {
  const [item] = items
  if (items.length !== 1 || item === undefined) throw new Error(`expected one, found ${items.length}`)
  return item
}
