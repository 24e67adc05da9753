import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, Queue, Worker } from 'bullmq'
import { backoffDelay } from '../../util/backoff.ts'
import { errorMessage } from '../../util/error-message.ts'
import { logError } from '../../util/logging.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import type { DeliveryHandler, StoredEntry } from '../inbox.ts'
import { addMissingJobs, ensureJobs, openQueue, type BullMQ, type JobData, type QueueOptions } from './chat-jobs.ts'
import type { Connection } from './connection.ts'
import { withoutArguments } from './redis-error.ts'
import { toDeadLetter, type DeadLetter, type Store, type WaitingEntry } from './store.ts'

/** What a deliverer uses. */
export interface DelivererContext {
  readonly bullmq: BullMQ
  /** For this deliverer only. Its commands wait while Redis is unreachable. */
  readonly redis: Connection
  readonly store: Store
  readonly handler: DeliveryHandler
  readonly options: QueueOptions & {
    readonly concurrency: number
    /** The delay before the second attempt, in milliseconds. */
    readonly backoff: number
    readonly lockDuration: number
  }
}

/** How long a job delivers entries of its chat before the jobs of other chats have their turn. */
const turnMs = 1000

/** How long delivering pauses after a refusal of Redis. BullMQ's worker would ask again at once. */
const pauseMs = 1000

/** The minimum time for writing the results of deliveries and returning interrupted jobs while the inbox closes. */
const writeTimeMs = 2000

/** The time between two searches for chats without a job: a multiple of `lockDuration`, up to a maximum. */
const searchInterval = { factor: 10, maximumMs: 3_600_000 }

/** The pause between two pages of a search, so that a large backlog does not slow down other work. */
const pagePauseMs = 20

/** The errors of Redis are logged at most once in this time. */
const errorLogIntervalMs = 60_000

/** Wraps the error of a failed attempt, to distinguish it from the errors of Redis. */
class FailedAttempt extends Error {}

/** Delivers the entries of the chats that have a job. */
export class Deliverer {
  readonly #context: DelivererContext
  readonly #queue: Queue<JobData>
  readonly #worker: Worker<JobData>
  /** One function for each running delivery. It ends the waiting for that delivery. */
  readonly #running = new Set<() => void>()
  #onIdle = () => {}
  /** The last job of each chat in this process. These promises never reject. */
  readonly #jobs = new Map<string, Promise<void>>()
  /** The promises of `onDeadLetter` calls. */
  readonly #reports = new Set<Promise<void>>()
  readonly #closing = new AbortController()
  #pause: NodeJS.Timeout | undefined
  #lastLogAt = -Infinity

