import { setImmediate } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { outcomeChannel, type OutcomeMessage } from '../diagnostics/index.ts'
import type { Failed } from '../events/index.ts'
import {
  toEntry, toNotification, type DeliveryHandler, type DueEntry, type Inbox, type InboxEntry, type StoredEntry
} from '../inbox/index.ts'
import type { RecognizedNotification } from '../recognition/index.ts'
import { errorMessage } from '../util/error-message.ts'
import { logError } from '../util/logging.ts'
import { settlesWithin } from '../util/settles-within.ts'
import { Attempt } from './attempt.ts'
import { callListenersTraced, type DeliveryError } from './call-listeners.ts'
import type { GreenApiEmitter } from './emitter.ts'
import {
  noteArrival, type DeliveryOptions, type IncomingNotification, type NotificationHandler
} from './notification-handler.ts'
import { emitFailed, logUnhandled } from './report.ts'

/** How many deliveries are kept for a next call that may never come, because another process gets it. */
const maxKept = 1000

/** A running attempt and its notification. */
interface RunningDelivery {
  readonly notification: RecognizedNotification
  readonly attempt: Attempt<DeliveryError>
}

/** Stores notifications in an inbox before they are answered, and delivers what the inbox has stored. */
export class InboxDelivery implements NotificationHandler, DeliveryHandler {
  readonly log: FastifyBaseLogger
  readonly emitter: GreenApiEmitter
  readonly rememberedSince = 0
  arrivals?: Map<string, number>
  readonly #inbox: Inbox
  readonly #options: DeliveryOptions
  /** Running attempts, and those that succeeded after their timeout, until the next attempt asks for them. */
  readonly #running = new Map<string, RunningDelivery>()
  /** Notifications whose last attempt failed, until `onDeadLetter` asks for them. */
  readonly #failed = new Map<string, RecognizedNotification>()
  /** How many notifications are being stored. */
  #storing = 0
  #onStored = () => {}
  #closed: Promise<void> | undefined

  constructor (emitter: GreenApiEmitter, inbox: Inbox, options: DeliveryOptions, log: FastifyBaseLogger) {
    this.emitter = emitter
    this.#inbox = inbox
    this.#options = options
    this.log = log
  }

  get attempts (): number {
    return this.#options.attempts
  }

  get closing (): boolean {
    return this.#closed !== undefined
  }

