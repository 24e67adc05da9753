import { Job, type JobsOptions, type Queue } from 'bullmq'
import type { ChainableCommander, Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { retentionMs } from '../../dedup/retention.ts'
import type { StoredEntry } from '../inbox.ts'
import { withoutCommand } from './connection.ts'
import type { Keys } from './keys.ts'
import { entryOf, plan, type PlannedJob, type NewEntry, type KnownState } from './plan.ts'
import { removeDead } from './remove-dead.ts'
import { remember } from './scripts.ts'

/** What a job holds. */
export type JobData = Pick<StoredEntry, 'key' | 'orderingKey' | 'body' | 'revision'>

/** How many are stored in one transaction at most. */
const batchSize = 100

/** How often a transaction that others got in the way of is tried. */
const triesAtMost = 50

interface Waiting {
  readonly arrival: NewEntry
  resolve (added: boolean): void
  reject (error: InboxError): void
}

/**
 * Adds jobs to the queue, each behind the last one of its ordering key: as its parent, in BullMQ's
 * words, which waits until its child is completed or has failed for good.
 *
 * Which job is the last, and which bodies came before, is read first; the transaction that adds
 * the job is made only if nothing of that has changed meanwhile. What arrives during one
 * transaction shares the next.
 */
export class JobWriter {
  readonly #queue: Queue<JobData>
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #options: JobsOptions
  #waiting: Waiting[] = []
  #working: Promise<void> | undefined
  /** Whether Redis has the scripts that add jobs, since the connection was made. */
  #prepared = false

  constructor (queue: Queue<JobData>, redis: Redis, keys: Keys, options: JobsOptions) {
    this.#queue = queue
    this.#redis = redis
    this.#keys = keys
    this.#options = options
    redis.on('close', () => { this.#prepared = false })
  }

  /** Adds what arrives. Resolves with whether it is new. */
  add (arrival: NewEntry): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject })
      this.#working ??= this.#work()
    })
  }

  /** Waits for what is being added. */
  async settle (): Promise<void> {
    await this.#working
  }

  async #work (): Promise<void> {
    // Never over before it is noted that it is under way.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchSize)
      try {
        if (this.#redis.status !== 'ready') throw new Error('it is not connected')
        const added = await this.#store(batch.map(({ arrival }) => arrival))
        for (const { arrival, resolve } of batch) resolve(added.has(arrival))
      } catch (error) {
        // Whatever it has begun there must not become part of the next transaction.
        if (this.#redis.status === 'ready') this.#redis.disconnect(true)
        const reason = new InboxError(`Redis could not store the notification: ${errorMessage(error)}`, { cause: withoutCommand(error) })
        for (const { reject } of batch) reject(reason)
      }
    }
    // At once: what is added in the next moment would begin nothing.
    this.#working = undefined
  }

  /** Resolves with those that are new. */
  async #store (arrivals: readonly NewEntry[]): Promise<ReadonlyMap<NewEntry, PlannedJob>> {
    for (let tries = 0; tries < triesAtMost; tries++) {
      const known = await this.#read(arrivals)
      const wanted = plan(arrivals, known)
      const { jobs, unfinished } = await this.#readJobs(known, wanted)
      const lasts = new Map([...known.lasts].filter(([, id]) => unfinished.has(id)))
      const additions = plan(arrivals, { ...known, lasts }, jobs)
      if (additions.size === 0) await this.#redis.unwatch()
      if (additions.size === 0 || await this.#transact([...additions.values()])) return additions
    }
    throw new Error('others got in the way again and again')
  }

  /** Reads, and watches, what came before. */
  async #read (arrivals: readonly NewEntry[]): Promise<KnownState> {
    const keys = [...new Set(arrivals.map((arrival) => entryOf(arrival).key))]
    const orderingKeys = [...new Set(arrivals.map((arrival) => entryOf(arrival).orderingKey))]
    const names = [...keys.map((key) => this.#keys.seen(key)), ...orderingKeys.map((orderingKey) => this.#keys.last(orderingKey))]
    const [, values] = await Promise.all([this.#redis.watch(names), this.#redis.mget(names)])
    return {
      memories: new Map(keys.map((key, index) => [key, values[index] ?? undefined])),
      lasts: new Map(orderingKeys.flatMap((orderingKey, index) => {
        const id = values[keys.length + index]
        return typeof id === 'string' ? [[orderingKey, id]] : []
      }))
    }
  }

  /** Reads, and watches, which jobs there are of those that are wanted and those to wait for, and which are unfinished. */
  async #readJobs ({ lasts }: KnownState, wanted: ReadonlyMap<NewEntry, PlannedJob>): Promise<{ jobs: Set<string>, unfinished: Set<string> }> {
    const ids = [...new Set([...lasts.values(), ...[...wanted.values()].flatMap(({ id, deadId }) => deadId === undefined ? [id] : [id, deadId])])]
    if (ids.length === 0) return { jobs: new Set(), unfinished: new Set() }
    const names = ids.map((id) => this.#queue.toKey(id))
    const [, ...states] = await Promise.all([
      this.#redis.watch(names),
      ...names.map((name) => this.#redis.hmget(name, 'timestamp', 'finishedOn'))
    ])
    const jobs = ids.filter((_, index) => states[index]?.[0] != null)
    return { jobs: new Set(jobs), unfinished: new Set(jobs.filter((id) => states[ids.indexOf(id)]?.[1] == null)) }
  }

  /** Whether it was made: not, where others have changed what it depends on. */
  async #transact (additions: readonly PlannedJob[]): Promise<boolean> {
    const client = await this.#queue.getBackend().client
    await this.#prepare()
    // BullMQ's own kind of transaction, which passes on everything that ioredis can do.
    const multi = client.multi() as Transaction & ChainableCommander
    for (const addition of additions) {
      const { id, entry: { key, orderingKey }, memory, deadId } = addition
      await this.#append(multi, addition)
      if (deadId !== undefined) multi.eval(...removeDead(this.#queue, deadId))
      multi.eval(remember, 3, this.#keys.seen(key), this.#keys.last(orderingKey), this.#queue.toKey(id), memory ?? '', retentionMs, id)
    }
    const results = await multi.exec()
    if (results === null) return false
    for (const [error] of results) if (error !== null) throw error
    return true
  }

  // Of a script that a connection has sent once, ioredis sends no more than the digest, even where the
  // transaction that it was sent in came to nothing and Redis never learned it.
  async #prepare (): Promise<void> {
    if (this.#prepared) return
    // Typed by ioredis as an object of which nothing is known.
    const scripts = Object.entries<{ lua: string }>(this.#redis.scriptsSet).filter(([name]) => /^add(Standard|Parent)Job:/.test(name))
    await Promise.all(scripts.map(([, { lua }]) => this.#redis.script('LOAD', lua)))
    this.#prepared = true
  }

  async #append (multi: Transaction, { id, entry: { key, orderingKey, name, body }, revision, behind }: PlannedJob): Promise<void> {
    const backend = this.#queue.getBackend()
    const job = new Job<JobData>(this.#queue, name, { key, orderingKey, body, revision }, { ...this.#options, jobId: id }, id)
    await backend.addJobToTransaction(multi, job.asJSON(), id, { addToWaitingChildren: behind !== undefined })
    if (behind === undefined) return
    // A job that is there already is only told of its parent, whatever else this one says.
    const parent = { id, queue: this.#queue.qualifiedName }
    const child = new Job<JobData>(this.#queue, name, job.data, { parent, removeDependencyOnFailure: true }, behind)
    const parentKey = this.#queue.toKey(id)
    await backend.addJobToTransaction(multi, child.asJSON(), behind, { parentKey, parentDependenciesKey: `${parentKey}:dependencies`, deferParentRelease: true })
  }
}

type Transaction = ReturnType<Awaited<ReturnType<Queue['getBackend']>['client']>['multi']>
