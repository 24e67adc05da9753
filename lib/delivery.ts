import { setImmediate } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { Attempt, type Verdict } from './attempt.ts'
import type { GreenApiEmitter, Outcome } from './emitter.ts'
import { ListenerTimeoutError } from './errors.ts'
import type { Failed } from './events.ts'
import { Identities, isSettled, revisionOf } from './identities.ts'
import { inTime } from './in-time.ts'
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
    const { event, checksum } = task.notification

    const running = this.#running.get(event.id)
    if (running !== undefined) {
      return this.#await(running.checksum === checksum ? this.#join(running, task) : this.#follow(running, task))
    }

    const memory = this.#identities.recall(event.id)
    if (memory !== undefined) {
      if (isSettled(memory, checksum)) return this.#pass(task, 'repeat')
      Object.assign(event, { revision: revisionOf(memory, checksum) })
    }
    return this.#attempt(task, memory === undefined)
  }

  /** Turns newcomers away, and waits for what is under way, each no longer than its time. */
  async close (): Promise<void> {
    this.#closing = true
    await Promise.all(this.#awaited)
    // Node writes an answer in the tick after it was given; a connection closed before loses it.
    await setImmediate()
  }

  /** Calls the listeners; `first` where nothing is remembered of the notification's identity. */
  #attempt (task: Task, first: boolean): Verdict | Promise<Verdict> {
    const { event, names, checksum } = task.notification
    if (event.name === 'unrecognized' && this.#emitter.listenerCount('unrecognized') === 0) {
      task.log.warn({ id: event.id, reason: event.reason, errors: event.errors }, 'unrecognized notification, and nobody listens for these')
    }
    const errors: unknown[] = []
    const outcome = this.#emitter.deliver(names, event, errors)
    if (outcome instanceof Promise) {
      const attempt = new Attempt(checksum, errors)
      this.#run(attempt, outcome, task)
      return this.#await(this.#join(attempt, task))
    }
    if (outcome === undefined && first) {
      this.#identities.add(event.id, checksum)
      return this.#pass(task, 'delivered')
    }
    const verdict = this.#conclude(outcome, task)
    return typeof verdict === 'boolean' ? verdict : this.#await(verdict)
  }

  #await (verdict: Promise<Verdict>): Promise<Verdict> {
    this.#awaited.add(verdict)
    return verdict.finally(() => { this.#awaited.delete(verdict) })
  }

  #run (attempt: Attempt, outcome: Promise<Outcome>, task: Task): void {
    const { id } = task.notification.event
    this.#running.set(id, attempt)
    outcome.then((error) => {
      if (attempt.late && error !== undefined) task.log.warn({ err: error, id }, 'listeners failed after the time to wait for them was over')
      if (attempt.over) return
      this.#running.delete(id)
      // What came too late was counted as a failure when its time was over.
      attempt.finish(attempt.late && error !== undefined ? false : this.#conclude(error, task))
    })
  }

  /** Waits for an attempt, be it one's own or the one that a repeat found at work. */
  async #join (attempt: Attempt, task: Task): Promise<Verdict> {
    const { timeout } = task.terms
    if (await inTime(attempt.finished, timeout)) return attempt.verdict
    attempt.late = true
    const verdict = this.#fail(timedOut(timeout, attempt.errors), task)
    if (verdict !== false) {
      // Given up: nobody waits for these listeners any more, and they hold back no successor.
      this.#running.delete(task.notification.event.id)
      attempt.finish(verdict)
    }
    return verdict
  }

  /** Waits until the attempt with an earlier body is over, then delivers this one. */
  async #follow (attempt: Attempt, task: Task): Promise<Verdict> {
    const { timeout } = task.terms
    const arrival = performance.now()
    if (!await inTime(attempt.finished, timeout)) return this.#fail(timedOut(timeout), task)
    // The sender's patience began with the arrival.
    const left = Math.max(1, Math.round(timeout - (performance.now() - arrival)))
    return this.deliver({ ...task, terms: { ...task.terms, timeout: left } })
  }

  #conclude (error: Outcome, task: Task): Verdict | Promise<Verdict> {
    if (error !== undefined) return this.#fail(error, task)
    const { event, checksum } = task.notification
    this.#identities.settle(event.id, checksum)
    return this.#pass(task, 'delivered')
  }

  #pass (task: Task, outcome: string): true {
    const { name, id } = task.notification.event
    task.log.debug({ type: name, id, outcome }, 'notification')
    return true
  }

  #fail (error: AggregateError, task: Task): false | Promise<true> {
    const { event, checksum } = task.notification
    const attempts = this.#identities.fail(event.id, checksum)
    if (attempts >= task.terms.attempts) return this.#giveUp({ name: 'failed', event, error, attempts }, task)
    task.log.warn({ err: error, type: event.name, id: event.id, outcome: 'failed', attempts }, 'notification failed, to be sent again')
    return false
  }

  async #giveUp (failed: Failed, task: Task): Promise<true> {
    const { event, error: err, attempts } = failed
    this.#identities.settle(event.id, task.notification.checksum)
    task.log.error({ err, type: event.name, id: event.id, outcome: 'given up', attempts }, 'notification given up')
    const reported = Promise.resolve(this.#emitter.deliver(['failed'], failed)).then((error) => {
      if (error !== undefined) task.log.error({ err: error, id: event.id }, 'listeners of failed have failed')
    })
    const { timeout } = task.terms
    if (!await inTime(reported, timeout)) task.log.error({ err: new ListenerTimeoutError(timeout), id: event.id }, 'listeners of failed are still at work')
    return true
  }
}

function timedOut (timeout: number, errors: readonly unknown[] = []): AggregateError {
  const error = new ListenerTimeoutError(timeout)
  return new AggregateError([...errors, error], error.message)
}
