import type { Database, RootDatabase } from 'lmdb'
import type { DeadLetterEntry, PageQuery } from '../inbox.ts'
import { countOf } from './entry-count.ts'
import type { Pending } from './pending.ts'

// Arrays take half the space of objects.
type DeadRecord = [orderingKey: string, name: string, body: string | null, reason: string, attempts: number]
type DeadKey = [failedAt: number, key: string, revision: number]
type DeadPlace = [failedAt: number, revision: number]

/** The dead-letter list. The methods that change it must be called in a transaction. */
export class DeadList {
  readonly #dead: Database<DeadRecord, DeadKey>
  /** The places of a key in the list. */
  readonly #places: Database<DeadPlace, string>

  constructor (root: RootDatabase) {
    this.#dead = root.openDB({ name: 'dead' })
    this.#places = root.openDB({ name: 'dead-keys', dupSort: true, encoding: 'ordered-binary' })
  }

  get size (): number {
    return countOf(this.#dead)
  }

  put (
    { key, orderingKey, name, body, revision, attempts }: Pending, reason: string, failedAt: number
  ): Array<Promise<unknown>> {
    return [
      this.#dead.put([failedAt, key, revision], [orderingKey, name, body, reason, attempts]),
      this.#places.put(key, [failedAt, revision])
    ]
  }

  /** Returns the oldest dead letters first. */
  page ({ limit, after }: PageQuery): DeadLetterEntry[] {
    const start: DeadKey | undefined = after && [after.failedAt, after.key, after.revision]
    const range = this.#dead.getRange({ ...start && { start, exclusiveStart: true }, limit })
    return [...range.map(({ key, value }) => toEntry(key, value))]
  }

  places (key: string): DeadPlace[] {
    return [...this.#places.getValues(key)]
  }

  /** Returns the dead letters at these places. Missing ones are left out. */
  read (key: string, places: readonly DeadPlace[]): DeadLetterEntry[] {
    return places.flatMap(([failedAt, revision]): DeadLetterEntry[] => {
      const record = this.#dead.get([failedAt, key, revision])
      return record === undefined ? [] : [toEntry([failedAt, key, revision], record)]
    })
  }

  /** Removes the dead letters at these places. */
  clear (key: string, places: readonly DeadPlace[]): Array<Promise<unknown>> {
    return places.flatMap(([failedAt, revision]) => [
      this.#dead.remove([failedAt, key, revision]),
      this.#places.remove(key, [failedAt, revision])
    ])
  }
}

function toEntry (
  [failedAt, key, revision]: DeadKey,
  [orderingKey, name, body, reason, attempts]: DeadRecord
): DeadLetterEntry {
  return { key, orderingKey, name, body, revision, reason, attempts, failedAt }
}
