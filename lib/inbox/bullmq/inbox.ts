import type { Job, Queue, Worker } from 'bullmq'
import { InboxError } from '../../errors.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import { logError } from '../../util/logging.ts'
import { missingPackage } from '../../util/missing-package.ts'
import { jitter } from '../../util/backoff.ts'
import type {
  DeadLetterEntry, PageQuery, DueEntry, Inbox, InboxEntry, DeliveryHandler, StoredEntry
} from '../inbox.ts'
import type { Connection } from './connection.ts'
import type { DeadJob, DeadLetters } from './dead-letters.ts'
import type { JobData, JobWriter } from './job-writer.ts'
import { Keys } from './keys.ts'
import type { RedisAddress, ResolvedAddress } from './redis-address.ts'
import { withoutArguments } from './redis-error.ts'
import { forgetJobScript, removeDeadJob } from './scripts.ts'

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

type Engine = typeof import('./engine.ts')

/** Exists while the inbox is open. */
interface Opened {
  readonly engine: Engine
  readonly handler: DeliveryHandler
  readonly redis: Connection
  readonly queue: Queue<JobData>
  readonly writer: JobWriter
  readonly deadLetters: DeadLetters
}

/** Exists after `start`. */
interface Started {
  readonly redis: Connection
  readonly worker: Worker<JobData>
}

/** The states of a job that is not delivered yet. */
const pendingStates = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'] as const

/** A worker's errors are logged at most once in this time. */
const errorLogIntervalMs = 60_000

/** The minimum time for writing the results of deliveries and returning interrupted jobs while the inbox closes. */
const writeTimeMs = 2000

