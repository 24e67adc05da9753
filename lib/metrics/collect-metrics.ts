import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import { emitterOf } from '../delivery/index.ts'
import { MetricsCollector } from './collector.ts'
import { loadPromClient } from './prom-client.ts'
import { metricsIn, type MetricsRegistry } from './metrics.ts'

/** The options of `collectMetrics`. */
export interface MetricsOptions {
  /** The registry for the metrics. Default: `register`, the default registry of `prom-client`. */
  registry?: MetricsRegistry | undefined
  /** The beginning of each metric's name. Default: `'green_api_'`. */
  prefix?: string | undefined
  /**
   * Whether the metrics of received and recovered notifications, their lag, their outcomes, GREEN-API's queue and
   * stopped polling have the label `idInstance`. With it you see which instance has a growing queue. After 1000
   * instances the label of further ones is `other`. Default: `false`.
   */
  byInstance?: boolean | undefined
}

/** A Fastify instance with the plugin registered. */
export interface AppWithGreenApi {
  readonly greenApi: object
  /** Fastify's method. */
  addHook (name: 'onClose', hook: () => Promise<void>): unknown
}

/**
 * Counts the notifications of a Fastify instance in metrics of `prom-client`, until the instance is closed.
 *
 * The package `prom-client` must be installed. Call this after the plugin is registered and before the server
 * listens, once in each scope whose notifications should be counted. A second call for the same scope has no effect.
 * Scopes and servers with the same registry and prefix share their metrics.
 *
 * The calls of every `Sender` in the process are counted as well, once for each registry and prefix.
 *
 * Labels never contain message content: they are names of events, outcomes, directions and reasons, and with
 * `byInstance` the instance's id.
 *
 * @example
 * collectMetrics(app)
 * app.get('/metrics', async (request, reply) => {
 *   reply.type(register.contentType)
 *   return register.metrics()
 * })
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function collectMetrics (app: AppWithGreenApi, options: MetricsOptions = {}): void {
  assertKnownOptions(options, 'collectMetrics', ['registry', 'prefix', 'byInstance'])
  const { registry = loadPromClient().register, prefix = 'green_api_', byInstance = false } = options
  assertOption(
    typeof registry?.registerMetric === 'function',
    'registry must be a Registry of prom-client, such as its register'
  )
  assertOption(
    typeof prefix === 'string' && /^([a-z_:][\w:]*)?$/i.test(prefix),
    'prefix must be a valid beginning of a metric name, such as "green_api_"'
  )
  assertOption(typeof byInstance === 'boolean', 'byInstance must be true or false')
  const emitter = emitterOf(app)
  const metrics = metricsIn(registry, prefix, byInstance)
  if (metrics.emitters.has(emitter)) return
  const collector = new MetricsCollector(emitter, metrics)
  // addHook comes first: it throws when the server already listens, and then nothing must be counted.
  app.addHook('onClose', async () => { collector.stop() })
  collector.start()
}
