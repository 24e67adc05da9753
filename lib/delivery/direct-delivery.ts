import { setImmediate } from 'node:timers/promises'
import {
  SeenNotifications, failuresOf, isSettled, knownOrNextRevision, noteDuplicate, type SeenState
} from '../dedup/index.ts'
import { outcomeChannel, type OutcomeMessage } from '../diagnostics/index.ts'
import { withRevision } from '../recognition/index.ts'
import { logError } from '../util/logging.ts'
import { Attempt } from './attempt.ts'
import { callListenersTraced, type DeliveryError } from './call-listeners.ts'
import type { GreenApiEmitter } from './emitter.ts'
import { noteArrival, type IncomingNotification, type NotificationHandler } from './notification-handler.ts'
import { emitFailed, logUnhandled } from './report.ts'

/** A running attempt and its notification. */
interface RunningDelivery {
  readonly incoming: IncomingNotification
  readonly attempt: Attempt<boolean | Promise<boolean>>
}

/**
 * Delivers notifications to the listeners of an emitter before they are answered.
 *
 * Drops exact repeats, waits for the listeners up to a timeout, and makes a bounded number of attempts.
 * Where a method returns a boolean, it is whether the notification is acknowledged.
 */
export class DirectDelivery implements NotificationHandler {
  readonly emitter: GreenApiEmitter
  arrivals?: Map<string, number>
  readonly #seen = new SeenNotifications()
  /** The attempts whose listeners are running, by `event.id`. */
  readonly #running = new Map<string, RunningDelivery>()
  /** What `close` waits for. */
  readonly #pending = new Set<Promise<boolean>>()
  #closing = false

  constructor (emitter: GreenApiEmitter) {
    this.emitter = emitter
  }

  get closing (): boolean {
    return this.#closing
  }

  get rememberedSince (): number {
    return this.#seen.since
  }

  receive (incoming: IncomingNotification): boolean | Promise<boolean> {
    if (this.#closing) {
      this.#publishOutcome(incoming, 'shutting-down')
      return false
    }
    const { notification } = incoming
    const { event, identity, checksum } = notification
    const { onKnown } = incoming
    noteArrival(this.arrivals, event)

    const seen = this.#seen.get(identity)
    if (seen !== undefined && isSettled(seen, checksum)) {
      noteDuplicate(seen, checksum)
      if (onKnown === undefined) return this.#acknowledge(incoming, 'duplicate')
      onKnown()
      return true
    }

    // A lookup makes V8 build and hash the id, which is a concatenation so far. Skip it if nothing is running.
    const running = this.#running.size === 0 ? undefined : this.#running.get(event.id)
    if (running !== undefined) {
      const { checksum: other } = running.incoming.notification
      // A body that arrives while its message is recovered waits, because a second one may differ from it.
      const same = other === checksum || checksum === null
      if (same) onKnown?.()
      return this.#track(same ? this.#waitForRunning(running) : this.#waitForPrevious(running, incoming))
    }

    if (seen === undefined) return this.#attempt(incoming, undefined)
    const revision = knownOrNextRevision(seen, checksum)
    return this.#attempt({ ...incoming, notification: withRevision(notification, revision) }, seen)
  }

