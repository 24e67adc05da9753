import type { Redis } from 'ioredis'
import { maxRevisions, retentionMs } from '../../dedup/index.ts'
import type { DeadLetterEntry, InboxEntry, PageQuery, StoredEntry } from '../inbox.ts'
import { finishScript, leaveScript, storeScript, takeScript } from './scripts.ts'

/** The first entry of a chat. */
export interface WaitingEntry extends StoredEntry {
  /** When the entry was added or last retried: Unix time in milliseconds. */
  readonly storedAt: number
}

export interface Taken {
  readonly first: WaitingEntry | undefined
  readonly count: number
}

/** A dead letter, and where it is stored. */
export interface DeadLetter {
  /** Sorts dead letters that failed at the same time. */
  readonly position: string
  readonly entry: DeadLetterEntry
}

/** About how many chats a page has. */
const pageSize = 200

/**
 * The entries in Redis: a list for each chat, and the dead letters.
 *
 * A method with the parameter `redis` may be called with a client that sends commands again after a lost connection:
 * its script has no effect the second time.
 */
export class Store {
  /** What the keys in Redis begin with. */
  readonly #prefix: string
  readonly #redis: Redis

  constructor (redis: Redis, prefix: string) {
    this.#redis = redis
    this.#prefix = prefix
  }

