import type { Counter, Gauge, Histogram, OpenMetricsContentType, Registry } from 'prom-client'
import type { GreenApiEmitter } from '../delivery/index.ts'
import type { SendMessage } from '../diagnostics/index.ts'
import { isSendMethod } from '../green-api/index.ts'
import { assertOption } from '../util/check-options.ts'
import { sumInboxCounts } from './inbox-sizes.ts'
import { loadPromClient } from './prom-client.ts'

/** A registry of `prom-client`, for either of its text formats. */
export type MetricsRegistry = Registry | Registry<OpenMetricsContentType>

/** GREEN-API's timestamps are whole seconds, and it keeps notifications for a day. */
const lagBucketsSeconds = [1, 2, 5, 10, 30, 60, 300, 1800, 7200, 28_800, 86_400]

/** GREEN-API waits 180 s for an answer. */
const durationBucketsSeconds = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 150]

/** A notification may wait until an earlier one of its chat has failed all its attempts. */
const waitBucketsSeconds = [0.005, 0.02, 0.1, 0.5, 1, 5, 30, 60, 300, 1800, 7200, 28_800, 86_400]

/** How many instances get their own label. The limit is needed because a sender can write any id into a body. */
const maxInstanceLabels = 1000

/** The metrics of one registry with one prefix. */
export class Metrics {
  /** The emitters whose notifications are counted, and the sizes of GREEN-API's queues by instance. */
  readonly emitters = new Map<GreenApiEmitter, ReadonlyMap<string, number>>()
  readonly byInstance: boolean
  readonly #labeledInstances = new Set<string>()
  readonly received: Counter<'name' | 'source' | 'idInstance'>
  readonly unrecognized: Counter<'reason'>
  readonly lag: Histogram<'source' | 'idInstance'>
  readonly outcomes: Counter<'name' | 'outcome' | 'direction' | 'idInstance'>
  readonly recovered: Counter<'name' | 'idInstance'>
  readonly unhandled: Counter<'name'>
  readonly delivery: Histogram<'name' | 'result'>
  readonly inboxWait: Histogram
  readonly unauthorized: Counter
  readonly pollingStopped: Counter<'idInstance'>
  readonly sending: Histogram<'method' | 'result'>

  constructor (registry: MetricsRegistry, prefix: string, byInstance: boolean) {
    const { Counter, Gauge, Histogram } = loadPromClient()
    const { emitters } = this
    const registers = [registry]
    const instance = byInstance ? ['idInstance'] as const : []
    this.byInstance = byInstance
    this.received = new Counter({
      name: `${prefix}received_total`,
      help: 'Notifications received, including redeliveries, by event name and source (route or poll)',
      labelNames: ['name', 'source', ...instance],
      registers
    })
    this.unrecognized = new Counter({
      name: `${prefix}unrecognized_total`,
      help: 'Received notifications that were not recognized, by reason',
      labelNames: ['reason'],
      registers
    })
    this.lag = new Histogram({
      name: `${prefix}receive_lag_seconds`,
      help: "Time from a notification's timestamp until it was received, including redeliveries, by source",
      labelNames: ['source', ...instance],
      buckets: lagBucketsSeconds,
      registers
    })
    this.outcomes = new Counter({
      name: `${prefix}outcomes_total`,
      help: 'Outcomes of notifications, by event name, outcome ' +
        '(delivered, duplicate, failed, dead_letter, stored, not_stored or shutting_down), ' +
        'and direction of messages (incoming or outgoing)',
      labelNames: ['name', 'outcome', 'direction', ...instance],
      registers
    })
    this.recovered = new Counter({
      name: `${prefix}recovered_total`,
      help: 'Messages and calls that no notification brought and recovery found in the journals, by event name',
      labelNames: ['name', ...instance],
      registers
    })
    this.unhandled = new Counter({
      name: `${prefix}unhandled_total`,
      help: 'Notifications delivered without a listener, by event name',
      labelNames: ['name'],
      registers
    })
    this.delivery = new Histogram({
      name: `${prefix}delivery_duration_seconds`,
      help: 'Duration of one delivery attempt, by event name and result (success or failed)',
      labelNames: ['name', 'result'],
      buckets: durationBucketsSeconds,
      registers
    })
    this.inboxWait = new Histogram({
      name: `${prefix}inbox_wait_seconds`,
      help: 'Time from storing a notification in the inbox until its first delivery attempt',
      buckets: waitBucketsSeconds,
      registers
    })
    this.unauthorized = new Counter({
      name: `${prefix}unauthorized_total`,
      help: 'Requests rejected with 401',
      registers
    })
    this.pollingStopped = new Counter({
      name: `${prefix}polling_stopped_total`,
      help: 'Instances whose polling stopped until the next restart',
      labelNames: instance,
      registers
    })
    this.sending = new Histogram({
      name: `${prefix}send_duration_seconds`,
      help: 'Duration of one call of a Sender with its waiting and retries, by method and result ' +
        '(success, failed, or uncertain: the message may have been sent)',
      labelNames: ['method', 'result'],
      buckets: durationBucketsSeconds,
      registers
    })
    const { instanceLabel } = this
    const queueSize: Gauge<'idInstance'> = new Gauge({
      name: `${prefix}queue_size`,
      help: "Notifications in GREEN-API's queue at the beginning of the last pass of recovery; absent without recovery",
      labelNames: instance,
      registers,
      collect () {
        queueSize.reset()
        // Without labels, reset() sets the gauge to 0.
        queueSize.remove({})
        for (const sizes of emitters.values()) {
          for (const [idInstance, size] of sizes) queueSize.inc(instanceLabel({ idInstance }), size)
        }
      }
    })
    const gauges = [
      ['pendingCount', 'inbox_pending', 'Notifications in the inbox that are not delivered yet'],
      ['deadLetterCount', 'inbox_dead_letters', 'Dead letters in the inbox']
    ] as const
    for (const [method, name, help] of gauges) {
      const gauge = new Gauge({
        name: `${prefix}${name}`,
        help: `${help}; absent without an inbox and when the inbox does not answer`,
        registers,
        async collect () {
          const count = await sumInboxCounts(emitters.keys(), method)
          if (count === undefined) this.remove()
          else this.set(count)
        }
      })
      // A new gauge has the value 0. This one is absent until it is collected.
      gauge.remove()
    }
  }