  constructor (context: DelivererContext) {
    const { bullmq, redis, options } = context
    const { name, prefix, concurrency, backoff, lockDuration } = options
    this.#context = context
    this.#queue = openQueue(bullmq, redis, options)
    this.#worker = new bullmq.Worker<JobData>(name, (job, token) => this.#process(job, String(token)), {
      connection: redis,
      prefix,
      concurrency,
      settings: { backoffStrategy: (attempts) => backoffDelay(attempts, backoff) },
      removeOnComplete: { count: 0 },
      lockDuration,
      stalledInterval: lockDuration,
      // An attempt that a crash interrupted does not count as failed.
      maxStalledCount: Number.MAX_SAFE_INTEGER
    })
    this.#worker.on('error', (error) => {
      this.#pauseWorker()
      this.#logError(error)
    })
    this.#keepJobs()
  }

  /** Starts no more deliveries. Waits at most `timeout` milliseconds for running ones and interrupts the others. */
  async close (timeout: number): Promise<void> {
    const { redis } = this.#context
    const end = performance.now() + timeout
    const isReady = redis.status === 'ready'
    this.#closing.abort()
    clearTimeout(this.#pause)
    // Without a connection the worker cannot write the results of its jobs, so it must not wait for them.
    const finished = this.#worker.close(!isReady).then(() => Promise.all(this.#reports)).catch(() => {})
    if (this.#running.size > 0) await settlesWithin(new Promise<void>((resolve) => { this.#onIdle = resolve }), timeout)
    for (const interrupt of this.#running) interrupt()
    await settlesWithin(finished, Math.max(end - performance.now(), isReady ? writeTimeMs : 0))
    redis.endAll()
  }

  /** Adds jobs that are missing, at once and at intervals, until the inbox closes. Never rejects. */
  async #keepJobs (): Promise<void> {
    const { redis, store, options } = this.#context
    const interval = Math.min(searchInterval.factor * options.lockDuration, searchInterval.maximumMs)
    let cursor = '0'
    while (!this.#closing.signal.aborted) {
      try {
        const { chats, next } = await store.chats(redis, cursor)
        await addMissingJobs(this.#queue, chats)
        cursor = next
        await this.#sleep(next === '0' ? interval : pagePauseMs)
      } catch (error) {
        this.#logError(error)
        await this.#sleep(pauseMs)
      }
    }
  }

  /** Resolves after the time, or when the inbox closes. */
  async #sleep (milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, this.#closing).catch(() => {})
  }

  async #process (job: Job<JobData>, token: string): Promise<void> {
    const { orderingKey } = job.data
    // A job of this process that has lost its lock may still deliver an entry of the chat.
    const previous = this.#jobs.get(orderingKey)
    const result = previous === undefined ? this.#run(job, token) : previous.then(() => this.#run(job, token))
    const ended = result.then(() => {}, () => {}).then(() => {
      if (this.#jobs.get(orderingKey) === ended) this.#jobs.delete(orderingKey)
    })
    this.#jobs.set(orderingKey, ended)
    await result
  }

  async #run (job: Job<JobData>, token: string): Promise<void> {
    try {
      if (await this.#deliverChat(job, `${job.id}:${token}`)) return
    } catch (error) {
      if (error instanceof FailedAttempt) throw error.cause
      this.#logError(error)
      await this.#sleep(pauseMs)
    }
    // Returns the job to the queue without counting an attempt.
    await job.moveToWait(token)
    throw new this.#context.bullmq.WaitingError()
  }

  /**
   * Delivers the entries that are in the job's chat now. Another job follows for those that are added later. Resolves
   * with `false` if `close` interrupts it.
   */
  async #deliverChat (job: Job<JobData>, owner: string): Promise<boolean> {
    const { redis, store } = this.#context
    const { orderingKey, dead, failed } = job.data
    if (dead !== undefined) return await this.#retryInQueue(dead)
    const turnEnd = performance.now() + turnMs
    const taken = await store.take(redis, orderingKey, owner)
    // BullMQ counts the attempts of a job, so a job with failed attempts delivers only the entry that failed.
    if (job.attemptsMade > 0 && !isSame(taken.first, failed)) return await this.#leaveRest(orderingKey)
    let entry = taken.first
    for (let remaining = taken.count; entry !== undefined; remaining--) {
      if (this.#closing.signal.aborted || !await this.#attempt(entry, job, owner)) return false
      const isLast = remaining <= 1
      const mustEnd = isLast || job.attemptsMade > 0 || performance.now() > turnEnd
      if (mustEnd && !isLast) await this.#leaveRest(orderingKey)
      const next = store.finish(redis, entry, owner)
      if (mustEnd) {
        // Redis runs this command before the one that ends the job, so nothing has to wait for the answer.
        next.catch(async (error) => {
          this.#logError(error)
          await this.#leaveRest(orderingKey)
        }).catch(() => {})
        return true
      }
      entry = await next
    }
    return true
  }

  /** Makes another job deliver the rest of the chat. */
  async #leaveRest (orderingKey: string): Promise<true> {
    await ensureJobs(this.#queue, [orderingKey])
    return true
  }

  /** Resolves with `false` if `close` interrupts the attempt. Rejects with `FailedAttempt` if it fails. */
  async #attempt (entry: WaitingEntry, job: Job<JobData>, owner: string): Promise<boolean> {
    const { orderingKey, key, revision, name, body } = entry
    const attempt = job.attemptsMade + 1
    try {
      return await this.#deliver(entry, attempt)
    } catch (error) {
      if (attempt < (job.opts.attempts ?? 1)) {
        await job.updateData({ orderingKey, failed: { key, revision, name, body } })
      } else {
        await this.#bury(entry, job, owner, error)
      }
      throw new FailedAttempt('a listener failed', { cause: error })
    }
  }

  /** Moves an entry to the dead letters. This job will be `failed`, so another one delivers the rest of the chat. */
  async #bury (entry: WaitingEntry, job: Job<JobData>, owner: string, error: unknown): Promise<void> {
    const { redis, store, handler } = this.#context
    const { orderingKey, key, revision, name, body } = entry
    const attempts = job.attemptsMade + 1
    const dead = toDeadLetter(entry, errorMessage(error), attempts, String(job.id))
    await Promise.all([
      store.finish(redis, entry, owner, dead),
      job.updateData({ orderingKey, dead }),
      ensureJobs(this.#queue, [orderingKey])
    ])
    const report = handler.onDeadLetter({ orderingKey, key, revision, name, body }, error, attempts)
    this.#reports.add(report)
    report.finally(() => { this.#reports.delete(report) })
  }

  /** Retries a dead letter whose job somebody retried in a dashboard. */
  async #retryInQueue (dead: DeadLetter): Promise<true> {
    await this.#context.store.retry(dead)
    return await this.#leaveRest(dead.entry.orderingKey)
  }

  /** Resolves with `true` after a successful attempt, with `false` after an interrupted one. */
  #deliver (entry: WaitingEntry, attempt: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const interrupt = () => { resolve(false) }
      this.#running.add(interrupt)
      this.#context.handler.deliver({ ...entry, attempt }).then(() => { resolve(true) }, reject).then(() => {
        this.#running.delete(interrupt)
        if (this.#running.size === 0) this.#onIdle()
      })
    })
  }

  #pauseWorker (): void {
    if (this.#pause !== undefined || this.#closing.signal.aborted) return
    this.#worker.pause(true).catch(() => {})
    this.#pause = setTimeout(() => {
      this.#pause = undefined
      this.#worker.resume().catch(() => {})
    }, pauseMs)
  }

  #logError (error: unknown): void {
    const { redis, handler: { log } } = this.#context
    // The connection logs when Redis is unreachable.
    if (redis.status !== 'ready' || performance.now() - this.#lastLogAt < errorLogIntervalMs) return
    this.#lastLogAt = performance.now()
    logError(log, 'error', withoutArguments(error), {}, 'the inbox cannot deliver; retrying')
  }
}

function isSame (entry: StoredEntry | undefined, other: Pick<StoredEntry, 'key' | 'revision'> | undefined): boolean {
  return entry !== undefined && entry.key === other?.key && entry.revision === other.revision
}
