import { once } from 'node:events'
import { Queue, Worker, type Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import { inTime } from '../../in-time.ts'
import { logError } from '../../log-error.ts'
import { jitter } from '../backoff.ts'
import type { BullmqInboxOptions } from '../bullmq.ts'
import type { DeadEntry, DeadPage, Inbox, InboxEntry, InboxHost, StoredEntry } from '../inbox.ts'
import { connect, patience } from './connection.ts'
import { DeadLetters } from './dead-letters.ts'
import { Intake, type JobData } from './intake.ts'
import { Keys } from './keys.ts'
import { forget } from './scripts.ts'

/** The options, complete. */
export type Settings = { readonly [Option in keyof BullmqInboxOptions]-?: Exclude<BullmqInboxOptions[Option], undefined> }

/** What there is from opening on. */
interface Opened {
  readonly host: InboxHost
  readonly redis: Redis
  readonly queue: Queue<JobData>
  readonly intake: Intake
  readonly dead: DeadLetters
}

/** What there is from starting on. */
interface Working {
  readonly redis: Redis
  readonly worker: Worker<JobData>
}

/** The states of a job that is still to be delivered. */
const undelivered = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'] as const

/** An inbox in a queue of BullMQ. */
export class BullmqInbox implements Inbox {
  readonly #settings: Settings
  readonly #keys: Keys
  #opened: Opened | undefined
  #working: Working | undefined
  /** What listeners of `failed` are being told. */
  readonly #reports = new Set<Promise<void>>()
  #closed: Promise<void> | undefined

  constructor (settings: Settings) {
    this.#settings = settings
    this.#keys = new Keys(settings.prefix, settings.name)
  }

  async open (host: InboxHost): Promise<void> {
    if (this.#opened !== undefined || this.#closed !== undefined) throw new InboxError('this inbox was opened before: make one for each scope')
    const { connection, name, prefix, backoff } = this.#settings
    const redis = connect(connection, 'impatient', host.log)
    const queue = new Queue<JobData>(name, { connection: redis, prefix })
    // The connection tells of its errors itself.
    queue.on('error', () => {})
    const intake = new Intake(queue, redis, this.#keys, {
      attempts: host.attempts,
      backoff: { type: 'exponential', delay: backoff, jitter },
      removeOnComplete: true,
      removeOnFail: false
    })
    this.#opened = { host, redis, queue, intake, dead: new DeadLetters(queue, redis) }
    // Where Redis is away there is no use in waiting longer.
    await inTime(Promise.race([once(redis, 'ready'), once(redis, 'close')]).catch(() => {}), patience)
  }

  start (): void {
    const { host } = this.#use()
    const { connection, name, prefix, concurrency, lockDuration } = this.#settings
    const redis = connect(connection, 'patient', host.log)
    const worker = new Worker<JobData>(name, (job) => this.#process(job, host, redis), {
      connection: redis,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval: lockDuration,
      // What a crash cut short has not failed.
      maxStalledCount: Number.MAX_SAFE_INTEGER
    })
    worker.on('failed', (job, error) => {
      if (job?.finishedOn !== undefined) this.#report(host.givenUp(toStored(job), error, job.attemptsMade))
    })
    worker.on('error', (error) => {
      if (redis.status === 'ready') logError(host.log, 'error', error, {}, 'the inbox cannot deliver for the moment')
    })
    this.#working = { redis, worker }
  }

  add (entry: InboxEntry): Promise<boolean> {
    return this.#use().intake.add({ entry })
  }

  async size (): Promise<number> {
    return await this.#use().queue.getJobCountByTypes(...undelivered)
  }

  async failed (page: DeadPage): Promise<DeadEntry[]> {
    return await this.#use().dead.page(page)
  }

  // Behind the others of its chat, as another job: BullMQ's own way would let it overtake them. Were
  // the process to end between the two, it would be delivered and stay in the list, not be lost.
  async retry (key: string): Promise<number> {
    const { dead, intake } = this.#use()
    const found = await dead.find(key)
    for (const { entry, job } of found) {
      await intake.add({ retried: entry, failedAt: entry.failedAt })
      await job.remove()
    }
    return found.length
  }

  async discard (key: string): Promise<number> {
    const found = await this.#use().dead.find(key)
    for (const { job } of found) await job.remove()
    return found.length
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
    await inTime(this.#finish(opened, working), timeout)
    // What is still at work is taken over by others, or by the next start.
    working?.redis.disconnect()
    opened.redis.disconnect()
  }

  async #finish ({ intake, queue }: Opened, working: Working | undefined): Promise<void> {
    await Promise.all([intake.settle(), working?.worker.close()])
    await Promise.all(this.#reports)
    await queue.close()
  }

  async #process (job: Job<JobData>, host: InboxHost, redis: Redis): Promise<void> {
    await host.deliver(toStored(job))
    // Those that come from now on need not wait for it.
    await redis.eval(forget, 1, this.#keys.last(job.data.orderingKey), String(job.id))
  }

  #report (report: Promise<void>): void {
    this.#reports.add(report)
    report.finally(() => { this.#reports.delete(report) })
  }

  #use (): Opened {
    if (this.#opened === undefined) throw new InboxError('the inbox is not open')
    return this.#opened
  }
}

function toStored ({ name, data: { key, orderingKey, body, revision } }: Job<JobData>): StoredEntry {
  return { key, orderingKey, name, body, revision }
}
