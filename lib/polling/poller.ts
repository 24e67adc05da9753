import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { RequestError } from '../green-api/request-error.ts'
import { Client, beginningOf } from '../green-api/client.ts'
import type { Body } from '../body/limited-body.ts'
import { recognizeTraced } from '../recognition/recognize-traced.ts'
import type { PollingError } from '../errors.ts'
import type { NotificationHandler, DeliveryOptions } from '../delivery/receiver.ts'
import type { ResolvedPoll } from './options.ts'
import { Outage, type Pauses } from './outage.ts'
import { readReceiptId } from '../body/queue-envelope.ts'
import { toFatalError } from './fatal-error.ts'

/** Whom a poller works for. */
export interface PollerHost {
  readonly receiver: NotificationHandler
  readonly terms: DeliveryOptions & { readonly bodyLimit: number }
  readonly log: FastifyBaseLogger
  /** Told when the instance cannot be polled any more. */
  onStopped (error: PollingError): void
}

interface Received {
  readonly receiptId: string
  readonly body: Body
}

interface Done {
  readonly receiptId: string
  /** How often it could not be deleted. */
  tries: number
}

/** In milliseconds: how much longer than it was asked to GREEN-API may take to say that there is nothing. */
const slack = 30_000

/** In milliseconds: how long the last deletion may take when the server closes. */
const grace = 1000

/** How often a notification is to be deleted before it is received again, maybe under another receipt. */
const deletions = 3

/** Receives the notifications of one instance, one after the other, and deletes those that are taken care of. */
export class Poller {
  readonly #settings: ResolvedPoll
  readonly #host: PollerHost
  readonly #pauses: Pauses
  readonly #client: Client
  readonly #outage: Outage
  readonly #stopping = new AbortController()
  /** What is taken care of, but not deleted. */
  #done: Done | undefined
  /** The receipt that was deleted last, where that deleted nothing. */
  #undeleted: string | undefined
  #running: Promise<void> | undefined

  constructor (settings: ResolvedPoll, host: PollerHost, pauses: Pauses = { first: 1000, longest: 60_000 }) {
    this.#settings = settings
    this.#host = host
    this.#pauses = pauses
    this.#client = new Client(settings)
    this.#outage = new Outage(host.log, pauses)
  }

  /** Whether it is the poller of this instance. */
  polls ({ apiUrl, idInstance }: ResolvedPoll): boolean {
    return this.#settings.apiUrl === apiUrl && this.#settings.idInstance === idInstance
  }

  /** Begins to receive, unless it is over already. */
  start (): void {
    this.#running ??= this.#run()
  }

  /** Receives no more, and waits until what is under way is delivered and deleted. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const pause = await this.#pollOnce()
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  /** Returns for how many milliseconds to pause before the next one. */
  async #pollOnce (): Promise<number> {
    try {
      const pause = await this.#receiveAndDelete()
      this.#outage.end()
      return pause
    } catch (error) {
      return this.#fail(error)
    }
  }

  /** Receives a notification, has it taken care of, and deletes it; or deletes the one before. */
  async #receiveAndDelete (): Promise<number> {
    if (this.#done === undefined) {
      const began = performance.now()
      const received = await this.#receive()
      // To wait for something is GREEN-API's part; where it does not, it is not to be flooded.
      if (received === undefined) {
        this.#undeleted = undefined
        return this.#pauses.first - (performance.now() - began)
      }
      if (!await this.#deliver(received.body)) return this.#settings.retryDelay
      this.#done = { receiptId: received.receiptId, tries: 0 }
    }
    await this.#delete(this.#done)
    return 0
  }

  async #receive (): Promise<Received | undefined> {
    const { receiveTimeout } = this.#settings
    const { body } = await this.#client.call('receiveNotification', {
      query: { receiveTimeout: String(receiveTimeout) },
      limit: this.#host.terms.bodyLimit,
      timeout: receiveTimeout * 1000 + slack,
      signal: this.#stopping.signal
    })
    // An empty answer, instead of null, is a fault that GREEN-API has at times.
    if (body === 'null' || body === '') return undefined
    const receiptId = readReceiptId(body)
    if (receiptId !== undefined) return { receiptId, body }
    throw new RequestError('receiveNotification', 'was answered 200 with neither null nor a receiptId', 200, beginningOf(body))
  }

  async #deliver (body: Body): Promise<boolean> {
    const { receiver, terms, log } = this.#host
    return await receiver.receive({ notification: recognizeTraced(body, 'poll', receiver.emitter), body, terms, log })
  }

  async #delete (done: Done): Promise<void> {
    try {
      const { body } = await this.#client.call('deleteNotification', { verb: 'DELETE', suffix: done.receiptId, signal: this.#stopping.signal, grace })
      this.#done = undefined
      this.#checkDeleted(done, beginningOf(body))
    } catch (error) {
      done.tries++
      if (done.tries >= deletions) this.#done = undefined
      throw error
    }
  }

  // What is gone already is not missed. Where it comes again it is not gone, and the server not to be flooded with it.
  #checkDeleted ({ receiptId }: Done, answer: string): void {
    const before = this.#undeleted
    this.#undeleted = isDeleted(answer) ? undefined : receiptId
    if (before === undefined || before !== this.#undeleted) return
    throw new RequestError('deleteNotification', 'was answered 200, but the notification came again, and could not be deleted again', 200, answer)
  }

  #fail (error: unknown): number {
    const { log, onStopped } = this.#host
    if (this.#stopping.signal.aborted) {
      if (this.#done !== undefined) log.warn({ err: error }, 'a notification was taken care of, but could not be deleted before the server closed: it will come again')
      return 0
    }
    const stopped = toFatalError(error, this.#settings.idInstance)
    if (stopped === undefined) return this.#outage.fail(error)
    this.#stopping.abort()
    onStopped(stopped)
    return 0
  }
}

function isDeleted (answer: string): boolean {
  return /"result"\s*:\s*true/.test(answer)
}
