import { register } from 'prom-client'
import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import { emitterOf } from '../delivery/emitter.ts'
import { MetricsCollector } from './collector.ts'
import { metricsIn, type AnyRegistry } from './metrics.ts'

/** Where metrics are registered, and under which names. */
export interface MetricsOptions {
  /** Default: `register` of `prom-client`, which it calls its default registry. */
  registry?: AnyRegistry | undefined
  /** What their names begin with. Default: `'green_api_'`. */
  prefix?: string | undefined
  /**
   * Whether what arrives, its lag and its outcomes, and polling that stops, have a label
   * `idInstance`, so that one instance whose queue waits is seen among others. Beyond 1000 instances
   * it is `other`. Default: `false`.
   */
  byInstance?: boolean | undefined
}

/** A Fastify instance, of whatever server and logger, with the plugin. */
export interface Measurable {
  readonly greenApi: object
  /** As Fastify's. */
  addHook (name: 'onClose', hook: () => Promise<void>): unknown
}

/**
 * Registers metrics of `prom-client`, and counts in them what becomes of the notifications of this
 * instance until it is closed. The package `prom-client` is to be installed beside this one.
 *
 * To be called after the plugin is registered and before the server listens; in each scope that is
 * to be counted. Scopes, and servers, that share a registry and a prefix add up. To call it twice
 * changes nothing. The labels are names of events, outcomes and reasons, and ids of instances where that is
 * wanted, never another text of a body.
 *
 * @example
 * collectMetrics(app)
 * app.get('/metrics', async (request, reply) => {
 *   reply.type(register.contentType)
 *   return register.metrics()
 * })
 *
 * @throws {InvalidOptionError} where an option is wrong
 */
export function collectMetrics (app: Measurable, options: MetricsOptions = {}): void {
  assertKnownOptions(options, 'collectMetrics', ['registry', 'prefix', 'byInstance'])
  const { registry = register, prefix = 'green_api_', byInstance = false } = options
  assertOption(typeof registry?.registerMetric === 'function', 'registry must be a Registry of prom-client, such as its register')
  assertOption(typeof prefix === 'string' && /^([a-z_:][\w:]*)?$/i.test(prefix), 'prefix must be what the name of a metric can begin with, such as "green_api_"')
  assertOption(typeof byInstance === 'boolean', 'byInstance must be true or false')
  const emitter = emitterOf(app)
  const metrics = metricsIn(registry, prefix, byInstance)
  if (metrics.emitters.has(emitter)) return
  const count = new MetricsCollector(emitter, metrics)
  // First, since it throws where it is too late.
  app.addHook('onClose', async () => { count.end() })
  count.begin()
}
