import { setImmediate } from 'node:timers/promises'
import { Attempt } from './attempt.ts'
import { announceOutcome } from '../diagnostics/announce.ts'
import { callListeners } from './call-listeners.ts'
import { outcomeChannel } from '../diagnostics/channels.ts'
import type { OutcomeMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter, DeliveryError } from './emitter.ts'
import { failuresOf, SeenNotifications, isSettled, revisionOf, type SeenState } from '../dedup/seen-notifications.ts'
import { logError } from '../util/logging.ts'
import type { NotificationHandler, IncomingNotification, Verdict } from './receiver.ts'
import { emitFailed, logUnhandled } from './report.ts'

/** An attempt, and what it delivers. */
interface Running {
  readonly task: IncomingNotification
  readonly attempt: Attempt<Verdict | Promise<Verdict>>
}

/**
 * Delivers notifications to the listeners of one emitter before they are answered: once each, in
 * time, and a bounded number of times.
 */
export class DirectDelivery implements NotificationHandler {
  readonly emitter: GreenApiEmitter
  readonly #identities = new SeenNotifications()
  /** The attempts whose listeners are still at work, by the identity of what they deliver. */
  readonly #running = new Map<string, Running>()
  /** The verdicts that somebody is waiting for. */
  readonly #awaited = new Set<Promise<Verdict>>()
  #closing = false

  constructor (emitter: GreenApiEmitter) {
    this.emitter = emitter
  }

  /** Whether newcomers are turned away. */
  get closing (): boolean {
    return this.#closing
  }

  /**
   * Delivers a notification, unless that was done before.
   *
   * Never throws and never rejects. A promise only where there is something to wait for.
   */
  receive (task: IncomingNotification): Verdict | Promise<Verdict> {
    if (this.#closing) {
      this.#publishOutcome(task, 'shutting-down')
      return false
    }
    const { event, identity, checksum } = task.notification

    const memory = this.#identities.get(identity)
    if (memory !== undefined && isSettled(memory, checksum)) return this.#settle(task, 'duplicate')

    // Where nothing is running, the id need not even be put together.
    const running = this.#running.size === 0 ? undefined : this.#running.get(event.id)
    if (running !== undefined) {
      const same = running.task.notification.checksum === checksum
      return this.#await(same ? this.#waitForRunning(running) : this.#waitForPrevious(running, task))
    }

    if (memory !== undefined) Object.assign(event, { revision: revisionOf(memory, checksum) })
    return this.#attempt(task, memory)
  }

  /** Turns newcomers away, and waits for what is under way, each no longer than its time. */
  async close (): Promise<void> {
    this.#closing = true
    await Promise.all(this.#awaited)
    // Node writes an answer in the tick after it was given; a connection closed before loses it.
    await setImmediate()
  }

  #await (verdict: Promise<Verdict>): Promise<Verdict> {
    this.#awaited.add(verdict)
    return verdict.finally(() => { this.#awaited.delete(verdict) })
  }

  /** Calls the listeners; `memory` is what is remembered of the notification's identity. */
  #attempt (task: IncomingNotification, memory: SeenState | undefined): Verdict | Promise<Verdict> {
    const { notification, terms: { timeout } } = task
    const { identity, checksum } = notification
    logUnhandled(this.emitter, notification, task.log)
    const errors: unknown[] = []
    const attempt = memory === undefined ? 1 : failuresOf(memory, checksum) + 1
    const outcome = callListeners({ emitter: this.emitter, notification, errors, timeout, attempt })
    if (outcome instanceof Promise) return this.#await(this.#waitForRunning(this.#run(task, errors, outcome)))
    if (outcome === undefined && memory === undefined) {
      this.#identities.add(identity, checksum)
      return this.#settle(task, 'delivered')
    }
    const verdict = this.#conclude(outcome, task)
    return typeof verdict === 'boolean' ? verdict : this.#await(verdict)
  }

  #run (task: IncomingNotification, errors: readonly unknown[], outcome: Promise<DeliveryError>): Running {
    const { id } = task.notification.event
    const finished = outcome.then((error) => {
      if (attempt.late && error !== undefined) logError(task.log, 'warn', error, { id }, 'listeners failed after the time to wait for them was over')
      if (attempt.over) return
      // What failed too late was counted when its time was over.
      this.#end(running, attempt.late && error !== undefined ? false : this.#conclude(error, task))
    })
    const attempt = new Attempt<Verdict | Promise<Verdict>>(errors, finished, task.terms.timeout, false)
    const running = { task, attempt }
    this.#running.set(id, running)
    return running
  }

  #end ({ task, attempt }: Running, verdict: Verdict | Promise<Verdict>): void {
    attempt.over = true
    attempt.result = verdict
    this.#running.delete(task.notification.event.id)
  }

  /** Waits for an attempt, be it one's own or the one that a repeat found at work. */
  async #waitForRunning (running: Running): Promise<Verdict> {
    await running.attempt.wait((error) => { this.#expire(running, error) })
    return running.attempt.result
  }

  /** Waits until the attempt with an earlier body is over, then delivers this one. */
  async #waitForPrevious (running: Running, task: IncomingNotification): Promise<Verdict> {
    await running.attempt.wait((error) => { this.#expire(running, error) })
    if (running.attempt.over) return this.receive(task)
    this.#publishOutcome(task, 'failed')
    return false
  }

  #expire (running: Running, error: AggregateError): void {
    const verdict = this.#fail(error, running.task)
    // Given up, it holds back no successor, whatever its listeners still do.
    if (verdict !== false) this.#end(running, verdict)
  }

  #conclude (error: DeliveryError, task: IncomingNotification): Verdict | Promise<Verdict> {
    if (error !== undefined) return this.#fail(error, task)
    const { identity, checksum } = task.notification
    this.#identities.settle(identity, checksum)
    return this.#settle(task, 'delivered')
  }

  #settle (task: IncomingNotification, outcome: 'delivered' | 'duplicate'): true {
    const { name, id } = task.notification.event
    task.log.debug({ name, id, outcome }, 'notification')
    this.#publishOutcome(task, outcome)
    return true
  }

  #fail (error: AggregateError, task: IncomingNotification): false | Promise<true> {
    const { event, identity, checksum } = task.notification
    const attempts = this.#identities.fail(identity, checksum)
    const fields = { name: event.name, id: event.id, attempts }
    if (attempts < task.terms.attempts) {
      logError(task.log, 'warn', error, { ...fields, outcome: 'failed' }, 'notification failed, to be sent again')
      this.#publishOutcome(task, 'failed', { error, attempts })
      return false
    }
    logError(task.log, 'error', error, { ...fields, outcome: 'dead-letter' }, 'notification given up')
    this.#identities.settle(identity, checksum)
    return emitFailed(this.emitter, { name: 'failed', event, error, attempts }, task.terms.timeout, task.log).then(() => {
      this.#publishOutcome(task, 'dead-letter', { error, attempts })
      return true
    })
  }

  #publishOutcome ({ notification }: IncomingNotification, outcome: OutcomeMessage['outcome'], failure?: { error: AggregateError, attempts: number }): void {
    if (outcomeChannel.hasSubscribers) announceOutcome({ emitter: this.emitter, event: notification.event, outcome, ...failure })
  }
}