  /** Observes a `SendMessage` at the end of a call. It is the same function each time, so that it can unsubscribe. */
  readonly onSent = (message: unknown): void => {
    // The channel has no other messages, and at the end of a call `duration` is set.
    const { method, duration, error } = message as SendMessage & { duration: number }
    const uncertain = error !== undefined && Reflect.get(Object(error), 'mayHaveBeenSent') === true
    const result = error === undefined ? 'success' : uncertain ? 'uncertain' : 'failed'
    // An application can call any method by its name.
    this.sending.observe({ method: isSendMethod(method) ? method : 'other', result }, duration / 1000)
  }

  /** Returns the label `idInstance` with `byInstance`, otherwise no label. */
  readonly instanceLabel = ({ idInstance }: { readonly idInstance: string }): { idInstance?: string } => {
    if (!this.byInstance) return {}
    if (!/^\d{1,20}$/.test(idInstance)) return { idInstance: '' }
    if (this.#labeledInstances.size < maxInstanceLabels) this.#labeledInstances.add(idInstance)
    return { idInstance: this.#labeledInstances.has(idInstance) ? idInstance : 'other' }
  }
}

/** Converts a literal of the API to a label value: Prometheus uses snake_case. */
export function labelValue (literal: string): string {
  return literal.replaceAll('-', '_')
}

/** The metrics created so far, by registry and prefix. */
const created = new WeakMap<MetricsRegistry, Map<string, Metrics>>()

/**
 * Returns the metrics of a registry with a prefix. Creates and registers them on the first call.
 *
 * @throws {InvalidOptionError} when they exist with another `byInstance`
 */
export function metricsIn (registry: MetricsRegistry, prefix: string, byInstance: boolean): Metrics {
  const byPrefix = created.get(registry) ?? new Map<string, Metrics>()
  created.set(registry, byPrefix)
  const existing = byPrefix.get(prefix)
  // After registry.clear() the metrics must be created again.
  if (existing !== undefined && registry.getSingleMetric(`${prefix}outcomes_total`) === existing.outcomes) {
    assertOption(
      existing.byInstance === byInstance,
      'byInstance must be the same in all calls with the same registry and prefix'
    )
    return existing
  }
  const metrics = new Metrics(registry, prefix, byInstance)
  byPrefix.set(prefix, metrics)
  return metrics
}
