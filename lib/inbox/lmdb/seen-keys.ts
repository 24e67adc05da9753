import type { Database, RootDatabase } from 'lmdb'
import { retentionMs, type Revisions } from '../../dedup/index.ts'
import type { GroupCommit } from './group-commit.ts'

/**
 * The revisions seen with each key, in two databases. After the retention time the older database is cleared as a
 * whole, so a key is remembered for one to two retention times.
 */
export class Memory {
  readonly #commits: GroupCommit
  /** The keys seen since `#since`, and the keys seen before. */
  #recent: Database<Revisions, string>
  #older: Database<Revisions, string>
  #since: number
  readonly #meta: Database<{ since: number, turns: number }, string>
  /** How often the two databases were swapped. */
  #turns: number

  constructor (root: RootDatabase, commits: GroupCommit) {
    this.#commits = commits
    const a = root.openDB<Revisions, string>({ name: 'seen-a', encoding: 'string' })
    const b = root.openDB<Revisions, string>({ name: 'seen-b', encoding: 'string' })
    this.#meta = root.openDB({ name: 'meta' })
    const { since, turns } = this.#meta.get('seen') ?? { since: 0, turns: 0 }
    this.#since = since
    this.#turns = turns
    ;[this.#recent, this.#older] = turns % 2 === 0 ? [a, b] : [b, a]
  }

  recall (key: string): Revisions | undefined {
    return this.#recent.get(key) ?? this.#older.get(key)
  }

  /** Must be called in a transaction. */
  put (key: string, memory: Revisions): Promise<unknown> {
    return this.#recent.put(key, memory)
  }

  /** Clears the older database after the retention time. This is much cheaper than expiring each key. */
  turn (): void {
    const now = Date.now()
    if (now - this.#since < retentionMs) return
    const before = this.#since
    this.#swap(now, 1)
    this.#commits.write(() => [this.#recent.clearAsync(), this.#meta.put('seen', { since: now, turns: this.#turns })])
      .catch(() => { this.#swap(before, -1) })
  }

  #swap (since: number, turns: number): void {
    [this.#recent, this.#older] = [this.#older, this.#recent]
    this.#since = since
    this.#turns += turns
  }
}
