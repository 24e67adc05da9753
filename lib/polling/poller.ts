import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { Client, RequestError, beginningOf } from '../green-api/index.ts'
import { readReceiptId, type Body } from '../body/index.ts'
import { recognizeTraced } from '../recognition/index.ts'
import type { PollingError } from '../errors.ts'
import type { DeliveryOptions, NotificationHandler } from '../delivery/index.ts'
import type { ResolvedPoll } from './options.ts'
import { Outage, type Backoff } from './outage.ts'
import { toFatalError } from './fatal-error.ts'

/** What a poller needs from the server that it belongs to. */
export interface PollerContext {
  readonly handler: NotificationHandler
  readonly delivery: DeliveryOptions & { readonly bodyLimit: number }
  readonly log: FastifyBaseLogger
  /** Called once, when retrying cannot help and the poller has stopped. */
  onStopped (error: PollingError): void
}

interface Received {
  readonly receiptId: string
  readonly body: Body
}

interface Acknowledged {
  readonly receiptId: string
  failedDeletes: number
}

/** Added to `receiveTimeout`: how long GREEN-API may take to answer that there is no notification. */
const longPollMarginMs = 30_000

/** How long the last `deleteNotification` may take while the server closes. */
const closingDeleteTimeoutMs = 1000

/** After this many failed deletes the notification is received again, possibly with another receipt. */
const maxDeleteAttempts = 3

/** Receives the notifications of one instance one at a time, and deletes each after it was acknowledged. */
export class Poller {
  readonly #instance: ResolvedPoll
  readonly #context: PollerContext
  readonly #backoff: Backoff
  readonly #client: Client
  readonly #outage: Outage
  readonly #stopping = new AbortController()
  /** The notification that was acknowledged but is not deleted yet. */
  #acknowledged: Acknowledged | undefined
  /** The receipt of the last `deleteNotification`, if GREEN-API answered that it deleted nothing. */
  #lastIneffectiveDelete: string | undefined
  #running: Promise<void> | undefined

  constructor (
    instance: ResolvedPoll,
    context: PollerContext,
    backoff: Backoff = { first: 1000, longest: 60_000 }
  ) {
    this.#instance = instance
    this.#context = context
    this.#backoff = backoff
    this.#client = new Client(instance)
    this.#outage = new Outage(context.log, backoff)
  }

  polls ({ apiUrl, idInstance }: ResolvedPoll): boolean {
    return this.#instance.apiUrl === apiUrl && this.#instance.idInstance === idInstance
  }

  /** Starts polling. Has no effect on a poller that is running or stopped. */
  start (): void {
    this.#running ??= this.#run()
  }

  /** Stops receiving, and waits until the current notification is delivered and deleted. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const delay = await this.#pollOnce()
      if (delay > 0) await sleep(delay, undefined, { signal }).catch(() => {})
    }
  }

  /** Returns the delay before the next poll, in milliseconds. */
  async #pollOnce (): Promise<number> {
    try {
      const delay = await this.#receiveAndDelete()
      this.#outage.recordSuccess()
      return delay
    } catch (error) {
      return this.#handleError(error)
    }
  }

  /** Receives, delivers and deletes one notification; or only deletes, if the last one is not deleted yet. */
  async #receiveAndDelete (): Promise<number> {
    if (this.#acknowledged === undefined) {
      const startedAt = performance.now()
      const received = await this.#receive()
      if (received === undefined) {
        this.#lastIneffectiveDelete = undefined
        // GREEN-API should wait before this answer. If it does not, this delay prevents a flood of requests.
        return this.#backoff.first - (performance.now() - startedAt)
      }
      if (!await this.#deliver(received.body)) return this.#instance.retryDelay
      this.#acknowledged = { receiptId: received.receiptId, failedDeletes: 0 }
    }
    await this.#delete(this.#acknowledged)
    return 0
  }

  async #receive (): Promise<Received | undefined> {
    const { receiveTimeout } = this.#instance
    const { body } = await this.#client.call('receiveNotification', {
      query: { receiveTimeout: String(receiveTimeout) },
      limit: this.#context.delivery.bodyLimit,
      timeout: receiveTimeout * 1000 + longPollMarginMs,
      signal: this.#stopping.signal
    })
    // GREEN-API sometimes answers with an empty body instead of null.
    if (body === 'null' || body === '') return undefined
    const receiptId = readReceiptId(body)
    if (receiptId !== undefined) return { receiptId, body }
    throw new RequestError(
      'receiveNotification', 'was answered 200 with neither null nor a receiptId', 200, beginningOf(body)
    )
  }

  async #deliver (body: Body): Promise<boolean> {
    const { handler, delivery, log } = this.#context
    const notification = recognizeTraced(body, 'poll', handler.emitter)
    return await handler.receive({ notification, body, options: delivery, log })
  }

  async #delete (acknowledged: Acknowledged): Promise<void> {
    try {
      const { body } = await this.#client.call('deleteNotification', {
        verb: 'DELETE',
        suffix: acknowledged.receiptId,
        signal: this.#stopping.signal,
        grace: closingDeleteTimeoutMs
      })
      this.#acknowledged = undefined
      this.#assertDeleted(acknowledged.receiptId, beginningOf(body))
    } catch (error) {
      acknowledged.failedDeletes++
      if (acknowledged.failedDeletes >= maxDeleteAttempts) this.#acknowledged = undefined
      throw error
    }
  }

  // "Nothing deleted" is normal for a notification that is gone already. If the same receipt comes again, the
  // notification is still there, and this error slows the requests down.
  #assertDeleted (receiptId: string, answer: string): void {
    const previous = this.#lastIneffectiveDelete
    this.#lastIneffectiveDelete = isDeleted(answer) ? undefined : receiptId
    if (previous === undefined || previous !== this.#lastIneffectiveDelete) return
    throw new RequestError(
      'deleteNotification', 'was answered 200 twice, but did not delete the notification', 200, answer
    )
  }

  #handleError (error: unknown): number {
    const { log, onStopped } = this.#context
    if (this.#stopping.signal.aborted) {
      if (this.#acknowledged !== undefined) {
        log.warn({ err: error }, 'could not delete a notification before the server closed; it will be received again')
      }
      return 0
    }
    const fatal = toFatalError(error, this.#instance.idInstance)
    if (fatal === undefined) return this.#outage.recordFailure(error)
    this.#stopping.abort()
    onStopped(fatal)
    return 0
  }
}

function isDeleted (answer: string): boolean {
  return /"result"\s*:\s*true/.test(answer)
}