/** An inbox in a BullMQ queue. */
export class BullmqInbox implements Inbox {
  readonly #options: ResolvedBullmqOptions
  readonly #keys: Keys
  #opening = false
  #opened: Opened | undefined
  #started: Started | undefined
  /** What Redis refused, if it was unreachable while the inbox was opened. */
  #refusal: InboxError | undefined
  /** One function for each running delivery. It ends the waiting for that delivery. */
  readonly #running = new Set<() => void>()
  #onIdle = () => {}
  /** The promises of `onDeadLetter` calls and of cleaning up after them. */
  readonly #reports = new Set<Promise<void>>()
  /** The last `retry` or `discard`. Never rejects. */
  #lastTake: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor (options: ResolvedBullmqOptions) {
    this.#options = options
    this.#keys = new Keys(options.prefix, options.name)
  }

  async open (handler: DeliveryHandler): Promise<void> {
    if (this.#opening || this.#closed !== undefined) {
      throw new InboxError('This inbox was opened before. Create one inbox for each registration of the plugin')
    }
    this.#opening = true
    const engine = await importEngine()
    this.#assertNotClosed()
    const { address, name, prefix, backoff } = this.#options
    const redis = engine.connect(address, 'fail-fast', handler.log)
    // The first notifications should not be refused. An unreachable Redis is not an error.
    const attempt = engine.firstAttempt(redis)
    const queue = engine.openQueue(name, redis, prefix)
    const writer = new engine.JobWriter(queue, redis, this.#keys, {
      attempts: handler.attempts,
      backoff: { type: 'exponential', delay: backoff, jitter },
      removeOnComplete: true,
      removeOnFail: false
    })
    this.#opened = { engine, handler, redis, queue, writer, deadLetters: new engine.DeadLetters(queue, redis) }
    const { ready, error } = await attempt
    this.#assertNotClosed()
    const refusal = error && engine.handshakeRefusal(redis, error)
    const reason = refusal ?? (ready ? await this.#check(engine, redis) : undefined)
    if (reason !== undefined) {
      this.#opened = undefined
      redis.endAll()
      throw reason
    }
    if (ready) return
    handler.log.warn('the inbox cannot reach Redis. Check its address, and whether it expects TLS (rediss://)')
    redis.once('ready', () => { this.#checkLater(engine, redis, handler) })
  }

  #assertNotClosed (): void {
    if (this.#closed !== undefined) throw new InboxError('The inbox was closed while it was being opened')
  }

  async #check (engine: Engine, redis: Connection): Promise<InboxError | undefined> {
    return await engine.checkServer(redis, this.#keys.probes)
  }

  async #checkLater (engine: Engine, redis: Connection, { log }: DeliveryHandler): Promise<void> {
    this.#refusal = await this.#check(engine, redis)
    if (this.#refusal !== undefined) logError(log, 'error', this.#refusal, {}, 'the inbox cannot be used')
  }

  start (): void {
    const { engine, handler } = this.#requireOpen()
    const { address, name, prefix, concurrency, lockDuration } = this.#options
    const redis = engine.connect(address, 'blocking', handler.log)
    const process = async (job: Job<JobData>, token?: string) => {
      if (await this.#process(job, handler, redis)) return
      // Returns the job to the queue without counting the attempt.
      await job.moveToWait(token)
      throw new engine.WaitingError()
    }
    const worker = new engine.PacedWorker<JobData>(name, process, {
      connection: redis,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval: lockDuration,
      // An attempt that a crash interrupted does not count as failed.
      maxStalledCount: Number.MAX_SAFE_INTEGER
    })
    worker.on('failed', (job, error) => {
      if (job?.finishedOn === undefined) return
      this.#track(this.#forgetLast(job, redis))
      this.#track(handler.onDeadLetter(toStored(job), error, job.attemptsMade))
    })
    let lastLogAt = -Infinity
    worker.on('error', (error) => {
      // The connection logs when Redis is unreachable. The worker repeats its errors with each attempt.
      if (redis.status !== 'ready' || performance.now() - lastLogAt < errorLogIntervalMs) return
      lastLogAt = performance.now()
      logError(handler.log, 'error', withoutArguments(error), {}, 'the inbox cannot deliver; retrying')
    })
    this.#started = { redis, worker }
  }

  async add (entry: InboxEntry): Promise<boolean> {
    const { writer } = this.#requireOpen()
    if (this.#refusal !== undefined) throw this.#refusal
    return await writer.add({ entry })
  }

  async pendingCount (): Promise<number> {
    return await this.#requireReachable().queue.getJobCountByTypes(...pendingStates)
  }

  async deadLetterCount (): Promise<number> {
    return await this.#requireReachable().queue.getFailedCount()
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return await this.#requireReachable().deadLetters.page(page)
  }

  // A retried entry becomes a new job behind the others of its chat. BullMQ's own retry would let it overtake them.
  async retry (key: string): Promise<number> {
    const { writer } = this.#requireReachable()
    return await this.#takeDeadLetters(key, async ({ entry, job }) => {
      return await writer.add({ retried: entry, deadJobId: String(job.id) })
    })
  }

  async discard (key: string): Promise<number> {
    const { redis, queue } = this.#requireReachable()
    return await this.#takeDeadLetters(key, async ({ job }) => {
      return await redis.eval(...removeDeadJob(queue, String(job.id))) === 1
    })
  }

  /** Calls `take` for each dead letter with the key, one call after another. Returns how many it took. */
  async #takeDeadLetters (key: string, take: (dead: DeadJob) => Promise<boolean>): Promise<number> {
    const { deadLetters } = this.#requireOpen()
    const result = this.#lastTake.then(async () => {
      let count = 0
      for (const dead of await deadLetters.find(key)) if (await take(dead)) count++
      return count
    })
    this.#lastTake = result.catch(() => {})
    return await result
  }

  async close (timeout: number): Promise<void> {
    this.#closed ??= this.#close(timeout)
    await this.#closed
  }

  async #close (timeout: number): Promise<void> {
    const opened = this.#opened
    const started = this.#started
    this.#opened = undefined
    if (opened === undefined) return
    const finished = this.#finish(opened, started).catch(() => {})
    if (this.#running.size > 0) await settlesWithin(new Promise<void>((resolve) => { this.#onIdle = resolve }), timeout)
    for (const interrupt of this.#running) interrupt()
    // Without a connection there are no results to write.
    const writeTime = (started ?? opened).redis.status === 'ready' ? writeTimeMs : 0
    await settlesWithin(finished, Math.max(writeTime, Math.min(timeout, opened.engine.commandTimeoutMs)))
    started?.redis.endAll()
    opened.redis.endAll()
  }

  async #finish ({ writer, queue }: Opened, started: Started | undefined): Promise<void> {
    // Without a connection the worker cannot write the results of its jobs, so it must not wait for them.
    const force = started?.redis.status !== 'ready'
    await Promise.all([writer.settle(), this.#lastTake, started?.worker.close(force)])
    await Promise.all(this.#reports)
    await queue.close()
  }

  /** Returns whether the attempt was successful. Rejects if it failed, and returns `false` if it was interrupted. */
  async #process (job: Job<JobData>, handler: DeliveryHandler, redis: Connection): Promise<boolean> {
    if (this.#closed !== undefined || !await this.#deliver(job, handler)) return false
    await this.#forgetLast(job, redis)
    return true
  }

  /** Lets new entries of the chat be delivered without waiting for this job. */
  async #forgetLast (job: Job<JobData>, redis: Connection): Promise<void> {
    await redis.eval(forgetJobScript, 1, this.#keys.last(job.data.orderingKey), String(job.id)).catch(() => {})
  }

  /** Resolves with `true` after a successful attempt, with `false` after an interrupted one. */
  #deliver (job: Job<JobData>, handler: DeliveryHandler): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const interrupt = () => { resolve(false) }
      this.#running.add(interrupt)
      handler.deliver(toDue(job)).then(() => { resolve(true) }, reject).then(() => {
        this.#running.delete(interrupt)
        if (this.#running.size === 0) this.#onIdle()
      })
    })
  }

  /** Makes `close` wait for a promise. */
  #track (report: Promise<void>): void {
    this.#reports.add(report)
    report.finally(() => { this.#reports.delete(report) })
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

async function importEngine (): Promise<Engine> {
  try {
    return await import('./engine.ts')
  } catch (error) {
    const advice = missingPackage(error, ['bullmq', 'ioredis'])
    throw advice === undefined ? error : new InboxError(advice)
  }
}

function toDue (job: Job<JobData>): DueEntry {
  return { ...toStored(job), attempt: job.attemptsMade + 1, storedAt: job.timestamp }
}

function toStored ({ name, data: { key, orderingKey, body, revision } }: Job<JobData>): StoredEntry {
  return { key, orderingKey, name, body, revision }
}
