import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Delivery } from './delivery.ts'
import { GreenApiEmitter } from './emitter.ts'
import { inTime } from './in-time.ts'
import { resolveOptions, type GreenApiOptions } from './options.ts'
import type { Receiver } from './receiver.ts'
import { webhook } from './webhook.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where GREEN-API's notifications are listened to. */
    greenApi: GreenApiEmitter
  }
}

const plugin: FastifyPluginAsync<GreenApiOptions> = async (app, options) => {
  const settings = resolveOptions(options)
  const receiver = Object.hasOwn(app, 'greenApi') ? receiverOf(app) : decorate(app)
  await app.register(webhook, { prefix: settings.prefix, settings, receiver })
}

/**
 * What the plugin is to a compiler: any instance will do. As a `FastifyPluginAsync` it would have
 * the whole of two instance types compared wherever it is registered, which takes most of a second.
 */
type GreenApiPlugin = (instance: object, options: GreenApiOptions) => Promise<void>

/**
 * Adds a route that receives GREEN-API's notifications, and `greenApi`, an emitter of typed
 * events, to the Fastify instance.
 *
 * @example
 * await app.register(greenApi, { token: process.env.GREEN_API_WEBHOOK_TOKEN })
 * app.greenApi.on('interactiveButtons', async (event) => { … })
 *
 * @throws {InvalidOptionError} while registering, where an option is wrong
 */
export const greenApi = fp(plugin, { name: 'fastify-green-api', fastify: '5.x' }) as GreenApiPlugin

// The emitter, and what is remembered of its events, belong to the scope; a second
// registration in the same scope shares them.
const receivers = new WeakMap<GreenApiEmitter, Receiver>()

function decorate (app: FastifyInstance): Receiver {
  const emitter = new GreenApiEmitter()
  const receiver = new Delivery(emitter)
  receivers.set(emitter, receiver)
  app.decorate('greenApi', emitter)
  // Until preClose is over, connections stay open, and whatever else the listeners need. Fastify
  // lets it last no longer than a plugin may take to load; onClose waits for the rest.
  const { pluginTimeout = 10_000 } = app.initialConfig
  app.addHook('preClose', async () => {
    await (pluginTimeout === 0 ? receiver.close() : inTime(receiver.close(), pluginTimeout * 0.9))
  })
  app.addHook('onClose', () => receiver.close())
  return receiver
}

function receiverOf (app: FastifyInstance): Receiver {
  const receiver = receivers.get(app.greenApi)
  if (receiver === undefined) throw new Error('app.greenApi was decorated by something else: remove that decorator, or register fastify-green-api in a scope of its own')
  return receiver
}
