import { Job, type JobsOptions, type Queue } from 'bullmq'
import type { ChainableCommander, Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import { messageOf } from '../../message-of.ts'
import type { InboxEntry, StoredEntry } from '../inbox.ts'
import { nextRevision, revisionOf, type Revisions } from '../revisions.ts'
import { jobIdOf, lifetime, type Keys } from './keys.ts'
import { remember } from './scripts.ts'

/** What a job holds. */
export type JobData = Pick<StoredEntry, 'key' | 'orderingKey' | 'body' | 'revision'>

/** How many are stored in one transaction at most. */
const batchSize = 100

/** How often a transaction that others got in the way of is tried. */
const triesAtMost = 50

/** Something to be added behind the last job of its ordering key. */
type Arrival =
  | { readonly entry: InboxEntry }
  | { readonly retried: StoredEntry, readonly failedAt: number }

interface Waiting {
  readonly arrival: Arrival
  resolve (added: boolean): void
  reject (error: InboxError): void
}

/** A job to be added, and what is to be remembered of it. */
interface Addition {
  readonly job: Job<JobData>
  readonly orderingKey: string
  readonly key: string
  /** Nothing where it is remembered already. */
  readonly memory: Revisions | undefined
  /** The job that it has to wait for. */
  readonly behind: string | undefined
}

/**
 * Adds jobs to the queue, each behind the last one of its ordering key: as its parent, in BullMQ's
 * words, which waits until its child is completed or has failed for good.
 *
 * Which job is the last, and which bodies came before, is read first; the transaction that adds
 * the job is made only if nothing of that has changed meanwhile. What arrives during one
 * transaction shares the next.
 */
export class Intake {
  readonly #queue: Queue<JobData>
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #options: JobsOptions
  #waiting: Waiting[] = []
  #working: Promise<void> | undefined

  constructor (queue: Queue<JobData>, redis: Redis, keys: Keys, options: JobsOptions) {
    this.#queue = queue
    this.#redis = redis
    this.#keys = keys
    this.#options = options
  }

  /** Adds what arrives. Resolves with whether it is new. */
  add (arrival: Arrival): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, resolve, reject })
      this.#working ??= this.#work().finally(() => { this.#working = undefined })
    })
  }

  /** Waits for what is being added. */
  async settle (): Promise<void> {
    await this.#working
  }

  async #work (): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchSize)
      try {
        if (this.#redis.status !== 'ready') throw new Error('it is not connected')
        const added = await this.#store(batch.map(({ arrival }) => arrival))
        for (const [index, { resolve }] of batch.entries()) resolve(added[index] ?? false)
      } catch (error) {
        // Whatever it has begun there must not become part of the next transaction.
        if (this.#redis.status === 'ready') this.#redis.disconnect(true)
        const reason = new InboxError(`Redis could not store the notification: ${messageOf(error)}`, { cause: error })
        for (const { reject } of batch) reject(reason)
      }
    }
  }

  async #store (arrivals: readonly Arrival[]): Promise<boolean[]> {
    for (let tries = 0; tries < triesAtMost; tries++) {
      const additions = this.#plan(arrivals, await this.#read(arrivals))
      if (additions.every((addition) => addition === undefined)) {
        await this.#redis.unwatch()
        return additions.map(() => false)
      }
      if (await this.#transact(additions.filter((addition) => addition !== undefined))) return additions.map((addition) => addition !== undefined)
    }
    throw new Error('others got in the way again and again')
  }

  /** Reads, and watches, what additions depend on. */
  async #read (arrivals: readonly Arrival[]): Promise<Known> {
    const keys = [...new Set(arrivals.map((arrival) => entryOf(arrival).key))]
    const orderingKeys = [...new Set(arrivals.map((arrival) => entryOf(arrival).orderingKey))]
    const names = [...keys.map((key) => this.#keys.seen(key)), ...orderingKeys.map((orderingKey) => this.#keys.last(orderingKey))]
    const [, values] = await Promise.all([this.#redis.watch(names), this.#redis.mget(names)])
    const memories = new Map(keys.map((key, index) => [key, values[index] ?? undefined]))
    const lasts = orderingKeys.flatMap((orderingKey, index) => {
      const id = values[keys.length + index]
      return typeof id === 'string' ? [{ orderingKey, id }] : []
    })
    const unfinished = await this.#findUnfinished(lasts.map(({ id }) => id))
    return { memories, lasts: new Map(lasts.flatMap(({ orderingKey, id }) => unfinished.has(id) ? [[orderingKey, id]] : [])) }
  }

  async #findUnfinished (ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set()
    const names = ids.map((id) => this.#queue.toKey(id))
    const [, ...states] = await Promise.all([
      this.#redis.watch(names),
      ...names.map((name) => this.#redis.hmget(name, 'timestamp', 'finishedOn'))
    ])
    return new Set(ids.filter((_, index) => states[index]?.[0] != null && states[index]?.[1] == null))
  }

  #plan (arrivals: readonly Arrival[], { memories, lasts }: Known): Array<Addition | undefined> {
    return arrivals.map((arrival) => {
      const { key, orderingKey, name, body } = entryOf(arrival)
      const known = memories.get(key)
      let id: string
      let revision: number
      let memory: Revisions | undefined
      if ('entry' in arrival) {
        if (known !== undefined && revisionOf(known, arrival.entry.checksum) !== undefined) return undefined
        ;({ revision, memory } = nextRevision(known, arrival.entry.checksum))
        memories.set(key, memory)
        id = jobIdOf(key, revision)
      } else {
        revision = arrival.retried.revision
        id = jobIdOf(key, revision, arrival.failedAt)
      }
      const behind = lasts.get(orderingKey)
      lasts.set(orderingKey, id)
      const job = new Job<JobData>(this.#queue, name, { key, orderingKey, body, revision }, { ...this.#options, jobId: id }, id)
      return { job, orderingKey, key, memory, behind }
    })
  }

  /** Whether it was made: not, where others have changed what it depends on. */
  async #transact (additions: readonly Addition[]): Promise<boolean> {
    const client = await this.#queue.getBackend().client
    // BullMQ's own kind of transaction, which passes on everything that ioredis can do.
    const multi = client.multi() as ReturnType<typeof client.multi> & ChainableCommander
    for (const { job, key, orderingKey, memory, behind } of additions) {
      const id = String(job.id)
      await this.#append(multi, job, id, behind)
      multi.eval(remember, 3, this.#keys.seen(key), this.#keys.last(orderingKey), this.#queue.toKey(id), memory ?? '', lifetime, id)
    }
    const results = await multi.exec()
    if (results === null) return false
    for (const [error] of results) if (error !== null) throw error
    return true
  }

  async #append (multi: Parameters<ReturnType<Queue['getBackend']>['addJobToTransaction']>[0], job: Job<JobData>, id: string, behind: string | undefined): Promise<void> {
    const backend = this.#queue.getBackend()
    await backend.addJobToTransaction(multi, job.asJSON(), id, { addToWaitingChildren: behind !== undefined })
    if (behind === undefined) return
    // A job that is there already is only told of its parent, whatever else this one says.
    const parent = { id, queue: this.#queue.qualifiedName }
    const child = new Job<JobData>(this.#queue, job.name, job.data, { parent, removeDependencyOnFailure: true }, behind)
    const parentKey = this.#queue.toKey(id)
    await backend.addJobToTransaction(multi, child.asJSON(), behind, { parentKey, parentDependenciesKey: `${parentKey}:dependencies`, deferParentRelease: true })
  }
}

/** What additions depend on. */
interface Known {
  readonly memories: Map<string, Revisions | undefined>
  /** By ordering key, the last job, where it is unfinished. */
  readonly lasts: Map<string, string>
}

function entryOf (arrival: Arrival): Pick<StoredEntry, 'key' | 'orderingKey' | 'name' | 'body'> {
  return 'entry' in arrival ? arrival.entry : arrival.retried
}
