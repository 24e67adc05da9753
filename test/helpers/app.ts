import Fastify, {
  type FastifyInstance, type FastifyServerOptions, type InjectOptions, type RegisterOptions
} from 'fastify'
import greenApi, { type EventMap, type ListenableName, type WebhookOptions } from 'fastify-green-api'
import type { Test } from 'tap'
import { deepFreeze } from './deep-freeze.ts'

export const token = 'a-webhook-token'

/** Builds a Fastify server with the plugin. It closes when the test ends. */
export async function build (
  t: Test,
  options: Partial<WebhookOptions> & RegisterOptions = {},
  server: FastifyServerOptions = {}
): Promise<FastifyInstance> {
  // An inbox opens slowly on a busy machine.
  const app = Fastify({ pluginTimeout: 60_000, ...server })
  t.teardown(() => app.close())
  await app.register(greenApi, { token, ...options })
  return app
}

/** Posts a body with the correct token. Strings and buffers are sent unchanged, other values as JSON. */
export function post (app: FastifyInstance, body: unknown, options: InjectOptions = {}) {
  return app.inject({
    method: 'POST',
    url: '/green-api',
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    ...options,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8', ...options.headers }
  })
}

/** Collects all events that are emitted under a name. The events are frozen, so a change throws. */
export function collect<Name extends ListenableName> (
  app: Pick<FastifyInstance, 'greenApi'>,
  name: Name
): Array<EventMap[Name][0]> {
  const events: Array<EventMap[Name][0]> = []
  app.greenApi.on(name, (event) => { events.push(deepFreeze(event)) })
  return events
}

/** Returns the only item of a list. Throws if the list has another length. */
export function only<Item> (items: readonly Item[]): Item {
  const [item] = items
  if (items.length !== 1 || item === undefined) throw new Error(`expected one, found ${items.length}`)
  return item
}
