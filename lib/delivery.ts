import { setImmediate } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { Attempt, type Verdict } from './attempt.ts'
import type { GreenApiEmitter, Outcome } from './emitter.ts'
import { ListenerTimeoutError } from './errors.ts'
import type { Failed } from './events.ts'
import { Identities, isSettled, revisionOf } from './identities.ts'
import { inTime } from './in-time.ts'
import { logError } from './log-error.ts'
import type { Notification } from './recognize.ts'

/** How a registration wants its notifications delivered. */
export interface Terms {
  /** In milliseconds: how long an attempt waits for its listeners. */
  readonly timeout: number
  /** How often a notification is tried before it is given up. */
  readonly attempts: number
}

/** A notification to be delivered, on whose terms, and where to write how it went. */
export interface Task {
  readonly notification: Notification
  readonly terms: Terms
  readonly log: FastifyBaseLogger
}

/**
 * Delivers notifications to the listeners of one emitter: once each, in time, and a bounded
 * number of times.
 */
export class Delivery {
  readonly #emitter: GreenApiEmitter
  readonly #identities = new Identities()
  /** The attempts whose listeners are still at work, by the identity of what they deliver. */
  readonly #running = new Map<string, Attempt>()
  /** The verdicts that somebody is waiting for. */
  readonly #awaited = new Set<Promise<Verdict>>()
  #closing = false

  constructor (emitter: GreenApiEmitter) {
    this.#emitter = emitter
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
  deliver (task: Task): Verdict | Promise<Verdict> {
    if (this.#closing) return false
    const { event, identity, checksum } = task.notification

    const memory = this.#identities.recall(identity)
    if (memory !== undefined && isSettled(memory, checksum)) return this.#pass(task, 'repeat')

    // Where nothing is running, the id need not even be put together.
    const running = this.#running.size === 0 ? undefined : this.#running.get(event.id)
    if (running !== undefined) {
      const same = running.task.notification.checksum === checksum
      return this.#await(same ? this.#join(running) : this.#follow(running, task))
    }

    if (memory !== undefined) Object.assign(event, { revision: revisionOf(memory, checksum) })
    return this.#attempt(task, memory === undefined)
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

  /** Calls the listeners; `first` where nothing is remembered of the notification's identity. */
  #attempt (task: Task, first: boolean): Verdict | Promise<Verdict> {
    const { event, names, identity, checksum } = task.notification
    if (event.name === 'unrecognized' && this.#emitter.listenerCount('unrecognized') === 0) {
      task.log.warn({ id: event.id, reason: event.reason, errors: event.errors }, 'unrecognized notification, and nobody listens for these')
    }
    const errors: unknown[] = []
    const outcome = this.#emitter.deliver(names, event, errors)
    if (outcome instanceof Promise) return this.#await(this.#join(this.#run(task, errors, outcome)))
    if (outcome === undefined && first) {
      this.#identities.add(identity, checksum)
      return this.#pass(task, 'delivered')
    }
    const verdict = this.#conclude(outcome, task)
    return typeof verdict === 'boolean' ? verdict : this.#await(verdict)
  }

  #run (task: Task, errors: readonly unknown[], outcome: Promise<Outcome>): Attempt {
    const { id } = task.notification.event
    const attempt = new Attempt(task, errors, outcome.then((error) => {
      if (attempt.late && error !== undefined) logError(task.log, 'warn', error, { id }, 'listeners failed after the time to wait for them was over')
      if (attempt.over) return
      // What failed too late was counted when its time was over.
      this.#end(attempt, attempt.late && error !== undefined ? false : this.#conclude(error, task))
    }))
    this.#running.set(id, attempt)
    return attempt
  }

  #end (attempt: Attempt, verdict: Verdict | Promise<Verdict>): void {
    attempt.over = true
    attempt.verdict = verdict
    this.#running.delete(attempt.task.notification.event.id)
  }

  /** Waits for an attempt, be it one's own or the one that a repeat found at work. */
  async #join (attempt: Attempt): Promise<Verdict> {
    await attempt.wait(() => { this.#expire(attempt) })
    return attempt.verdict
  }

  /** Waits until the attempt with an earlier body is over, then delivers this one. */
  async #follow (attempt: Attempt, task: Task): Promise<Verdict> {
    await attempt.wait(() => { this.#expire(attempt) })
    return attempt.over ? this.deliver(task) : false
  }

  #expire (attempt: Attempt): void {
    const { task, errors } = attempt
    const error = new ListenerTimeoutError(task.terms.timeout)
    attempt.late = true
    const verdict = this.#fail(new AggregateError([...errors, error], error.message), task)
    // Given up, it holds back no successor, whatever its listeners still do.
    if (verdict !== false) this.#end(attempt, verdict)
  }

  #conclude (error: Outcome, task: Task): Verdict | Promise<Verdict> {
    if (error !== undefined) return this.#fail(error, task)
    const { identity, checksum } = task.notification
    this.#identities.settle(identity, checksum)
    return this.#pass(task, 'delivered')
  }

  #pass (task: Task, outcome: 'delivered' | 'repeat'): true {
    const { name, id } = task.notification.event
    task.log.debug({ type: name, id, outcome }, 'notification')
    return true
  }

  #fail (error: AggregateError, task: Task): false | Promise<true> {
    const { event, identity, checksum } = task.notification
    const attempts = this.#identities.fail(identity, checksum)
    const fields = { type: event.name, id: event.id, attempts }
    if (attempts < task.terms.attempts) {
      logError(task.log, 'warn', error, { ...fields, outcome: 'failed' }, 'notification failed, to be sent again')
      return false
    }
    logError(task.log, 'error', error, { ...fields, outcome: 'given up' }, 'notification given up')
    this.#identities.settle(identity, checksum)
    return this.#report({ name: 'failed', event, error, attempts }, task)
  }

  async #report (failed: Failed, { terms: { timeout }, log }: Task): Promise<true> {
    const { id } = failed.event
    const reported = Promise.resolve(this.#emitter.deliver(['failed'], failed)).then((error) => {
      if (error !== undefined) logError(log, 'error', error, { id }, 'listeners of failed have failed')
    })
    if (!await inTime(reported, timeout)) logError(log, 'error', new ListenerTimeoutError(timeout), { id }, 'listeners of failed are still at work')
    return true
  }
}
