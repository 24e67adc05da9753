import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import { assertOption } from '../util/check-options.ts'
import { sizeOfAll } from './inbox-sizes.ts'

/** A registry of `prom-client`, in either of its formats. */
export type AnyRegistry = Registry | Registry<OpenMetricsContentType>

/** In seconds. GREEN-API tells times in whole seconds, and keeps notifications for a day. */
const lags = [1, 2, 5, 10, 30, 60, 300, 1800, 7200, 28_800, 86_400]

/** In seconds. GREEN-API waits for 180. */
const durations = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 150]

/** In seconds. What waits for its chat may wait until another one was given up. */
const waits = [0.005, 0.02, 0.1, 0.5, 1, 5, 30, 60, 300, 1800, 7200, 28_800, 86_400]

/** How many instances have a label of their own: bodies name them, and anybody may write one. */
const instancesAtMost = 1000

/** The metrics of one registry under one prefix. */
export class Metrics {
  /** Those whose notifications are counted. */
  readonly emitters = new Set<GreenApiEmitter>()
  /** Whether those of one instance are told from those of another. */
  readonly byInstance: boolean
  readonly #instances = new Set<string>()
  readonly received: Counter<'name' | 'source' | 'idInstance'>
  readonly unrecognized: Counter<'reason'>
  readonly lag: Histogram<'source' | 'idInstance'>
  readonly outcomes: Counter<'name' | 'outcome' | 'idInstance'>
  readonly unhandled: Counter<'name'>
  readonly delivery: Histogram<'name' | 'result'>
  readonly inboxWait: Histogram
  readonly unauthorized: Counter
  readonly pollingStopped: Counter<'idInstance'>

  constructor (registry: AnyRegistry, prefix: string, byInstance: boolean) {
    const { emitters } = this
    const registers = [registry]
    const instance = byInstance ? ['idInstance'] as const : []
    this.byInstance = byInstance
    this.received = new Counter({
      name: `${prefix}received_total`,
      help: 'Notifications that have arrived, by the name of their event and by how they came: route or poll',
      labelNames: ['name', 'source', ...instance],
      registers
    })
    this.unrecognized = new Counter({
      name: `${prefix}unrecognized_total`,
      help: 'Notifications that have arrived and could not be recognized, by why',
      labelNames: ['reason'],
      registers
    })
    this.lag = new Histogram({
      name: `${prefix}receive_lag_seconds`,
      help: 'From the timestamp of a notification to its arrival, redeliveries included, by how it came: route or poll',
      labelNames: ['source', ...instance],
      buckets: lags,
      registers
    })
    this.outcomes = new Counter({
      name: `${prefix}outcomes_total`,
      help: 'What became of notifications, by the name of their event: delivered, repeat, failed, given up, stored, not stored or closing',
      labelNames: ['name', 'outcome', ...instance],
      registers
    })
    this.unhandled = new Counter({
      name: `${prefix}unhandled_total`,
      help: 'Notifications that were delivered while nobody listened for them, by the name of their event',
      labelNames: ['name'],
      registers
    })
    this.delivery = new Histogram({
      name: `${prefix}delivery_duration_seconds`,
      help: 'How long the listeners took in an attempt, by the name of the event and by how it went: succeeded or failed',
      labelNames: ['name', 'result'],
      buckets: durations,
      registers
    })
    this.inboxWait = new Histogram({
      name: `${prefix}inbox_wait_seconds`,
      help: 'From the storing of a notification in the inbox to its first attempt',
      buckets: waits,
      registers
    })
    this.unauthorized = new Counter({
      name: `${prefix}unauthorized_total`,
      help: 'Requests that were answered 401, for they carried no token that speaks for the instance',
      registers
    })
    this.pollingStopped = new Counter({
      name: `${prefix}polling_stopped_total`,
      help: 'Instances whose polling has ended for good',
      labelNames: instance,
      registers
    })
    // Registered for each scrape to ask them; nobody else holds them.
    const gauges = [
      ['pendingCount', 'inbox_pending', 'Notifications that wait in the inbox, those at work and between two attempts included'],
      ['deadLetterCount', 'inbox_dead_letters', 'Notifications that the inbox has given up, and that were neither sent again nor discarded']
    ] as const
    for (const [size, name, help] of gauges) {
      new Gauge({
        name: `${prefix}${name}`,
        help: `${help}; absent without an inbox and while it does not answer`,
        registers,
        async collect () {
          const told = await sizeOfAll(emitters, size)
          if (told === undefined) this.remove()
          else this.set(told)
        }
      }).remove()
    }
  }

  /** The label that tells whose something is, where that is wanted: no more of them than there can be instances, whatever bodies say. */
  labelOf ({ idInstance }: { readonly idInstance: string }): { idInstance?: string } {
    if (!this.byInstance) return {}
    if (!/^\d{1,20}$/.test(idInstance)) return { idInstance: '' }
    if (this.#instances.size < instancesAtMost) this.#instances.add(idInstance)
    return { idInstance: this.#instances.has(idInstance) ? idInstance : 'other' }
  }
}

/** A literal of the API as a label value: Prometheus uses snake_case. */
export function labelValue (literal: string): string {
  return literal.replaceAll('-', '_')
}

/** By registry and prefix. */
const made = new WeakMap<AnyRegistry, Map<string, Metrics>>()

/**
 * The metrics of this registry under this prefix, made and registered if they are not.
 *
 * @throws {InvalidOptionError} where they are there with other labels
 */
export function metricsIn (registry: AnyRegistry, prefix: string, byInstance: boolean): Metrics {
  const byPrefix = made.get(registry) ?? new Map<string, Metrics>()
  made.set(registry, byPrefix)
  const known = byPrefix.get(prefix)
  // A registry may have been cleared.
  if (known !== undefined && registry.getSingleMetric(`${prefix}outcomes_total`) === known.outcomes) {
    assertOption(known.byInstance === byInstance, 'byInstance must be the same for all that share a registry and a prefix')
    return known
  }
  const metrics = new Metrics(registry, prefix, byInstance)
  byPrefix.set(prefix, metrics)
  return metrics
}
