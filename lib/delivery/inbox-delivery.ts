import { setImmediate } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { Attempt } from './attempt.ts'
import { announceOutcome } from '../diagnostics/announce.ts'
import { callListeners } from './call-listeners.ts'
import { outcomeChannel } from '../diagnostics/channels.ts'
import type { OutcomeMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter, DeliveryError } from './emitter.ts'
import { settlesWithin } from '../util/settles-within.ts'
import { logError } from '../util/logging.ts'
import { errorMessage } from '../util/error-message.ts'
import type { NotificationHandler, IncomingNotification, DeliveryOptions, Verdict } from './receiver.ts'
import { emitFailed, logUnhandled } from './report.ts'
import { toEntry, toNotification } from '../inbox/entry.ts'
import type { DueEntry, Inbox, InboxEntry, DeliveryHandler, StoredEntry } from '../inbox/inbox.ts'

/** How many attempts that succeeded late are kept for their next one, should that come to another process. */
const lateKept = 1000

/**
 * Stores notifications in an inbox before they are answered, and delivers to the listeners of one
 * emitter what the inbox has stored.
 */
export class InboxDelivery implements NotificationHandler, DeliveryHandler {
  readonly log: FastifyBaseLogger
  readonly emitter: GreenApiEmitter
  readonly #inbox: Inbox
  readonly #terms: DeliveryOptions
  /** Attempts at work, and those that have succeeded after the time to wait for them, until the next one asks. */
  readonly #attempts = new Map<string, Attempt<DeliveryError>>()
  /** How many are being stored, and whom to tell when none is. */
  #arriving = 0
  #stored = () => {}
  #closed: Promise<void> | undefined

  constructor (emitter: GreenApiEmitter, inbox: Inbox, terms: DeliveryOptions, log: FastifyBaseLogger) {
    this.emitter = emitter
    this.#inbox = inbox
    this.#terms = terms
    this.log = log
  }

  get attempts (): number {
    return this.#terms.attempts
  }

  /** Whether newcomers are turned away. */
  get closing (): boolean {
    return this.#closed !== undefined
  }

  receive ({ notification, body, log }: IncomingNotification): Verdict | Promise<Verdict> {
    // What waits for the disk should not keep all of the event in memory meanwhile.
    const event = outcomeChannel.hasSubscribers ? notification.event : undefined
    if (this.closing) {
      this.#publishOutcome(event, 'shutting-down')
      return false
    }
    const { name, id } = notification.event
    this.#arriving++
    return this.#add(toEntry(notification, body)).then((stored) => {
      log.debug({ name, id, outcome: stored ? 'stored' : 'duplicate' }, 'notification')
      this.#publishOutcome(event, stored ? 'stored' : 'duplicate')
      return this.#answer(true)
    }, (error: unknown) => {
      logError(log, 'error', error, { name, id, outcome: 'not-stored' }, 'notification could not be stored, to be sent again')
      this.#publishOutcome(event, 'not-stored', { error })
      return this.#answer(false)
    })
  }

  // An inbox of somebody else's may throw where it should reject.
  #add (entry: InboxEntry): Promise<boolean> {
    try {
      return Promise.resolve(this.#inbox.add(entry))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #answer (verdict: Verdict): Verdict {
    this.#arriving--
    if (this.#arriving === 0) this.#stored()
    return verdict
  }

  async deliver (entry: DueEntry): Promise<void> {
    const error = await this.#attempt(entry)
    if (error !== undefined) {
      logError(this.log, 'warn', error, { name: entry.name, id: entry.key, attempts: entry.attempt, outcome: 'failed' }, 'notification failed')
      // The last attempt is told of as given up.
      if (this.attempts > 1) this.#publishEntryOutcome(entry, 'failed', { error, attempts: entry.attempt })
      throw error
    }
    this.log.debug({ name: entry.name, id: entry.key, outcome: 'delivered' }, 'notification')
    this.#publishEntryOutcome(entry, 'delivered')
  }

  #attempt (entry: DueEntry): DeliveryError | Promise<DeliveryError> {
    const key = `${entry.key} ${entry.revision}`
    const running = this.#attempts.get(key)
    if (running !== undefined) return this.#wait(running, key)

    const notification = toNotification(entry)
    logUnhandled(this.emitter, notification, this.log)
    const errors: unknown[] = []
    const { attempt: number, storedAt } = entry
    const outcome = callListeners({ emitter: this.emitter, notification, errors, timeout: this.#terms.timeout, attempt: number, storedAt })
    if (!(outcome instanceof Promise)) return outcome
    const attempt = new Attempt<DeliveryError>(errors, outcome.then((error) => {
      attempt.over = true
      attempt.result = error
      if (!attempt.late || error === undefined) return
      // It was counted when its time was over; the next attempt begins anew.
      this.#attempts.delete(key)
      logError(this.log, 'warn', error, { name: entry.name, id: entry.key }, 'listeners failed after the time to wait for them was over')
    }), this.#terms.timeout, undefined)
    this.#attempts.set(key, attempt)
    return this.#wait(attempt, key)
  }

  async #wait (attempt: Attempt<DeliveryError>, key: string): Promise<DeliveryError> {
    let result: DeliveryError
    await attempt.wait((error) => { result = error })
    if (attempt.over) {
      this.#attempts.delete(key)
      return attempt.result
    }
    this.#forgetLate()
    return result
  }

  // Their next attempt may have come to another process.
  #forgetLate (): void {
    for (const [key, { over }] of this.#attempts) {
      if (this.#attempts.size <= lateKept) break
      if (over) this.#attempts.delete(key)
    }
  }

  async onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void> {
    this.#attempts.delete(`${entry.key} ${entry.revision}`)
    logError(this.log, 'error', error, { name: entry.name, id: entry.key, attempts, outcome: 'dead-letter' }, 'notification given up')
    const { event } = toNotification(entry)
    const failed = { name: 'failed' as const, event, error: error instanceof AggregateError ? error : new AggregateError([error], errorMessage(error)), attempts }
    await emitFailed(this.emitter, failed, this.#terms.timeout, this.log)
    this.#publishOutcome(event, 'dead-letter', { error, attempts })
  }

  #publishEntryOutcome (entry: StoredEntry, outcome: OutcomeMessage['outcome'], failure?: { error: unknown, attempts: number }): void {
    if (outcomeChannel.hasSubscribers) this.#publishOutcome(toNotification(entry).event, outcome, failure)
  }

  #publishOutcome (event: OutcomeMessage['event'] | undefined, outcome: OutcomeMessage['outcome'], failure?: { error: unknown, attempts?: number }): void {
    if (event !== undefined && outcomeChannel.hasSubscribers) announceOutcome({ emitter: this.emitter, event, outcome, ...failure })
  }

  /** Opens the inbox. */
  open (): Promise<void> {
    return this.#inbox.open(this)
  }

  /** Begins to deliver, unless it is over already. */
  start (): void {
    if (this.closing) return
    try {
      this.#inbox.start()
    } catch (error) {
      logError(this.log, 'error', error, {}, 'the inbox does not deliver')
    }
  }

  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    const stored = this.#arriving === 0 ? undefined : settlesWithin(new Promise<void>((resolve) => { this.#stored = resolve }), this.#terms.timeout)
    try {
      await Promise.all([stored, this.#inbox.close(this.#terms.timeout)])
    } catch (error) {
      logError(this.log, 'error', error, {}, 'the inbox could not be closed')
    }
    // Node writes an answer in the tick after it was given; a connection closed before loses it.
    await setImmediate()
  }
}
