import { Job, type JobsOptions, type Queue } from 'bullmq'
import type { ChainableCommander, Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { retentionMs } from '../../dedup/index.ts'
import type { StoredEntry } from '../inbox.ts'
import type { Keys } from './keys.ts'
import { redisMessage, withoutArguments } from './redis-error.ts'
import { entryOf, plan, type PlannedJob, type NewEntry, type KnownState } from './plan.ts'
import { rememberJobScript, removeDeadJob } from './scripts.ts'

/** The data of a job in the queue. */
export type JobData = Pick<StoredEntry, 'key' | 'orderingKey' | 'body' | 'revision'>

/** The largest number of jobs in one transaction. */
const maxBatchSize = 100

/** How often a transaction is repeated when other replicas change the state that it depends on. */
const maxTransactionAttempts = 50

interface Waiting {
  readonly newEntry: NewEntry
  resolve (added: boolean): void
  reject (error: InboxError): void
}

interface JobStates {
  readonly existing: ReadonlySet<string>
  readonly unfinished: ReadonlySet<string>
}

type Transaction = ReturnType<Awaited<ReturnType<Queue['getBackend']>['client']>['multi']>

/**
 * Adds jobs to the queue, each after the last job of its ordering key. In BullMQ's terms the new job is the parent of
 * the last one: a parent waits until its child is completed or has failed.
 *
 * The writer first reads the last jobs and the known revisions under WATCH. The transaction that adds the jobs is
 * executed only if nothing of that has changed. Entries that arrive during one transaction share the next.
 */
export class JobWriter {
  readonly #queue: Queue<JobData>
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #options: JobsOptions
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  /** Whether Redis has BullMQ's scripts. */
  #scriptsLoaded = false

  constructor (queue: Queue<JobData>, redis: Redis, keys: Keys, options: JobsOptions) {
    this.#queue = queue
    this.#redis = redis
    this.#keys = keys
    this.#options = options
    // Redis may have restarted without the scripts.
    redis.on('close', () => { this.#scriptsLoaded = false })
  }

  /** Adds an entry. Resolves with `false` for a duplicate. */
  add (newEntry: NewEntry): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ newEntry, resolve, reject })
      this.#writing ??= this.#writeAll()
    })
  }

  /** Waits until no entry waits to be added. */
  async settle (): Promise<void> {
    await this.#writing
  }

  async #writeAll (): Promise<void> {
    // Lets `add` set #writing before this method can reset it.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatchSize)
      try {
        if (this.#redis.status !== 'ready') throw new Error('it is not connected')
        const added = await this.#write(batch.map(({ newEntry }) => newEntry))
        for (const { newEntry, resolve } of batch) resolve(added.has(newEntry))
      } catch (error) {
        // Reconnecting discards a transaction that has begun. Otherwise it would become part of the next one.
        if (this.#redis.status === 'ready') this.#redis.disconnect(true)
        const message = `Redis could not store the notification: ${redisMessage(error) ?? errorMessage(error)}`
        const inboxError = new InboxError(message, { cause: withoutArguments(error) })
        for (const { reject } of batch) reject(inboxError)
      }
    }
    // In the same turn as the check above, so that no entry is added in between.
    this.#writing = undefined
  }

  /** Returns the jobs that were added, by entry. Duplicates are missing. */
  async #write (entries: readonly NewEntry[]): Promise<ReadonlyMap<NewEntry, PlannedJob>> {
    for (let attempt = 0; attempt < maxTransactionAttempts; attempt++) {
      const known = await this.#readState(entries)
      const draft = plan(entries, known)
      const { existing, unfinished } = await this.#readJobs(known, draft)
      const lastIds = new Map([...known.lastIds].filter(([, id]) => unfinished.has(id)))
      const jobs = plan(entries, { ...known, lastIds }, existing)
      if (jobs.size === 0) await this.#redis.unwatch()
      if (jobs.size === 0 || await this.#transact([...jobs.values()])) return jobs
    }
    throw new Error(`other replicas changed the same chats during ${maxTransactionAttempts} attempts`)
  }

  /** Reads and watches the revisions and the last jobs. */
  async #readState (entries: readonly NewEntry[]): Promise<KnownState> {
    const keys = [...new Set(entries.map((newEntry) => entryOf(newEntry).key))]
    const orderingKeys = [...new Set(entries.map((newEntry) => entryOf(newEntry).orderingKey))]
    const names = [
      ...keys.map((key) => this.#keys.seen(key)),
      ...orderingKeys.map((orderingKey) => this.#keys.last(orderingKey))
    ]
    const [, values] = await Promise.all([this.#redis.watch(names), this.#redis.mget(names)])
    return {
      revisions: new Map(keys.map((key, index) => [key, values[index] ?? undefined])),
      lastIds: new Map(orderingKeys.flatMap((orderingKey, index) => {
        const id = values[keys.length + index]
        return typeof id === 'string' ? [[orderingKey, id]] : []
      }))
    }
  }

  /** Reads and watches all jobs that the draft names. */
  async #readJobs ({ lastIds }: KnownState, draft: ReadonlyMap<NewEntry, PlannedJob>): Promise<JobStates> {
    const draftIds = [...draft.values()].flatMap(({ id, deadJobId = id }) => [id, deadJobId])
    const ids = [...new Set([...lastIds.values(), ...draftIds])]
    if (ids.length === 0) return { existing: new Set(), unfinished: new Set() }
    const names = ids.map((id) => this.#queue.toKey(id))
    const [, ...states] = await Promise.all([
      this.#redis.watch(names),
      ...names.map((name) => this.#redis.hmget(name, 'timestamp', 'finishedOn'))
    ])
    const existing = ids.filter((_, index) => states[index]?.[0] != null)
    const unfinished = existing.filter((id) => states[ids.indexOf(id)]?.[1] == null)
    return { existing: new Set(existing), unfinished: new Set(unfinished) }
  }

  /** Adds the jobs. Resolves with `false` if the watched state has changed. */
  async #transact (jobs: readonly PlannedJob[]): Promise<boolean> {
    const client = await this.#queue.getBackend().client
    await this.#loadScripts()
    // BullMQ's type of a transaction has only its own commands, but the object has all of ioredis.
    const multi = client.multi() as Transaction & ChainableCommander
    for (const planned of jobs) {
      const { id, entry: { key, orderingKey }, revisions, deadJobId } = planned
      await this.#append(multi, planned)
      if (deadJobId !== undefined) multi.eval(...removeDeadJob(this.#queue, deadJobId))
      const names = [this.#keys.seen(key), this.#keys.last(orderingKey), this.#queue.toKey(id)]
      multi.eval(rememberJobScript, names.length, ...names, revisions ?? '', retentionMs, id)
    }
    const results = await multi.exec()
    if (results === null) return false
    for (const [error] of results) if (error !== null) throw error
    return true
  }

  // ioredis sends a script's text only once for each connection, then only its digest. If the first time is in a
  // transaction that is discarded, Redis never gets the text. So the scripts are loaded before.
  async #loadScripts (): Promise<void> {
    if (this.#scriptsLoaded) return
    // ioredis types scriptsSet as a plain object.
    const scripts = Object.entries<{ lua: string }>(this.#redis.scriptsSet)
    const needed = scripts.filter(([name]) => /^add(Standard|Parent)Job:/.test(name))
    await Promise.all(needed.map(([, { lua }]) => this.#redis.script('LOAD', lua)))
    this.#scriptsLoaded = true
  }

  async #append (multi: Transaction, { id, entry, revision, previousId }: PlannedJob): Promise<void> {
    const { key, orderingKey, name, body } = entry
    const data: JobData = { key, orderingKey, body, revision }
    const backend = this.#queue.getBackend()
    const job = new Job<JobData>(this.#queue, name, data, { ...this.#options, jobId: id }, id)
    await backend.addJobToTransaction(multi, job.asJSON(), id, { addToWaitingChildren: previousId !== undefined })
    if (previousId === undefined) return
    // Adding an existing job only sets its parent. BullMQ ignores its other data.
    const parent = { id, queue: this.#queue.qualifiedName }
    const child = new Job<JobData>(this.#queue, name, data, { parent, removeDependencyOnFailure: true }, previousId)
    const parentKey = this.#queue.toKey(id)
    await backend.addJobToTransaction(multi, child.asJSON(), previousId, {
      parentKey,
      parentDependenciesKey: `${parentKey}:dependencies`,
      deferParentRelease: true
    })
  }
}
