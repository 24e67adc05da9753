import { statfs } from 'node:fs/promises'
import { open, type Database, type RootDatabase } from 'lmdb'
import { InboxError } from '../../errors.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, PageQuery, InboxEntry } from '../inbox.ts'
import { nextRevision, revisionOf } from '../../dedup/index.ts'
import { countOf } from './entry-count.ts'
import { DeadList } from './dead-letters.ts'
import { GroupCommit } from './group-commit.ts'
import type { Pending } from './pending.ts'
import { Memory } from './seen-keys.ts'

// Arrays take half the space of objects.
type PendingRecord = [
  key: string, orderingKey: string, name: string, body: string | null, revision: number,
  storedAt: number, attempts: number, dueAt: number
]

/** A running `add`, `revive` or `discard` of a key. `checksum` is set for `add`. */
interface Changing {
  readonly checksum?: number
  readonly written: Promise<void>
}

/** The names of the databases in the environment. */
export const databases = ['pending', 'passed', 'dead', 'dead-keys', 'seen-a', 'seen-b', 'meta'] as const

/** The options with which every program opens the environment. */
export const environment = {
  noSubdir: false,
  maxDbs: databases.length,
  // A commit resolves only after it is synced.
  overlappingSync: false,
  // GroupCommit does this. When a batch of LMDB's own fails, it also leaves a rejection that cannot be handled.
  eventTurnBatching: false
} as const

/**
 * The inbox on disk: an LMDB environment, which is a folder.
 *
 * Reads are synchronous and see committed data. A write resolves when it is committed and synced, together with all
 * other writes of the same time. It rejects when nothing of it is written.
 */
export class Store {
  readonly #path: string
  readonly #root: RootDatabase
  /** By place. */
  readonly #pending: Database<PendingRecord, number>
  /** The places that the dispatcher of this process has passed over, by ordering key. */
  readonly #passed: Database<number, string>
  readonly #deadList: DeadList
  readonly #memory: Memory
  /** The running change of each key. There is one at a time. */
  readonly #changing = new Map<string, Changing>()
  readonly #commits: GroupCommit
  #next = 0

  constructor (path: string) {
    this.#path = path
    this.#root = open({ path, ...environment })
    this.#pending = this.#root.openDB({ name: 'pending' })
    this.#passed = this.#root.openDB({ name: 'passed', dupSort: true, encoding: 'ordered-binary' })
    this.#commits = new GroupCommit(this.#root, (error) => this.#explain(error))
    this.#deadList = new DeadList(this.#root)
    this.#memory = new Memory(this.#root, this.#commits)
  }

  /** The id of another process that has the environment open. */
  get otherReader (): number | undefined {
    return findOtherReader(this.#root)
  }

  /** Prepares the store for writing. No other process may have it open. */
  begin (): void {
    this.#passed.clearSync()
    const [last] = this.#pending.getKeys({ reverse: true, limit: 1 })
    this.#next = last === undefined ? 0 : last + 1
  }

  /** The number of pending notifications. */
  get size (): number {
    return countOf(this.#pending)
  }

  /** The number of dead letters. */
  get deadSize (): number {
    return this.#deadList.size
  }

  /**
   * Adds an entry, and calls `stored` when it is on disk. Resolves with `false` for a duplicate.
   */
  add (entry: InboxEntry, stored: (pending: Pending) => void): Promise<boolean> {
    const { key, checksum, orderingKey, name, body } = entry
    const changing = this.#changing.get(key)
    if (changing !== undefined) return this.#addAfter(changing, entry, stored)
    const memory = this.#memory.recall(key)
    if (memory !== undefined && revisionOf(memory, checksum) !== undefined) return Promise.resolve(false)

    this.#memory.turn()
    const next = nextRevision(memory, checksum)
    const pending: Pending = {
      place: this.#next++,
      key,
      orderingKey,
      name,
      body,
      revision: next.revision,
      storedAt: Date.now(),
      attempts: 0,
      dueAt: 0
    }
    const written = this.#commits.write(() => [this.#put(pending), this.#memory.put(key, next.memory)])
    return this.#change(key, { checksum, written }, () => {
      stored(pending)
      return true
    })
  }

