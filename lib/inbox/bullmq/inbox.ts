import { setImmediate } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { logError } from '../../util/logging.ts'
import { missingPackage } from '../../util/missing-package.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import type { DeadLetterEntry, PageQuery, Inbox, InboxEntry, DeliveryHandler } from '../inbox.ts'
import { ensureJobs, openQueue, type JobData, type QueueOptions } from './chat-jobs.ts'
import { checkServer, handshakeRefusal } from './check-server.ts'
import type { Connection } from './connection.ts'
import { Deliverer } from './deliverer.ts'
import type { RedisAddress, ResolvedAddress } from './redis-address.ts'
import { redisMessage, withoutArguments } from './redis-error.ts'
import { jobIdOf, Store, type DeadLetter } from './store.ts'

/** The options of `bullmqInbox`. */
export interface BullmqInboxOptions {
  /** The address of Redis: a URL such as `redis://127.0.0.1:6379`, options of `ioredis`, or a client of `ioredis`. */
  connection: RedisAddress
  /** The name of the queue. All replicas use the same name. Default: `'green-api'`. */
  name?: string | undefined
  /** The prefix of the queue's keys in Redis, as in BullMQ. Default: `'bull'`. */
  prefix?: string | undefined
  /** How many notifications this replica delivers at the same time, each of another chat. Default: 16. */
  concurrency?: number | undefined
  /** The delay before the second attempt. Each further delay is twice as long. Default: 5000 ms. */
  backoff?: number | undefined
  /** After this time without a heartbeat of a replica, others take over its running jobs. Default: 30 000 ms. */
  lockDuration?: number | undefined
}

/** The options after validation, with all defaults filled in. */
export type ResolvedBullmqOptions = {
  readonly [Option in Exclude<keyof BullmqInboxOptions, 'connection'>]-?: Exclude<BullmqInboxOptions[Option], undefined>
} & { readonly address: ResolvedAddress }

/** What needs the packages `bullmq` and `ioredis`. It is imported when the inbox opens. */
type Engine = Awaited<ReturnType<typeof importEngine>>

/** Exists while the inbox is open. */
interface Opened {
  readonly engine: Engine
  readonly handler: DeliveryHandler
  readonly options: QueueOptions
  readonly redis: Connection
  readonly queue: Queue<JobData>
  readonly store: Store
}

interface Waiting {
  readonly entry: InboxEntry
  resolve (added: boolean): void
  reject (error: InboxError): void
}

/** The largest number of entries in one step. Redis handles one step while this process prepares the next one. */
const maxBatchSize = 32

/** An inbox in Redis. The entries are in lists, and jobs of a BullMQ queue deliver them. */
export class BullmqInbox implements Inbox {
  readonly #options: ResolvedBullmqOptions
  #opening = false
  #opened: Opened | undefined
  #deliverer: Deliverer | undefined
  /** What Redis refused, if it was unreachable while the inbox was opened. */
  #refusal: InboxError | undefined
  /** The entries to store in the next step. */
  readonly #waiting: Waiting[] = []
  /** Running writes. They never reject. */
  readonly #writes = new Set<Promise<void>>()
  #closed: Promise<void> | undefined

  constructor (options: ResolvedBullmqOptions) {
    this.#options = options
  }

  async open (handler: DeliveryHandler): Promise<void> {
    if (this.#opening || this.#closed !== undefined) {
      throw new InboxError('This inbox was opened before. Create one inbox for each registration of the plugin')
    }
    this.#opening = true
    const engine = await importEngine()
    this.#assertNotClosed()
    const { address, name, prefix } = this.#options
    const { connect, firstAttempt } = engine
    const options = { name, prefix, attempts: handler.attempts }
    const redis = connect(address, 'fail-fast', handler.log)
    try {
      // The first notifications should not be refused. An unreachable Redis is not an error.
      const attempt = firstAttempt(redis)
      const queue = openQueue(engine.bullmq, redis, options)
      // Different from the keys of every queue: those begin with the queue's name and a colon.
      const store = new Store(redis, `${prefix}:${name}-inbox`)
      this.#opened = { engine, handler, options, redis, queue, store }
      const { ready, error } = await attempt
      this.#assertNotClosed()
      const reason = (error && handshakeRefusal(redis, error)) ?? (ready ? await this.#check(redis) : undefined)
      if (reason !== undefined) throw reason
      if (ready) return
    } catch (error) {
      this.#opened = undefined
      redis.endAll()
      throw error
    }
    handler.log.warn('the inbox cannot reach Redis. Check its address, and whether it expects TLS (rediss://)')
    redis.once('ready', async () => {
      this.#refusal = await this.#check(redis)
      if (this.#refusal !== undefined) logError(handler.log, 'error', this.#refusal, {}, 'the inbox cannot be used')
    })
  }

  start (): void {
    const { engine: { bullmq, connect }, handler, options, store } = this.#requireOpen()
    const { address, concurrency, backoff, lockDuration } = this.#options
    const redis = connect(address, 'blocking', handler.log)
    this.#deliverer = new Deliverer({
      bullmq, redis, store, handler, options: { ...options, concurrency, backoff, lockDuration }
    })
  }

