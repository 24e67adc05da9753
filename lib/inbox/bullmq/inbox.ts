import { once } from 'node:events'
import { Queue, WaitingError, Worker, type Job } from 'bullmq'
import { InboxError } from '../../errors.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import { logError } from '../../util/logging.ts'
import { jitter } from '../../util/backoff.ts'
import type { BullmqInboxOptions } from './index.ts'
import type { DeadLetterEntry, PageQuery, DueEntry, Inbox, InboxEntry, DeliveryHandler, StoredEntry } from '../inbox.ts'
import { connect, patience, withoutCommand, type Connection } from './connection.ts'
import { DeadLetters, type Dead } from './dead-letters.ts'
import { JobWriter, type JobData } from './job-writer.ts'
import { Keys } from './keys.ts'
import { removeDead } from './remove-dead.ts'
import { forget } from './scripts.ts'

/** The options, complete. */
export type Settings = { readonly [Option in keyof BullmqInboxOptions]-?: Exclude<BullmqInboxOptions[Option], undefined> }

/** What there is from opening on. */
interface Opened {
  readonly host: DeliveryHandler
  readonly redis: Connection
  readonly queue: Queue<JobData>
  readonly intake: JobWriter
  readonly dead: DeadLetters
}

/** What there is from starting on. */
interface Working {
  readonly redis: Connection
  readonly worker: Worker<JobData>
}

/** The states of a job that is still to be delivered. */
const undelivered = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'] as const

/** In milliseconds: for how long what a worker has said of its errors need not be said again. */
const silence = 60_000

