import type { Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { DeadLetterEntry, PageQuery } from '../inbox.ts'
import type { JobData } from './job-writer.ts'
import { jobIdOf } from './keys.ts'

/** How many ids Redis examines for each ZSCAN call. */
const scanCount = 1000

/** A dead letter and its job. */
export interface DeadJob {
  readonly entry: DeadLetterEntry
  readonly job: Job<JobData>
}

type Position = Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'>

/** Reads the dead letters: they are the failed jobs of BullMQ, a sorted set by the time of failure. */
export class DeadLetters {
  readonly #queue: Queue<JobData>
  readonly #redis: Redis
  readonly #failedKey: string

  constructor (queue: Queue<JobData>, redis: Redis) {
    this.#queue = queue
    this.#redis = redis
    this.#failedKey = queue.toKey('failed')
  }

  async page ({ limit, after }: PageQuery): Promise<DeadLetterEntry[]> {
    const min = after === undefined ? '-inf' : `(${after.failedAt}`
    const [sameTime, later] = await Promise.all([
      after === undefined ? [] : this.#readAt(after.failedAt),
      this.#redis.zrangebyscore(this.#failedKey, min, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
    ])
    // Redis sorts jobs that failed at the same time by id, this list sorts them by key. So `limit` may cut off the
    // wrong ones at the last time, and all jobs of that time are read.
    const lastTime = later.at(-1)
    const [beforeLastTime, atLastTime] = await Promise.all([
      this.#load(later.filter((_, index) => index % 2 === 0 && later[index + 1] !== lastTime)),
      lastTime === undefined ? [] : this.#readAt(Number(lastTime))
    ])
    const afterPosition = sameTime.filter(({ entry }) => after !== undefined && compare(entry, after) > 0)
    const entries = [...afterPosition, ...beforeLastTime, ...atLastTime].map(({ entry }) => entry)
    return entries.sort(compare).slice(0, limit)
  }

  /** Returns all dead letters with this key. */
  async find (key: string): Promise<DeadJob[]> {
    const idPrefix = jobIdOf(key, 0).slice(0, -1)
    const pattern = `${idPrefix.replace(/[\\*?[\]]/g, '\\$&')}*`
    const ids: string[] = []
    let cursor = '0'
    do {
      const [next, members] = await this.#redis.zscan(this.#failedKey, cursor, 'MATCH', pattern, 'COUNT', scanCount)
      ids.push(...members.filter((_, index) => index % 2 === 0))
      cursor = next
    } while (cursor !== '0')
    // ZSCAN may return an id twice, and the pattern for the key `a` also matches the id of the key `a~1`.
    const dead = await this.#load([...new Set(ids)])
    return dead.filter(({ entry }) => entry.key === key).sort((a, b) => compare(a.entry, b.entry))
  }

  async #readAt (failedAt: number): Promise<DeadJob[]> {
    return await this.#load(await this.#redis.zrangebyscore(this.#failedKey, failedAt, failedAt))
  }

  async #load (ids: readonly string[]): Promise<DeadJob[]> {
    const jobs = await Promise.all(ids.map((id) => this.#queue.getJob(id)))
    // A job may have been removed or retried in the meantime.
    return jobs.flatMap((job) => job?.finishedOn === undefined ? [] : [{ job, entry: toEntry(job, job.finishedOn) }])
  }
}

function toEntry (
  { name, data: { key, orderingKey, body, revision }, failedReason = '', attemptsMade }: Job<JobData>,
  failedAt: number
): DeadLetterEntry {
  return { key, orderingKey, name, body, revision, reason: failedReason, attempts: attemptsMade, failedAt }
}

function compare (a: Position, b: Position): number {
  return a.failedAt - b.failedAt || (a.key < b.key ? -1 : Number(a.key > b.key)) || a.revision - b.revision
}
