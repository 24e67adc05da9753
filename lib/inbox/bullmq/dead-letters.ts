import type { Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { DeadLetterEntry, PageQuery } from '../inbox.ts'
import type { JobData } from './job-writer.ts'
import { jobIdOf } from './keys.ts'

/** How many ids Redis looks at in one go, where it looks for some among all. */
const scannedAtOnce = 1000

/** A given-up notification, and the job that it is. */
export interface Dead {
  readonly entry: DeadLetterEntry
  readonly job: Job<JobData>
}

/** The jobs that have failed for good: BullMQ's own set of them, by the time at which they did. */
export class DeadLetters {
  readonly #queue: Queue<JobData>
  readonly #redis: Redis
  readonly #set: string

  constructor (queue: Queue<JobData>, redis: Redis) {
    this.#queue = queue
    this.#redis = redis
    this.#set = queue.toKey('failed')
  }

  /** A page of them. */
  async page ({ limit, after }: PageQuery): Promise<DeadLetterEntry[]> {
    const behind = after === undefined ? '-inf' : `(${after.failedAt}`
    const [level, further] = await Promise.all([
      after === undefined ? [] : this.#readAt(after.failedAt),
      this.#redis.zrangebyscore(this.#set, behind, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
    ])
    // Those that failed at the same moment are in Redis by id, here by key: whoever is cut off
    // by the limit there need not be here.
    const last = further.at(-1)
    const [begun, rest] = await Promise.all([
      this.#load(further.filter((_, index) => index % 2 === 0 && further[index + 1] !== last)),
      last === undefined ? [] : this.#readAt(Number(last))
    ])
    const dead = [...level.filter(({ entry }) => after !== undefined && compare(entry, after) > 0), ...begun, ...rest]
    return dead.map(({ entry }) => entry).sort(compare).slice(0, limit)
  }

  /** All of this key. */
  async find (key: string): Promise<Dead[]> {
    const pattern = `${jobIdOf(key, 0).slice(0, -1).replace(/[\\*?[\]]/g, '\\$&')}*`
    const ids: string[] = []
    let cursor = '0'
    do {
      const [next, members] = await this.#redis.zscan(this.#set, cursor, 'MATCH', pattern, 'COUNT', scannedAtOnce)
      ids.push(...members.filter((_, index) => index % 2 === 0))
      cursor = next
    } while (cursor !== '0')
    const dead = await this.#load([...new Set(ids)])
    return dead.filter(({ entry }) => entry.key === key).sort((a, b) => compare(a.entry, b.entry))
  }

  async #readAt (failedAt: number): Promise<Dead[]> {
    return await this.#load(await this.#redis.zrangebyscore(this.#set, failedAt, failedAt))
  }

  async #load (ids: readonly string[]): Promise<Dead[]> {
    const jobs = await Promise.all(ids.map((id) => this.#queue.getJob(id)))
    // A job may be gone by now, or at work again.
    return jobs.flatMap((job) => job?.finishedOn === undefined ? [] : [{ job, entry: toDead(job, job.finishedOn) }])
  }
}

function toDead ({ name, data: { key, orderingKey, body, revision }, failedReason = '', attemptsMade }: Job<JobData>, failedAt: number): DeadLetterEntry {
  return { key, orderingKey, name, body, revision, reason: failedReason, attempts: attemptsMade, failedAt }
}

function compare (a: Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'>, b: Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'>): number {
  return a.failedAt - b.failedAt || (a.key < b.key ? -1 : Number(a.key > b.key)) || a.revision - b.revision
}