  async close (): Promise<void> {
    this.#closing = true
    await Promise.all(this.#pending)
    // Node writes an answer in the next tick. Fastify must not close its connection before.
    await setImmediate()
  }

  #track (acknowledged: Promise<boolean>): Promise<boolean> {
    this.#pending.add(acknowledged)
    return acknowledged.finally(() => { this.#pending.delete(acknowledged) })
  }

  #attempt (incoming: IncomingNotification, seen: SeenState | undefined): boolean | Promise<boolean> {
    const { notification, options: { timeout } } = incoming
    const { identity, checksum } = notification
    logUnhandled(this.emitter, notification, incoming.log)
    const errors: unknown[] = []
    const attempt = seen === undefined ? 1 : failuresOf(seen, checksum) + 1
    const result = callListenersTraced({ emitter: this.emitter, notification, errors, timeout, attempt })
    if (result instanceof Promise) {
      return this.#track(this.#waitForRunning(this.#start(incoming, errors, result)))
    }
    if (result === undefined && seen === undefined) {
      this.#seen.add(identity, checksum)
      return this.#acknowledge(incoming, 'delivered')
    }
    const acknowledged = this.#finish(result, incoming)
    return typeof acknowledged === 'boolean' ? acknowledged : this.#track(acknowledged)
  }

  #start (
    incoming: IncomingNotification,
    errors: readonly unknown[],
    result: Promise<DeliveryError>
  ): RunningDelivery {
    const { name, id } = incoming.notification.event
    const finished = result.then((error) => {
      const failedLate = attempt.late && error !== undefined
      if (failedLate) logError(incoming.log, 'warn', error, { name, id }, 'a listener failed after its timeout')
      if (attempt.over) return
      // A late failure was counted when the attempt timed out.
      this.#end(running, failedLate ? false : this.#finish(error, incoming))
    })
    const attempt = new Attempt<boolean | Promise<boolean>>(errors, finished, incoming.options.timeout, false)
    const running = { incoming, attempt }
    this.#running.set(id, running)
    return running
  }

  #end ({ incoming, attempt }: RunningDelivery, acknowledged: boolean | Promise<boolean>): void {
    attempt.over = true
    attempt.result = acknowledged
    this.#running.delete(incoming.notification.event.id)
  }

  async #waitForRunning (running: RunningDelivery): Promise<boolean> {
    await running.attempt.wait((error) => { this.#timeOut(running, error) })
    return running.attempt.result
  }

  /** Waits until the attempt with an earlier body is over, then delivers this one. */
  async #waitForPrevious (running: RunningDelivery, incoming: IncomingNotification): Promise<boolean> {
    await running.attempt.wait((error) => { this.#timeOut(running, error) })
    if (running.attempt.over) return this.receive(incoming)
    this.#publishOutcome(incoming, 'failed')
    return false
  }

  #timeOut (running: RunningDelivery, error: AggregateError): void {
    const acknowledged = this.#fail(error, running.incoming)
    // A dead letter does not hold back the next revision, even if its listeners are still running.
    if (acknowledged !== false) this.#end(running, acknowledged)
  }

  #finish (error: DeliveryError, incoming: IncomingNotification): boolean | Promise<boolean> {
    if (error !== undefined) return this.#fail(error, incoming)
    const { identity, checksum } = incoming.notification
    this.#seen.settle(identity, checksum)
    return this.#acknowledge(incoming, 'delivered')
  }

  #acknowledge (incoming: IncomingNotification, outcome: 'delivered' | 'duplicate'): true {
    const { name, id } = incoming.notification.event
    incoming.log.debug({ name, id, outcome }, 'notification handled')
    this.#publishOutcome(incoming, outcome)
    return true
  }

  #fail (error: AggregateError, incoming: IncomingNotification): false | Promise<true> {
    const { notification: { event, identity, checksum }, options, log } = incoming
    const { name, id } = event
    const attempts = this.#seen.fail(identity, checksum)
    if (attempts < options.attempts) {
      const fields = { name, id, attempts, outcome: 'failed' }
      const next = event.recovered === true ? 'recovery will try again' : 'GREEN-API will resend'
      logError(log, 'warn', error, fields, `delivery failed, ${next}`)
      this.#publishOutcome(incoming, 'failed', { error, attempts })
      return false
    }
    const fields = { name, id, attempts, outcome: 'dead-letter' }
    logError(log, 'error', error, fields, 'delivery failed, max attempts reached')
    this.#seen.settle(identity, checksum)
    return emitFailed(this.emitter, { name: 'failed', event, error, attempts }, options.timeout, log).then(() => {
      this.#publishOutcome(incoming, 'dead-letter', { error, attempts })
      return true
    })
  }

  #publishOutcome (
    { notification: { event } }: IncomingNotification,
    outcome: OutcomeMessage['outcome'],
    failure?: Pick<OutcomeMessage, 'error' | 'attempts'>
  ): void {
    if (!outcomeChannel.hasSubscribers) return
    outcomeChannel.publish({ emitter: this.emitter, event, outcome, ...failure } satisfies OutcomeMessage)
  }
}
