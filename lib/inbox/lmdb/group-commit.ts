import { setImmediate } from 'node:timers/promises'
import type { RootDatabase } from 'lmdb'

/** Makes `put` and `remove` calls, and returns their promises. */
type Change = () => ReadonlyArray<Promise<unknown>>

/**
 * Writes to an LMDB environment, one transaction at a time. Each transaction has all changes that arrived during the
 * previous one, so the cost of a change falls when there are many.
 */
export class GroupCommit {
  readonly #root: RootDatabase
  readonly #explain: (error: unknown) => Promise<Error>
  #changes: Change[] = []
  /** The transaction that still accepts changes. */
  #next: Promise<void> | undefined
  /** The transaction that is being written. Never rejects. */
  #current: Promise<void> | undefined

  /** `explain` converts an error of LMDB to the error that writers get. */
  constructor (root: RootDatabase, explain: (error: unknown) => Promise<Error>) {
    this.#root = root
    this.#explain = explain
  }

  /** Resolves when the change is on disk. Rejects when nothing of it is. */
  write (change: Change): Promise<void> {
    this.#changes.push(change)
    if (this.#next === undefined) {
      this.#next = this.#gather()
      // A caller may ignore the promise.
      this.#next.catch(() => {})
    }
    return this.#next
  }

  /** Resolves when all changes are written. Never rejects. */
  async settle (): Promise<void> {
    while (this.#next !== undefined) await this.#next.catch(() => {})
    await this.#current
  }

  async #gather (): Promise<void> {
    // When nothing is being written, all changes of this turn of the event loop share the transaction.
    await (this.#current ?? setImmediate())
    const changes = this.#changes
    this.#changes = []
    this.#next = undefined
    const written = this.#commit(changes)
    const current = written.then(() => {}, () => {}).then(() => {
      if (this.#current === current) this.#current = undefined
    })
    this.#current = current
    await written
  }

  async #commit (changes: readonly Change[]): Promise<void> {
    let last: Promise<unknown> | undefined
    try {
      await this.#root.batch(() => {
        for (const change of changes) {
          for (const done of change()) {
            // Mostly the same promise, that of the batch. Its rejection is handled below.
            if (done !== last) done.then(() => {}, () => {})
            last = done
          }
        }
      })
    } catch (error) {
      throw await this.#explain(error)
    }
  }
}