/** An inbox in a queue of BullMQ. */
export class BullmqInbox implements Inbox {
  readonly #settings: Settings
  readonly #keys: Keys
  #opened: Opened | undefined
  #working: Working | undefined
  /** What is at work: each cuts one short. */
  readonly #atWork = new Set<() => void>()
  #idle = () => {}
  /** What listeners of `failed` are being told. */
  readonly #reports = new Set<Promise<void>>()
  /** What takes given-up ones out of the list; never rejects. */
  #exhuming: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor (settings: Settings) {
    this.#settings = settings
    this.#keys = new Keys(settings.prefix, settings.name)
  }

  async open (host: DeliveryHandler): Promise<void> {
    if (this.#opened !== undefined || this.#closed !== undefined) throw new InboxError('this inbox was opened before: make one for each scope')
    const { connection, name, prefix, backoff } = this.#settings
    const redis = connect(connection, 'impatient', host.log)
    const queue = openQueue(name, redis, prefix)
    // The connection tells of its errors itself.
    queue.on('error', () => {})
    const intake = new JobWriter(queue, redis, this.#keys, {
      attempts: host.attempts,
      backoff: { type: 'exponential', delay: backoff, jitter },
      removeOnComplete: true,
      removeOnFail: false
    })
    this.#opened = { host, redis, queue, intake, dead: new DeadLetters(queue, redis) }
    // Where Redis is away there is no use in waiting longer.
    await settlesWithin(Promise.race([once(redis, 'ready'), once(redis, 'close')]).catch(() => {}), patience)
  }

  start (): void {
    const { host } = this.#use()
    const { connection, name, prefix, concurrency, lockDuration } = this.#settings
    const redis = connect(connection, 'patient', host.log)
    const worker = new Worker<JobData>(name, (job, token) => this.#process(job, token, host, redis), {
      connection: redis,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval: lockDuration,
      // What a crash cut short has not failed.
      maxStalledCount: Number.MAX_SAFE_INTEGER
    })
    worker.on('failed', (job, error) => {
      if (job?.finishedOn === undefined) return
      this.#report(this.#forget(job, redis))
      this.#report(host.onDeadLetter(toStored(job), error, job.attemptsMade))
    })
    let spoken = -Infinity
    worker.on('error', (error) => {
      // It tries again at once, and says the same each time.
      if (redis.status !== 'ready' || performance.now() - spoken < silence) return
      spoken = performance.now()
      logError(host.log, 'error', withoutCommand(error), {}, 'the inbox cannot deliver for the moment')
    })
    this.#working = { redis, worker }
  }

  async add (entry: InboxEntry): Promise<boolean> {
    return await this.#use().intake.add({ entry })
  }

  async pendingCount (): Promise<number> {
    return await this.#reach().queue.getJobCountByTypes(...undelivered)
  }

  async deadLetterCount (): Promise<number> {
    return await this.#reach().queue.getFailedCount()
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return await this.#reach().dead.page(page)
  }

  // Behind the others of its chat, as another job: BullMQ's own way would let it overtake them.
  async retry (key: string): Promise<number> {
    const { intake } = this.#reach()
    return await this.#exhume(key, async ({ entry, job }) => {
      return await intake.add({ retried: entry, deadId: String(job.id) })
    })
  }

  async discard (key: string): Promise<number> {
    const { redis, queue } = this.#reach()
    return await this.#exhume(key, async ({ job }) => await redis.eval(...removeDead(queue, String(job.id))) === 1)
  }

  // One at a time: each has to see what the one before has left.
  async #exhume (key: string, change: (dead: Dead) => Promise<boolean>): Promise<number> {
    const { dead } = this.#use()
    const work = this.#exhuming.then(async () => {
      let count = 0
      for (const found of await dead.find(key)) if (await change(found)) count++
      return count
    })
    this.#exhuming = work.catch(() => {})
    return await work
  }

  async close (timeout: number): Promise<void> {
    this.#closed ??= this.#close(timeout)
    await this.#closed
  }

  async #close (timeout: number): Promise<void> {
    const opened = this.#opened
    const working = this.#working
    this.#opened = undefined
    if (opened === undefined) return
    const closing = this.#finish(opened, working).catch(() => {})
    if (this.#atWork.size > 0) await settlesWithin(new Promise<void>((resolve) => { this.#idle = resolve }), timeout)
    for (const cutShort of this.#atWork) cutShort()
    await settlesWithin(closing, Math.min(timeout, patience))
    working?.redis.endAll()
    opened.redis.endAll()
  }

  async #finish ({ intake, queue }: Opened, working: Working | undefined): Promise<void> {
    // Where Redis is away, what becomes of them cannot be written.
    const away = working?.redis.status !== 'ready'
    await Promise.all([intake.settle(), this.#exhuming, working?.worker.close(away)])
    await Promise.all(this.#reports)
    await queue.close()
  }

  async #process (job: Job<JobData>, token: string | undefined, host: DeliveryHandler, redis: Connection): Promise<void> {
    if (this.#closed === undefined && await this.#deliver(job, host)) {
      await this.#forget(job, redis)
    } else {
      // For whoever comes next, and not counted as an attempt.
      await job.moveToWait(token)
      throw new WaitingError()
    }
  }

  // Those that come from now on need not wait for it.
  async #forget (job: Job<JobData>, redis: Connection): Promise<void> {
    await redis.eval(forget, 1, this.#keys.last(job.data.orderingKey), String(job.id)).catch(() => {})
  }

  /** Whether it was delivered, and not cut short. */
  #deliver (job: Job<JobData>, host: DeliveryHandler): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const cutShort = () => { resolve(false) }
      this.#atWork.add(cutShort)
      host.deliver(toDue(job)).then(() => { resolve(true) }, reject).then(() => {
        this.#atWork.delete(cutShort)
        if (this.#atWork.size === 0) this.#idle()
      })
    })
  }

  #report (report: Promise<void>): void {
    this.#reports.add(report)
    report.finally(() => { this.#reports.delete(report) })
  }

  #reach (): Opened {
    const opened = this.#use()
    if (opened.redis.status !== 'ready') throw new InboxError('Redis is out of reach: the inbox can be asked again when it is back')
    return opened
  }

  #use (): Opened {
    if (this.#opened === undefined) throw new InboxError('the inbox is not open')
    return this.#opened
  }
}

function openQueue (name: string, connection: Connection, prefix: string): Queue<JobData> {
  try {
    return new Queue<JobData>(name, { connection, prefix })
  } catch (error) {
    connection.endAll()
    throw error
  }
}

function toDue (job: Job<JobData>): DueEntry {
  return { ...toStored(job), attempt: job.attemptsMade + 1, storedAt: job.timestamp }
}

function toStored ({ name, data: { key, orderingKey, body, revision } }: Job<JobData>): StoredEntry {
  return { key, orderingKey, name, body, revision }
}
