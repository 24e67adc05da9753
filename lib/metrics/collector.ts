import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  channelNames, type DeliverMessage, type OutcomeMessage, type RecognizeMessage, type RecoverMessage,
  type UnauthorizedMessage
} from '../diagnostics/index.ts'
import type { GreenApiEmitter } from '../delivery/index.ts'
import type { Event, PollingStopped, Unrecognized } from '../events/index.ts'
import { labelValue, type Metrics } from './metrics.ts'

const recognized = `tracing:${channelNames.recognize}:end`
const delivered = `tracing:${channelNames.deliver}:asyncEnd`
const sent = `tracing:${channelNames.send}:asyncEnd`

/** Updates the metrics from the diagnostics messages of one emitter. */
export class MetricsCollector {
  readonly #emitter: GreenApiEmitter
  readonly #metrics: Metrics
  /** The last known sizes of GREEN-API's queues by instance. */
  readonly #queueSizes = new Map<string, number>()

  constructor (emitter: GreenApiEmitter, metrics: Metrics) {
    this.#emitter = emitter
    this.#metrics = metrics
  }

  start (): void {
    // A Sender belongs to no emitter: its calls are counted once for each registry.
    if (this.#metrics.emitters.size === 0) subscribe(sent, this.#metrics.onSent)
    this.#metrics.emitters.set(this.#emitter, this.#queueSizes)
    this.#emitter.on('pollingStopped', this.#onPollingStopped)
    subscribe(recognized, this.#onRecognized)
    subscribe(delivered, this.#onDelivered)
    subscribe(channelNames.outcome, this.#onOutcome)
    subscribe(channelNames.recover, this.#onRecovered)
    subscribe(channelNames.unauthorized, this.#onUnauthorized)
  }

  stop (): void {
    this.#metrics.emitters.delete(this.#emitter)
    if (this.#metrics.emitters.size === 0) unsubscribe(sent, this.#metrics.onSent)
    this.#emitter.off('pollingStopped', this.#onPollingStopped)
    unsubscribe(recognized, this.#onRecognized)
    unsubscribe(delivered, this.#onDelivered)
    unsubscribe(channelNames.outcome, this.#onOutcome)
    unsubscribe(channelNames.recover, this.#onRecovered)
    unsubscribe(channelNames.unauthorized, this.#onUnauthorized)
  }

  readonly #onPollingStopped = (stopped: PollingStopped): void => {
    this.#metrics.pollingStopped.inc(this.#metrics.instanceLabel(stopped))
  }

  readonly #onRecognized = (message: unknown): void => {
    // The channel has no other messages, and at the end of a recognition `event` is set.
    const { emitter, source, event } = message as Required<RecognizeMessage>
    if (emitter !== this.#emitter) return
    const { received, unrecognized, lag } = this.#metrics
    const instance = this.#metrics.instanceLabel(event)
    received.inc({ name: event.name, source, ...instance })
    this.#initializeDeadLetters(event)
    if (event.name === 'unrecognized') unrecognized.inc({ reason: labelValue(event.reason) })
    if (event.timestamp > 0) {
      // Never negative, even when the sender's clock is ahead.
      lag.observe({ source, ...instance }, Math.max(0, Date.now() / 1000 - event.timestamp))
    }
  }

  readonly #onDelivered = (message: unknown): void => {
    // The channel has no other messages, and at the end of an attempt `duration` is set.
    const { emitter, event, attempt, listeners, storedAt, duration, error } =
      message as DeliverMessage & { duration: number }
    if (emitter !== this.#emitter) return
    const { name } = event
    const result = error === undefined ? 'success' : 'failed'
    this.#metrics.delivery.observe({ name, result }, duration / 1000)
    if (listeners === 0) this.#metrics.unhandled.inc({ name })
    if (storedAt === undefined) return
    // An inbox may deliver a notification that another process received.
    this.#initializeDeadLetters(event)
    if (attempt === 1) {
      // Never negative, even when the clock of the replica that stored it is ahead.
      this.#metrics.inboxWait.observe(Math.max(0, Date.now() - duration - storedAt) / 1000)
    }
  }

  // Prometheus' `increase` does not see a counter that appears with the value 1, so an alert would miss the first
  // dead letter. This makes the counter appear with 0.
  #initializeDeadLetters (event: Event | Unrecognized): void {
    this.#countOutcome(event, 'dead-letter', 0)
  }

  readonly #onOutcome = (message: unknown): void => {
    // The channel has no other messages.
    const { emitter, event, outcome } = message as OutcomeMessage
    if (emitter === this.#emitter) this.#countOutcome(event, outcome, 1)
  }

  readonly #onRecovered = (message: unknown): void => {
    // The channel has no other messages.
    const { emitter, idInstance, queueSize, recovered } = message as RecoverMessage
    if (emitter !== this.#emitter) return
    const instance = this.#metrics.instanceLabel({ idInstance })
    for (const [name, count] of Object.entries(recovered)) this.#metrics.recovered.inc({ name, ...instance }, count)
    if (queueSize !== undefined) this.#queueSizes.set(idInstance, queueSize)
  }

  readonly #onUnauthorized = (message: unknown): void => {
    // The channel has no other messages.
    const { emitter } = message as UnauthorizedMessage
    if (emitter === this.#emitter) this.#metrics.unauthorized.inc()
  }

  #countOutcome (event: Event | Unrecognized, outcome: OutcomeMessage['outcome'], count: number): void {
    const { name, direction } = event
    const labels = {
      name,
      outcome: labelValue(outcome),
      ...direction !== undefined && { direction },
      ...this.#metrics.instanceLabel(event)
    }
    this.#metrics.outcomes.inc(labels, count)
  }
}
