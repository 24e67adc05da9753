import { statfs } from 'node:fs/promises'
import { open, type Database, type RootDatabase } from 'lmdb'
import { InboxError } from '../../errors.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, PageQuery, InboxEntry, StoredEntry } from '../inbox.ts'
import { nextRevision, revisionOf } from '../../dedup/revisions.ts'
import { countOf } from './entry-count.ts'
import { DeadList } from './dead-letters.ts'
import { GroupCommit } from './group-commit.ts'
import { Memory } from './seen-keys.ts'

/** A notification that waits to be delivered, and how far that has come. */
export interface Pending extends StoredEntry {
  /** Its place in the order of arrival. */
  readonly place: number
  /** When it was added, or sent again: Unix time in milliseconds. */
  readonly storedAt: number
  /** How often it was tried. */
  readonly attempts: number
  /** When it is to be tried again: Unix time in milliseconds; 0 where it was not tried. */
  readonly dueAt: number
}

// Arrays take half the room of objects.
type PendingRecord = [key: string, orderingKey: string, name: string, body: string | null, revision: number, storedAt: number, attempts: number, dueAt: number]

/** What is being changed under a key: the body that is added, where it is that. */
interface Changing {
  readonly checksum?: number
  readonly written: Promise<void>
}

/** The names of the databases in the environment. */
export const databases = ['pending', 'passed', 'dead', 'dead-keys', 'seen-a', 'seen-b', 'meta'] as const

/** How the environment is opened, by whoever opens it. */
export const environment = {
  noSubdir: false,
  maxDbs: databases.length,
  // A commit resolves only when it is synced.
  overlappingSync: false,
  // See GroupCommit. Besides, where a batch of LMDB's own fails, it leaves a rejection that nobody can handle.
  eventTurnBatching: false
} as const

/**
 * The inbox on disk: an LMDB environment, a folder.
 *
 * Reads are synchronous and see what is committed. A write resolves when it is committed and
 * synced, together with all others of the same moment; it rejects where nothing of it is.
 */
export class Store {
  readonly #path: string
  readonly #root: RootDatabase
  /** By place. */
  readonly #pending: Database<PendingRecord, number>
  /** By ordering key, the places of what the dispatcher has passed over; of this process only. */
  readonly #passed: Database<number, string>
  readonly #deadList: DeadList
  readonly #memory: Memory
  /** By key, the adding, retrying or discarding that is under way: one at a time. */
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

  /** Another process that has the environment open, if there is one. */
  get otherReader (): number | undefined {
    return findOtherReader(this.#root)
  }

  /** Makes it ready to be written, once nobody else has it. */
  begin (): void {
    this.#passed.clearSync()
    const [last] = this.#pending.getKeys({ reverse: true, limit: 1 })
    this.#next = last === undefined ? 0 : last + 1
  }

  /** How many are pending. */
  get size (): number {
    return countOf(this.#pending)
  }

  /** How many are in the dead-letter list. */
  get deadSize (): number {
    return this.#deadList.size
  }

  /**
   * Adds an entry as pending, and calls `stored` with it when it is on disk. Resolves then, with
   * `false` where this body of it came before.
   */
  add (entry: InboxEntry, stored: (pending: Pending) => void): Promise<boolean> {
    const { key, checksum, orderingKey, name, body } = entry
    const changing = this.#changing.get(key)
    if (changing !== undefined) return this.#addAfter(changing, entry, stored)
    const memory = this.#memory.recall(key)
    if (memory !== undefined && revisionOf(memory, checksum) !== undefined) return Promise.resolve(false)

    this.#memory.turn()
    const next = nextRevision(memory, checksum)
    const pending: Pending = { place: this.#next++, key, orderingKey, name, body, revision: next.revision, storedAt: Date.now(), attempts: 0, dueAt: 0 }
    const written = this.#commits.write(() => [this.#put(pending), this.#memory.put(key, next.memory)])
    return this.#change(key, { checksum, written }, () => {
      stored(pending)
      return true
    })
  }

  // Another body's revision depends on whether this one is stored.
  async #addAfter ({ checksum, written }: Changing, entry: InboxEntry, stored: (pending: Pending) => void): Promise<boolean> {
    if (checksum === entry.checksum) {
      await written
      return false
    }
    await written.catch(() => {})
    return await this.add(entry, stored)
  }

