import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { DirectDelivery, GreenApiEmitter, InboxDelivery, type NotificationHandler } from './delivery/index.ts'
import { InvalidOptionError } from './errors.ts'
import { webhookRoute } from './http/index.ts'
import { InboxControl, type Inbox } from './inbox/index.ts'
import { assertLogLevel, resolveOptions, type GreenApiOptions, type ResolvedOptions } from './options.ts'
import { createPollers, type PollingSource, type ResolvedPoll } from './polling/index.ts'
import type { RecoverySource } from './recovery/index.ts'
import { childLog } from './util/logging.ts'
import { settlesWithin } from './util/settles-within.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Emits GREEN-API's notifications as typed events. */
    greenApi: GreenApiEmitter
  }
}

const plugin: FastifyPluginAsync<GreenApiOptions> = async (app, options) => {
  const settings = resolveOptions(options)
  assertLogLevel(settings.logLevel, app.log)
  const { ignored } = settings
  if (ignored.length > 0) childLog(app, settings).info({ options: ignored }, 'ignored unknown options')
  const startRecovery = await loadRecovery(app, settings)
  const scope = Object.hasOwn(app, 'greenApi') ? scopeOf(app, settings) : await createScope(app, settings)
  const { handler, pollers } = scope
  const { route } = settings
  assertPolledOnce(pollers, settings)
  const isPolled = (instance: ResolvedPoll) => pollers.some((poller) => poller.polls(instance))
  pollers.push(...await createPollers(app, settings, handler, isPolled))
  startRecovery?.(scope)
  if (route !== undefined) await app.register(webhookRoute, { prefix: route.prefix, route, settings, handler })
}

/**
 * The type of the plugin for the compiler: it accepts any instance.
 *
 * With `FastifyPluginAsync`, TypeScript would compare two whole instance types at each `register()`, which
 * takes most of a second.
 */
type GreenApiPlugin = (instance: object, options: GreenApiOptions) => Promise<void>

/**
 * The Fastify plugin. It receives GREEN-API's notifications over a route, by polling, or both, and adds
 * `app.greenApi`, which emits them as typed events.
 *
 * @example
 * await app.register(greenApi, { token: process.env.GREEN_API_WEBHOOK_TOKEN })
 * app.greenApi.on('interactiveButtons', async (event) => { … })
 *
 * @throws {InvalidOptionError} while registering, if an option is wrong, or if its name is a typo
 * @throws {InboxError} while registering, if the inbox cannot be opened
 */
// See GreenApiPlugin.
export const greenApi = fp(plugin, { name: 'fastify-green-api', fastify: '5.x' }) as GreenApiPlugin

/** What the registrations of a scope share. */
interface Scope {
  readonly handler: NotificationHandler
  readonly inbox: Inbox | undefined
  /** The pollers of all registrations. */
  readonly pollers: PollingSource[]
  /** The recoveries of all registrations. */
  readonly recoveries: RecoverySource[]
}

const scopes = new WeakMap<GreenApiEmitter, Scope>()

async function createScope (app: FastifyInstance, settings: ResolvedOptions): Promise<Scope> {
  const { inbox } = settings
  const emitter = new GreenApiEmitter(inbox && new InboxControl(inbox))
  const handler = inbox === undefined
    ? new DirectDelivery(emitter)
    : await openInbox(app, emitter, inbox, settings)
  const scope: Scope = { handler, inbox, pollers: [], recoveries: [] }
  scopes.set(emitter, scope)
  app.decorate('greenApi', emitter)
  // During preClose, connections and everything that listeners use are still open. Fastify limits preClose
  // to pluginTimeout; onClose waits for the rest.
  const { pluginTimeout = 10_000 } = app.initialConfig
  app.addHook('preClose', async () => {
    await (pluginTimeout === 0 ? close(scope) : settlesWithin(close(scope), pluginTimeout * 0.9))
  })
  app.addHook('onClose', () => close(scope))
  return scope
}

// Pollers and handler close together: what a poller has already received is still delivered and deleted.
async function close ({ pollers, recoveries, handler }: Scope): Promise<void> {
  await Promise.all([...[...pollers, ...recoveries].map((source) => source.stop()), handler.close()])
}

/** Checks the option `recover`. Returns a function that adds its recoveries to a scope. */
async function loadRecovery (
  app: FastifyInstance, settings: ResolvedOptions
): Promise<((scope: Scope) => void) | undefined> {
  if (settings.recover === undefined) return undefined
  const { createRecoveries, resolveRecover } = await import('./recovery/index.ts')
  const recover = resolveRecover(settings.recover, settings.polls)
  return ({ handler, inbox, recoveries }) => {
    recoveries.push(...createRecoveries(app, { ...settings, recover }, handler, inbox))
  }
}

async function openInbox (
  app: FastifyInstance,
  emitter: GreenApiEmitter,
  inbox: Inbox,
  settings: ResolvedOptions
): Promise<NotificationHandler> {
  const delivery = new InboxDelivery(emitter, inbox, settings, childLog(app, settings))
  await delivery.open()
  // Stored notifications are delivered after all listeners of the application are registered.
  app.addHook('onReady', async () => { setImmediate(() => { delivery.start() }) })
  return delivery
}

// A function is called later: it checks its instances itself.
function assertPolledOnce (pollers: readonly PollingSource[], { polls }: ResolvedOptions): void {
  if (typeof polls === 'function') return
  const duplicate = polls.find((instance) => pollers.some((poller) => poller.polls(instance)))
  if (duplicate === undefined) return
  throw new InvalidOptionError(
    `poll has instance ${duplicate.idInstance}, which another registration in this scope polls: ` +
    'name it once, or each registration receives only some of its notifications'
  )
}

function scopeOf (app: FastifyInstance, { inbox }: ResolvedOptions): Scope {
  const scope = scopes.get(app.greenApi)
  if (scope === undefined) {
    throw new Error(
      'app.greenApi is not the decorator of fastify-green-api: ' +
      'remove the other decorator, or register in a separate scope'
    )
  }
  if (inbox !== undefined && inbox !== scope.inbox) {
    const state = scope.inbox === undefined ? 'was registered without an inbox' : 'already has an inbox'
    const fix = scope.inbox === undefined ? 'pass the inbox to its first registration' : 'pass the same one'
    throw new InvalidOptionError(`this scope ${state}: ${fix}, or register in a separate scope`)
  }
  return scope
}
