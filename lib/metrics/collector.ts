import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { channelNames } from '../diagnostics/channels.ts'
import type { DeliverMessage, OutcomeMessage, RecognizeMessage, UnauthorizedMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { Event, PollingStopped, Unrecognized } from '../events/event-map.ts'
import { labelValue, type Metrics } from './metrics.ts'

const recognized = `tracing:${channelNames.recognize}:end`
const delivered = `tracing:${channelNames.deliver}:asyncEnd`

type RecognizedEvent = Event | Unrecognized

/** Counts in metrics what the channels tell of an emitter, from `begin` to `end`. */
export class MetricsCollector {
  readonly #emitter: GreenApiEmitter
  readonly #metrics: Metrics

  constructor (emitter: GreenApiEmitter, metrics: Metrics) {
    this.#emitter = emitter
    this.#metrics = metrics
  }

  begin (): void {
    this.#metrics.emitters.add(this.#emitter)
    this.#emitter.on('pollingStopped', this.#onStopped)
    subscribe(recognized, this.#onRecognized)
    subscribe(delivered, this.#onDelivered)
    subscribe(channelNames.outcome, this.#onOutcome)
    subscribe(channelNames.unauthorized, this.#onRefusal)
  }

  end (): void {
    this.#metrics.emitters.delete(this.#emitter)
    this.#emitter.off('pollingStopped', this.#onStopped)
    unsubscribe(recognized, this.#onRecognized)
    unsubscribe(delivered, this.#onDelivered)
    unsubscribe(channelNames.outcome, this.#onOutcome)
    unsubscribe(channelNames.unauthorized, this.#onRefusal)
  }

  readonly #onStopped = (stopped: PollingStopped): void => { this.#metrics.pollingStopped.inc(this.#metrics.labelOf(stopped)) }

  readonly #onRecognized = (message: unknown): void => {
    // The channels carry nothing else; at its end a recognition has its event.
    const { emitter, source, event } = message as Required<RecognizeMessage>
    if (emitter !== this.#emitter) return
    const { received, unrecognized, lag } = this.#metrics
    const instance = this.#metrics.labelOf(event)
    received.inc({ name: event.name, source, ...instance })
    this.#beginGivenUp(event)
    if (event.name === 'unrecognized') unrecognized.inc({ reason: labelValue(event.reason) })
    // 0 where the body has none; a clock that is ahead of ours would make it negative.
    if (event.timestamp > 0) lag.observe({ source, ...instance }, Math.max(0, Date.now() / 1000 - event.timestamp))
  }

  readonly #onDelivered = (message: unknown): void => {
    // At its end an attempt has a duration.
    const { emitter, event, attempt, listeners, storedAt, duration, error } = message as DeliverMessage & { duration: number }
    if (emitter !== this.#emitter) return
    // What an inbox delivers may have arrived before this process began.
    if (storedAt !== undefined) this.#beginGivenUp(event)
    this.#metrics.delivery.observe({ name: event.name, result: error === undefined ? 'success' : 'failed' }, duration / 1000)
    if (listeners === 0) this.#metrics.unhandled.inc({ name: event.name })
    // The clock of the replica that has stored it may be ahead of ours.
    if (storedAt !== undefined && attempt === 1) this.#metrics.inboxWait.observe(Math.max(0, Date.now() - duration - storedAt) / 1000)
  }

  // What begins with 1 is no increase to Prometheus: an alarm would miss the first one.
  #beginGivenUp (event: RecognizedEvent): void {
    this.#metrics.outcomes.inc({ name: event.name, outcome: labelValue('dead-letter'), ...this.#metrics.labelOf(event) }, 0)
  }

  readonly #onOutcome = (message: unknown): void => {
    const { emitter, event, outcome } = message as OutcomeMessage
    if (emitter === this.#emitter) this.#metrics.outcomes.inc({ name: event.name, outcome: labelValue(outcome), ...this.#metrics.labelOf(event) })
  }

  readonly #onRefusal = (message: unknown): void => {
    const { emitter } = message as UnauthorizedMessage
    if (emitter === this.#emitter) this.#metrics.unauthorized.inc()
  }
}