  /** Up to `limit` pending ones, from the place on. */
  read (place: number, limit: number): Pending[] {
    return [...this.#pending.getRange({ start: place, limit }).map(({ key, value }) => toPending(key, value))]
  }

  /** The pending one at the place. */
  get (place: number): Pending | undefined {
    const record = this.#pending.get(place)
    return record && toPending(place, record)
  }

  /** Notes that it was passed over. */
  pass ({ orderingKey, place }: Pending): Promise<void> {
    return this.#commits.write(() => [this.#passed.put(orderingKey, place)])
  }

  /** Up to `limit` places, before `end`, of those with this ordering key that were passed over, no longer to be noted. */
  async takePassed (orderingKey: string, limit: number, end: number): Promise<number[]> {
    const places = [...this.#passed.getValues(orderingKey, { end, limit })]
    await this.#commits.write(() => places.map((place) => this.#passed.remove(orderingKey, place)))
    return places
  }

  /** Removes what is done with. */
  remove (pending: Pending): Promise<void> {
    return this.#commits.write(() => [this.#pending.remove(pending.place)])
  }

  /** Writes how far it has come. */
  update (pending: Pending): Promise<void> {
    return this.#commits.write(() => [this.#put(pending)])
  }

  /** Moves it to the dead-letter list. */
  bury (pending: Pending, reason: string, failedAt: number): Promise<void> {
    return this.#commits.write(() => [this.#pending.remove(pending.place), ...this.#deadList.put(pending, reason, failedAt)])
  }

  /** A page of the dead-letter list. */
  readDead (page: PageQuery): DeadLetterEntry[] {
    return this.#deadList.page(page)
  }

  /** Makes what was given up under this key pending again, behind all others. */
  revive (key: string): Promise<Pending[]> {
    return this.#exhume(key, (dead) => {
      const revived = dead.map(({ key, orderingKey, name, body, revision }): Pending => (
        { place: this.#next++, key, orderingKey, name, body, revision, storedAt: Date.now(), attempts: 0, dueAt: 0 }
      ))
      return [revived, () => revived.map((pending) => this.#put(pending))]
    })
  }

  /** Removes what was given up under this key. */
  async discard (key: string): Promise<number> {
    return await this.#exhume(key, (dead) => [dead.length, () => []])
  }

  /** Waits for what is being written, and closes the environment. */
  async close (): Promise<void> {
    await this.#commits.settle()
    await this.#root.close()
  }

  // Takes what was given up under the key from the list, and whatever else goes into the same transaction.
  async #exhume<Result> (key: string, change: (dead: DeadLetterEntry[]) => [Result, () => ReadonlyArray<Promise<unknown>>]): Promise<Result> {
    for (let changing = this.#changing.get(key); changing !== undefined; changing = this.#changing.get(key)) await changing.written.catch(() => {})
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
    return new InboxError(`the inbox at ${this.#path} cannot be written: ${errorMessage(cause)}; ${Math.round(bavail * bsize / 1024)} KiB are free on its disk`, { cause })
  }
}

/** Another process that has the environment open, if there is one: LMDB lists who has read from it, and still lives. */
export function findOtherReader (root: RootDatabase): number | undefined {
  // Puts this one on the list, where the others look for it.
  root.get('')
  root.readerCheck()
  const pids = [...root.readerList().matchAll(/^ *(\d+) /gm)].map(([, pid]) => Number(pid))
  return pids.find((pid) => pid !== process.pid)
}

function toRecord ({ key, orderingKey, name, body, revision, storedAt, attempts, dueAt }: Pending): PendingRecord {
  return [key, orderingKey, name, body, revision, storedAt, attempts, dueAt]
}

function toPending (place: number, [key, orderingKey, name, body, revision, storedAt, attempts, dueAt]: PendingRecord): Pending {
  return { place, key, orderingKey, name, body, revision, storedAt, attempts, dueAt }
}