  // The revision of another body depends on whether the running `add` succeeds.
  async #addAfter (
    { checksum, written }: Changing, entry: InboxEntry, stored: (pending: Pending) => void
  ): Promise<boolean> {
    if (checksum === entry.checksum) {
      await written
      return false
    }
    await written.catch(() => {})
    return await this.add(entry, stored)
  }

  /** Returns up to `limit` pending notifications, starting at `place`. */
  read (place: number, limit: number): Pending[] {
    return [...this.#pending.getRange({ start: place, limit }).map(({ key, value }) => toPending(key, value))]
  }

  get (place: number): Pending | undefined {
    const record = this.#pending.get(place)
    return record && toPending(place, record)
  }

  /** Stores that the dispatcher passed over a notification. */
  pass ({ orderingKey, place }: Pending): Promise<void> {
    return this.#commits.write(() => [this.#passed.put(orderingKey, place)])
  }

  /** Removes and returns up to `limit` passed-over places of an ordering key, all before `end`. */
  async takePassed (orderingKey: string, limit: number, end: number): Promise<number[]> {
    const places = [...this.#passed.getValues(orderingKey, { end, limit })]
    await this.#commits.write(() => places.map((place) => this.#passed.remove(orderingKey, place)))
    return places
  }

  /** Removes a delivered notification. */
  remove (pending: Pending): Promise<void> {
    return this.#commits.write(() => [this.#pending.remove(pending.place)])
  }

  /** Stores the changed state of a notification. */
  update (pending: Pending): Promise<void> {
    return this.#commits.write(() => [this.#put(pending)])
  }

  /** Moves a notification to the dead-letter list. */
  bury (pending: Pending, reason: string, failedAt: number): Promise<void> {
    return this.#commits.write(() => [
      this.#pending.remove(pending.place),
      ...this.#deadList.put(pending, reason, failedAt)
    ])
  }

  readDead (page: PageQuery): DeadLetterEntry[] {
    return this.#deadList.page(page)
  }

  /** Makes the dead letters with this key pending again, after all others. */
  revive (key: string): Promise<Pending[]> {
    return this.#exhume(key, (dead) => {
      const revived = dead.map(({ key, orderingKey, name, body, revision }): Pending => (
        { place: this.#next++, key, orderingKey, name, body, revision, storedAt: Date.now(), attempts: 0, dueAt: 0 }
      ))
      return [revived, () => revived.map((pending) => this.#put(pending))]
    })
  }

  /** Removes the dead letters with this key. */
  async discard (key: string): Promise<number> {
    return await this.#exhume(key, (dead) => [dead.length, () => []])
  }

  /** Waits for running writes, and closes the environment. */
  async close (): Promise<void> {
    await this.#commits.settle()
    await this.#root.close()
  }

  // Removes the dead letters with the key, and makes other changes in the same transaction.
  async #exhume<Result> (
    key: string,
    change: (dead: DeadLetterEntry[]) => [Result, () => ReadonlyArray<Promise<unknown>>]
  ): Promise<Result> {
    for (let changing = this.#changing.get(key); changing !== undefined; changing = this.#changing.get(key)) {
      await changing.written.catch(() => {})
    }
    const places = this.#deadList.places(key)
    const [result, changes] = change(this.#deadList.read(key, places))
    if (places.length === 0) return result
    const written = this.#commits.write(() => [...changes(), ...this.#deadList.clear(key, places)])
    return await this.#change(key, { written }, () => result)
  }

  #change<Result> (key: string, changing: Changing, conclude: () => Result): Promise<Result> {
    this.#changing.set(key, changing)
    return changing.written.then(() => {
      this.#changing.delete(key)
      return conclude()
    }, (error: unknown) => {
      this.#changing.delete(key)
      throw error
    })
  }

  #put (pending: Pending): Promise<unknown> {
    return this.#pending.put(pending.place, toRecord(pending))
  }

  async #explain (error: unknown): Promise<InboxError> {
    let cause = error
    if (error instanceof Error && 'commitError' in error && error.commitError instanceof Promise) {
      await settlesWithin(error.commitError.catch((reason: unknown) => { cause = reason }), 100)
    }
    const { bavail, bsize } = await statfs(this.#path).catch(() => ({ bavail: NaN, bsize: NaN }))
    const freeKib = Math.round(bavail * bsize / 1024)
    return new InboxError(
      `The inbox at ${this.#path} cannot be written: ${errorMessage(cause)}. Its disk has ${freeKib} KiB of free space`,
      { cause }
    )
  }
}

/** Returns the id of another process that has the environment open. LMDB lists all living readers. */
export function findOtherReader (root: RootDatabase): number | undefined {
  // A read adds this process to the list, for the others to find.
  root.get('')
  root.readerCheck()
  const pids = [...root.readerList().matchAll(/^ *(\d+) /gm)].map(([, pid]) => Number(pid))
  return pids.find((pid) => pid !== process.pid)
}

function toRecord ({ key, orderingKey, name, body, revision, storedAt, attempts, dueAt }: Pending): PendingRecord {
  return [key, orderingKey, name, body, revision, storedAt, attempts, dueAt]
}

function toPending (
  place: number,
  [key, orderingKey, name, body, revision, storedAt, attempts, dueAt]: PendingRecord
): Pending {
  return { place, key, orderingKey, name, body, revision, storedAt, attempts, dueAt }
}
