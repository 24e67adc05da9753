import { setImmediate } from 'node:timers/promises'
import type { RootDatabase } from 'lmdb'

/** Puts and removes, and returns what LMDB returned for that. */
type Change = () => ReadonlyArray<Promise<unknown>>

/**
 * Writes to an LMDB environment: one transaction at a time, each with all that has come up during
 * the one before. So the more there is to write the less each of it costs.
 */
export class GroupCommit {
  readonly #root: RootDatabase
  readonly #explain: (error: unknown) => Promise<Error>
  #changes: Change[] = []
  /** The transaction that is gathering changes. */
  #next: Promise<void> | undefined
  /** The one that is being written; never rejects. */
  #current: Promise<void> | undefined

  /** `explain` makes the error that writers are told of one of LMDB's. */
  constructor (root: RootDatabase, explain: (error: unknown) => Promise<Error>) {
    this.#root = root
    this.#explain = explain
  }

  /** Resolves when all of the change is on disk; rejects where nothing of it is. */
  write (change: Change): Promise<void> {
    this.#changes.push(change)
    if (this.#next === undefined) {
      this.#next = this.#gather()
      // Not everybody waits for what they write.
      this.#next.catch(() => {})
    }
    return this.#next
  }

  /** Resolves when nothing is left to be written. Never rejects. */
  async settle (): Promise<void> {
    while (this.#next !== undefined) await this.#next.catch(() => {})
    await this.#current
  }

  async #gather (): Promise<void> {
    // Where nothing is being written, whatever else has arrived by now shares the first transaction.
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
            // Of the whole batch, mostly; the batch fails where any of them does.
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
