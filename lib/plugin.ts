import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { childLog } from './util/child-log.ts'
import { DirectDelivery } from './delivery/direct-delivery.ts'
import { GreenApiEmitter } from './delivery/emitter.ts'
import { InvalidOptionError } from './errors.ts'
import { InboxControl } from './inbox/control.ts'
import type { Inbox } from './inbox/inbox.ts'
import { InboxDelivery } from './delivery/inbox-delivery.ts'
import { settlesWithin } from './util/settles-within.ts'
import { resolveOptions, type GreenApiOptions, type ResolvedOptions } from './options.ts'
import { createPollers } from './polling/create-pollers.ts'
import type { Poller } from './polling/poller.ts'
import type { NotificationHandler } from './delivery/receiver.ts'
import { webhookRoute } from './http/webhook-route.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where GREEN-API's notifications are listened to. */
    greenApi: GreenApiEmitter
  }
}

const plugin: FastifyPluginAsync<GreenApiOptions> = async (app, options) => {
  const settings = resolveOptions(options)
  const { receiver, pollers } = Object.hasOwn(app, 'greenApi') ? scopeOf(app, settings) : await decorate(app, settings)
  const { route } = settings
  checkPolls(pollers, settings)
  pollers.push(...createPollers(app, settings, receiver))
  if (route !== undefined) await app.register(webhookRoute, { prefix: route.prefix, route, settings, receiver })
}

/**
 * What the plugin is to a compiler: any instance will do. As a `FastifyPluginAsync` it would have
 * the whole of two instance types compared wherever it is registered, which takes most of a second.
 */
type GreenApiPlugin = (instance: object, options: GreenApiOptions) => Promise<void>

/**
 * Receives GREEN-API's notifications, over a route, by polling or both, and adds `greenApi`, an
 * emitter of typed events, to the Fastify instance.
 *
 * @example
 * await app.register(greenApi, { token: process.env.GREEN_API_WEBHOOK_TOKEN })
 * app.greenApi.on('interactiveButtons', async (event) => { … })
 *
 * @throws {InvalidOptionError} while registering, where an option is wrong
 */
export const greenApi = fp(plugin, { name: 'fastify-green-api', fastify: '5.x' }) as GreenApiPlugin

/** What a scope has, and its registrations share. */
interface Scope {
  readonly receiver: NotificationHandler
  readonly inbox: Inbox | undefined
  /** Those of all its registrations. */
  readonly pollers: Poller[]
}

// The emitter, and what is remembered of its events, belong to the scope; a second
// registration in the same scope shares them.
const scopes = new WeakMap<GreenApiEmitter, Scope>()

async function decorate (app: FastifyInstance, settings: ResolvedOptions): Promise<Scope> {
  const { inbox } = settings
  const emitter = new GreenApiEmitter(inbox && new InboxControl(inbox))
  const receiver = inbox === undefined ? new DirectDelivery(emitter) : await store(app, emitter, inbox, settings)
  const scope: Scope = { receiver, inbox, pollers: [] }
  scopes.set(emitter, scope)
  app.decorate('greenApi', emitter)
  // Until preClose is over, connections stay open, and whatever else the listeners need. Fastify
  // lets it last no longer than a plugin may take to load; onClose waits for the rest.
  const { pluginTimeout = 10_000 } = app.initialConfig
  app.addHook('preClose', async () => {
    await (pluginTimeout === 0 ? close(scope) : settlesWithin(close(scope), pluginTimeout * 0.9))
  })
  app.addHook('onClose', () => close(scope))
  return scope
}

// What a poller has received already is delivered, and deleted, while the receiver closes.
async function close ({ pollers, receiver }: Scope): Promise<void> {
  await Promise.all([...pollers.map((poller) => poller.stop()), receiver.close()])
}

async function store (app: FastifyInstance, emitter: GreenApiEmitter, inbox: Inbox, settings: ResolvedOptions): Promise<NotificationHandler> {
  const delivery = new InboxDelivery(emitter, inbox, settings, childLog(app, settings))
  await delivery.open()
  // What is stored already waits for the listeners of those who subscribe when the server is ready.
  app.addHook('onReady', async () => { setImmediate(() => { delivery.start() }) })
  return delivery
}

function checkPolls (pollers: readonly Poller[], { polls }: ResolvedOptions): void {
  const twice = polls.find((instance) => pollers.some((poller) => poller.polls(instance)))
  if (twice === undefined) return
  throw new InvalidOptionError(`poll has instance ${twice.idInstance}, which another registration in this scope polls: name it once, or its notifications are divided between the two`)
}

function scopeOf (app: FastifyInstance, { inbox }: ResolvedOptions): Scope {
  const scope = scopes.get(app.greenApi)
  if (scope === undefined) throw new Error('app.greenApi was decorated by something else: remove that decorator, or register fastify-green-api in a scope of its own')
  if (inbox !== undefined && inbox !== scope.inbox) {
    throw new InvalidOptionError('inbox is another one than that of the first registration in this scope: give it to that one, which all of the scope share, or register in a scope of its own')
  }
  return scope
}