  async add (entry: InboxEntry): Promise<boolean> {
    const opened = this.#requireOpen()
    if (this.#refusal !== undefined) throw this.#refusal
    return await new Promise<boolean>((resolve, reject) => {
      if (this.#waiting.push({ entry, resolve, reject }) === 1) this.#track(this.#storeWaiting(opened))
    })
  }

  /** Stores the entries that arrive in this turn of the event loop, in one step. */
  async #storeWaiting (opened: Opened): Promise<void> {
    const { redis, store, queue } = opened
    await setImmediate()
    const waiting = this.#waiting.splice(0, maxBatchSize)
    if (this.#waiting.length > 0) this.#track(this.#storeWaiting(opened))
    const entries = waiting.map(({ entry }) => entry)
    try {
      if (redis.status !== 'ready') throw new Error('it is not connected')
      // Redis runs these commands in this order, so each job begins after its entries are stored. A duplicate needs a
      // job too: the attempt that stored the entry may have failed before it added one.
      const [stored] = await Promise.all([
        store.add(entries),
        ensureJobs(queue, new Set(entries.map(({ orderingKey }) => orderingKey)))
      ])
      for (const [index, { resolve }] of waiting.entries()) resolve(stored[index] === true)
    } catch (error) {
      const message = `Redis could not store the notification: ${redisMessage(error) ?? errorMessage(error)}`
      const inboxError = new InboxError(message, { cause: withoutArguments(error) })
      for (const { reject } of waiting) reject(inboxError)
    }
  }

  async lock (name: string, duration: number): Promise<boolean> {
    return await this.#requireReachable().store.lock(name, duration)
  }

  async pendingCount (): Promise<number> {
    return await this.#requireReachable().store.pendingCount()
  }

  async deadLetterCount (): Promise<number> {
    return await this.#requireReachable().store.deadLetterCount()
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return await this.#requireReachable().store.deadLetters(page)
  }

  async retry (key: string): Promise<number> {
    const { store, queue } = this.#requireReachable()
    return await this.#removeDead(key, async (dead) => {
      const [isRetried] = await Promise.all([store.retry(dead), ensureJobs(queue, [dead.entry.orderingKey])])
      return isRetried
    })
  }

  async discard (key: string): Promise<number> {
    const { store } = this.#requireReachable()
    return await this.#removeDead(key, (dead) => store.discard(dead))
  }

  /** Calls `remove` for each dead letter with the key. Resolves with how many it removed. */
  async #removeDead (key: string, remove: (dead: DeadLetter) => Promise<boolean>): Promise<number> {
    const { store, queue } = this.#requireOpen()
    return await this.#track((async () => {
      let count = 0
      for (const dead of await store.findDead(key)) {
        if (!await remove(dead)) continue
        count++
        // The job only shows the dead letter in dashboards.
        await queue.remove(jobIdOf(dead)).catch(() => {})
      }
      return count
    })())
  }

  async close (timeout: number): Promise<void> {
    this.#closed ??= this.#close(timeout)
    await this.#closed
  }

  async #close (timeout: number): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    if (opened === undefined) return
    const { redis, engine: { commandTimeoutMs } } = opened
    await Promise.all([
      this.#deliverer?.close(timeout),
      settlesWithin(this.#allWritten(), Math.min(timeout, commandTimeoutMs))
    ])
    redis.endAll()
  }

  async #allWritten (): Promise<void> {
    // A write may begin another one.
    while (this.#writes.size > 0) await Promise.all(this.#writes)
  }

  /** Makes `close` wait for a promise. */
  #track<Result> (result: Promise<Result>): Promise<Result> {
    const settled = result.then(() => {}, () => {}).then(() => { this.#writes.delete(settled) })
    this.#writes.add(settled)
    return result
  }

  #check (redis: Connection): Promise<InboxError | undefined> {
    const { prefix, name } = this.#options
    return checkServer(redis, `${prefix}:${name}`)
  }

  #assertNotClosed (): void {
    if (this.#closed !== undefined) throw new InboxError('The inbox was closed while it was being opened')
  }

  #requireReachable (): Opened {
    const opened = this.#requireOpen()
    if (opened.redis.status !== 'ready') {
      throw new InboxError('Redis is unreachable. Check that it runs, then try again')
    }
    return opened
  }

  #requireOpen (): Opened {
    if (this.#opened === undefined) {
      throw new InboxError('The inbox is not open. Use it after the plugin is registered and before the server closes')
    }
    return this.#opened
  }
}

async function importEngine () {
  try {
    const bullmq = await import('bullmq')
    const { connect, firstAttempt, commandTimeoutMs } = await import('./connection.ts')
    return { bullmq, connect, firstAttempt, commandTimeoutMs }
  } catch (error) {
    const advice = missingPackage(error, ['bullmq', 'ioredis'])
    throw advice === undefined ? error : new InboxError(advice)
  }
}