  /** Stores entries in one step. Resolves with `false` for each duplicate. Sends its command before it returns. */
  async add (entries: readonly InboxEntry[]): Promise<boolean[]> {
    const storedAt = Date.now()
    const keys = entries.flatMap(({ key, orderingKey }) => [this.#key('seen', key), this.#key('chat', orderingKey)])
    const values = entries.flatMap((entry) => [entry.orderingKey, entry.checksum ?? '*', toLine(entry, storedAt)])
    const stored = await this.#redis.eval(
      storeScript, keys.length + 2, this.#key('pending'), this.#key('chats'), ...keys,
      retentionMs, maxRevisions, ...values
    )
    return toArray(stored).map((answer) => answer === 1)
  }

  /** Makes `owner` the owner of the chat. Resolves with the first entry and the number of entries. */
  async take (redis: Redis, orderingKey: string, owner: string): Promise<Taken> {
    const keys = [this.#key('chat', orderingKey), this.#key('chats')]
    const [count, line] = toArray(await redis.eval(takeScript, keys.length, ...keys, orderingKey, owner))
    return { first: parse(line, orderingKey), count: Number(count) }
  }

  /**
   * Removes an entry from its chat. Resolves with the next one, or with `undefined` if there is none or if the chat has
   * another owner now.
   */
  async finish (redis: Redis, entry: StoredEntry, owner: string, dead?: DeadLetter): Promise<WaitingEntry | undefined> {
    const { orderingKey } = entry
    const keys = [this.#key('chat', orderingKey), this.#key('chats'), this.#key('pending')]
    const values: Array<string | number> = [orderingKey, owner, idOf(entry)]
    if (dead !== undefined) {
      keys.push(this.#key('dead'), this.#key('dead', entry.key))
      values.push(dead.position, dead.entry.failedAt, JSON.stringify(dead.entry))
    }
    return parse(await redis.eval(finishScript, keys.length, ...keys, ...values), orderingKey)
  }

  /** Resolves with chats that have entries, and with the next cursor. The first and the last cursor are `'0'`. */
  async chats (redis: Redis, cursor: string): Promise<{ chats: string[], next: string }> {
    const [next, fields] = await redis.hscan(this.#key('chats'), cursor, 'COUNT', pageSize)
    // Each name of a field is followed by its value.
    return { next, chats: fields.filter((_, index) => index % 2 === 0) }
  }

  /** Takes the lock with this name, for a number of milliseconds. Resolves with whether it was free. */
  async lock (name: string, duration: number): Promise<boolean> {
    return await this.#redis.set(this.#key('lock', name), '1', 'PX', duration, 'NX') === 'OK'
  }

  async pendingCount (): Promise<number> {
    return Number(await this.#redis.get(this.#key('pending')))
  }

  async deadLetterCount (): Promise<number> {
    return await this.#redis.zcard(this.#key('dead'))
  }

  async deadLetters ({ limit, after }: PageQuery): Promise<DeadLetterEntry[]> {
    const min = after?.failedAt ?? '-inf'
    const entries: DeadLetterEntry[] = []
    for (let offset = 0; ; offset += limit) {
      const positions = await this.#redis.zrangebyscore(this.#key('dead'), min, '+inf', 'LIMIT', offset, limit)
      const found = await Promise.all(
        positions.map((position) => this.#redis.hget(this.#key('dead', keyOf(position)), position))
      )
      // A dead letter may have been removed in the meantime.
      const page = found.flatMap((json) => json === null ? [] : [parseDead(json)])
      entries.push(...page.filter((entry) => after === undefined || isAfter(entry, after)))
      if (entries.length >= limit || positions.length < limit) return entries.slice(0, limit)
    }
  }

  /** Resolves with the dead letters of a key. */
  async findDead (key: string): Promise<DeadLetter[]> {
    const found = Object.entries(await this.#redis.hgetall(this.#key('dead', key)))
    return found
      .map(([position, json]) => ({ position, entry: parseDead(json) }))
      .sort((one, other) => isAfter(one.entry, other.entry) ? 1 : -1)
  }

  /** Moves a dead letter to the end of its chat. Resolves with `false` if it was removed before. */
  async retry ({ position, entry }: DeadLetter): Promise<boolean> {
    return await this.#leave(position, entry, `${entry.revision} ${toLine(entry, Date.now())}`)
  }

  /** Deletes a dead letter. Resolves with `false` if it was removed before. */
  async discard ({ position, entry }: DeadLetter): Promise<boolean> {
    return await this.#leave(position, entry, '')
  }

  async #leave (position: string, { key, orderingKey }: StoredEntry, line: string): Promise<boolean> {
    const keys = [
      this.#key('dead'), this.#key('dead', key), this.#key('pending'), this.#key('chat', orderingKey),
      this.#key('chats')
    ]
    return await this.#redis.eval(leaveScript, keys.length, ...keys, position, orderingKey, line) === 1
  }

  #key (...parts: string[]): string {
    return [this.#prefix, ...parts].join(':')
  }
}

/** Creates the dead letter of an entry, which belongs to the job with this id. */
export function toDeadLetter (entry: StoredEntry, reason: string, attempts: number, jobId: string): DeadLetter {
  const { key, orderingKey, name, body, revision } = entry
  return {
    position: `${key} ${String(revision).padStart(16, '0')} ${jobId}`,
    entry: { key, orderingKey, name, body, revision, reason, attempts, failedAt: Date.now() }
  }
}

/** The id of the job that a dead letter belongs to. */
export function jobIdOf ({ position }: DeadLetter): string {
  return position.slice(position.lastIndexOf(' ') + 1)
}

function keyOf (position: string): string {
  return position.slice(0, position.indexOf(' '))
}

/** What the entry's line in the list of its chat begins with. A key contains no space. */
function idOf ({ key, revision }: StoredEntry): string {
  return `${revision} ${key} `
}

/** The entry's line in the list of its chat, without the revision. Only the body may contain spaces. */
function toLine ({ key, name, body }: Omit<StoredEntry, 'revision'>, storedAt: number): string {
  const head = `${key} ${storedAt} ${name}`
  return body === null ? head : `${head} ${body}`
}

function parse (line: unknown, orderingKey: string): WaitingEntry | undefined {
  if (typeof line !== 'string') return
  const [head, revision, key = '', storedAt, name = ''] = /^(\d+) (\S+) (\d+) (\S+)/.exec(line) ?? []
  if (head === undefined) throw new TypeError(`Redis has an entry of ${orderingKey} in an unknown format`)
  const body = line.length === head.length ? null : line.slice(head.length + 1)
  return { key, orderingKey, revision: Number(revision), name, body, storedAt: Number(storedAt) }
}

function parseDead (json: string): DeadLetterEntry {
  return JSON.parse(json)
}

function isAfter (entry: DeadLetterEntry, after: Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'>): boolean {
  if (entry.failedAt !== after.failedAt) return entry.failedAt > after.failedAt
  return entry.key === after.key ? entry.revision > after.revision : entry.key > after.key
}

function toArray (reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply
  throw new TypeError('Redis answered a script with something other than a list')
}