  receive ({ notification, body, log, onKnown }: IncomingNotification): boolean | Promise<boolean> {
    // While the inbox stores the entry, do not hold the event in memory if nobody needs it.
    const event = outcomeChannel.hasSubscribers ? notification.event : undefined
    if (this.closing) {
      this.#publishOutcome(event, 'shutting-down')
      return false
    }
    noteArrival(this.arrivals, notification.event)
    const { name, id } = notification.event
    this.#storing++
    return this.#add(toEntry(notification, body)).then((stored) => {
      if (!stored && onKnown !== undefined) {
        onKnown()
        return true
      }
      const outcome = stored ? 'stored' : 'duplicate'
      log.debug({ name, id, outcome }, 'notification handled')
      this.#publishOutcome(event, outcome)
      return true
    }, (error: unknown) => {
      const next = notification.event.recovered === true ? 'recovery will try again' : 'GREEN-API will resend'
      logError(log, 'error', error, { name, id, outcome: 'not-stored' }, `inbox write failed, ${next}`)
      this.#publishOutcome(event, 'not-stored', { error })
      return false
    }).finally(() => {
      this.#storing--
      if (this.#storing === 0) this.#onStored()
    })
  }

  // Async, because an inbox that is not ours may throw, or return a boolean.
  async #add (entry: InboxEntry): Promise<boolean> {
    return await this.#inbox.add(entry)
  }

  async deliver (entry: DueEntry): Promise<void> {
    const key = keyFor(entry)
    const running = this.#running.get(key)
    const notification = running?.notification ?? toNotification(entry)
    const error = running === undefined
      ? await this.#attempt(entry, notification, key)
      : await this.#wait(running, key)

    const { event } = notification
    const { name, id } = event
    const { attempt: attempts } = entry
    if (error === undefined) {
      this.log.debug({ name, id, outcome: 'delivered' }, 'notification handled')
      this.#publishOutcome(event, 'delivered')
      return
    }
    logError(this.log, 'warn', error, { name, id, attempts, outcome: 'failed' }, 'delivery failed')
    // The last attempt is published as a dead letter only.
    if (this.attempts > 1) this.#publishOutcome(event, 'failed', { error, attempts })
    if (attempts >= this.attempts) this.#keepFailed(key, notification)
    throw error
  }

  #attempt (
    { attempt: number, storedAt }: DueEntry,
    notification: RecognizedNotification,
    key: string
  ): DeliveryError | Promise<DeliveryError> {
    const { emitter } = this
    const { timeout } = this.#options
    logUnhandled(emitter, notification, this.log)
    const errors: unknown[] = []
    const result = callListenersTraced({ emitter, notification, errors, timeout, attempt: number, storedAt })
    if (!(result instanceof Promise)) return result

    const finished = result.then((error) => {
      attempt.over = true
      attempt.result = error
      if (!attempt.late || error === undefined) return
      // The failure was counted when the attempt timed out. The next attempt calls the listeners again.
      this.#running.delete(key)
      const { name, id } = notification.event
      logError(this.log, 'warn', error, { name, id }, 'a listener failed after its timeout')
    })
    const attempt = new Attempt<DeliveryError>(errors, finished, timeout, undefined)
    const running = { notification, attempt }
    this.#running.set(key, running)
    return this.#wait(running, key)
  }

  async #wait ({ attempt }: RunningDelivery, key: string): Promise<DeliveryError> {
    let timeoutError: DeliveryError
    await attempt.wait((error) => { timeoutError = error })
    if (attempt.over) {
      this.#running.delete(key)
      return attempt.result
    }
    this.#dropFinished()
    return timeoutError
  }

  #dropFinished (): void {
    for (const [key, { attempt }] of this.#running) {
      if (this.#running.size <= maxKept) break
      if (attempt.over) this.#running.delete(key)
    }
  }

  #keepFailed (key: string, notification: RecognizedNotification): void {
    this.#failed.set(key, notification)
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > maxKept && oldest !== undefined) this.#failed.delete(oldest)
  }

  async onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void> {
    const key = keyFor(entry)
    // Another process may have made the last attempt.
    const { event } = this.#failed.get(key) ?? toNotification(entry)
    this.#failed.delete(key)
    this.#running.delete(key)
    const { name, id } = event
    const fields = { name, id, attempts, outcome: 'dead-letter' }
    logError(this.log, 'error', error, fields, 'delivery failed, max attempts reached')
    const failed: Failed = { name: 'failed', event, error: toAggregateError(error), attempts }
    await emitFailed(this.emitter, failed, this.#options.timeout, this.log)
    this.#publishOutcome(event, 'dead-letter', { error, attempts })
  }

  #publishOutcome (
    event: OutcomeMessage['event'] | undefined,
    outcome: OutcomeMessage['outcome'],
    failure?: Pick<OutcomeMessage, 'error' | 'attempts'>
  ): void {
    if (event === undefined || !outcomeChannel.hasSubscribers) return
    outcomeChannel.publish({ emitter: this.emitter, event, outcome, ...failure } satisfies OutcomeMessage)
  }

  /** Opens the inbox. */
  open (): Promise<void> {
    return this.#inbox.open(this)
  }

  /** Starts to deliver, unless the server is closing already. */
  start (): void {
    if (this.closing) return
    try {
      this.#inbox.start()
    } catch (error) {
      logError(this.log, 'error', error, {}, 'inbox start failed')
    }
  }

  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    const { timeout } = this.#options
    const stored = new Promise<void>((resolve) => {
      if (this.#storing === 0) resolve()
      else this.#onStored = resolve
    })
    try {
      await Promise.all([settlesWithin(stored, timeout), this.#inbox.close(timeout)])
    } catch (error) {
      logError(this.log, 'error', error, {}, 'inbox close failed')
    }
    // Node writes an answer in the next tick. Fastify must not close its connection before.
    await setImmediate()
  }
}

function keyFor ({ key, revision }: StoredEntry): string {
  return `${key} ${revision}`
}

function toAggregateError (error: unknown): AggregateError {
  return error instanceof AggregateError ? error : new AggregateError([error], errorMessage(error))
}
