import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Store, type PendingEntry, type Position } from './store.ts'

type Method = 'add' | 'remove' | 'postpone' | 'bury' | 'retry' | 'discard' | 'pendingCount' | 'deadLetterCount' | 'deadLetters'

/** A call of a method of the store. */
export type Call = { [Name in Method]: readonly [Name, ...Parameters<Store[Name]>] }[Method]

export interface Turn {
  /** All of them succeed, with all since the last commit, or none. */
  readonly calls: readonly Call[]
  readonly commit: boolean
  /** Entries whose delivery is over. */
  readonly finished: readonly Position[]
  /** Entries whose pause before the next attempt is over. The number of their attempts may not be stored yet. */
  readonly resumed: ReadonlyArray<Position & Pick<PendingEntry, 'attempts'>>
  /** How many entries can be delivered. */
  readonly free: number
}

export interface Reply {
  /** The results of the calls, or why nothing is written since the last commit. */
  readonly results: readonly unknown[] | Error
  readonly committed: boolean
  /** The entries to deliver. The next one with the same ordering key follows when its predecessor is finished. */
  readonly entries: readonly PendingEntry[]
  /** Whether another turn may find more entries. */
  readonly more: boolean
  /** Why no more entries can be read. */
  readonly error: Error | undefined
}

/** How many entries are looked at in one turn, and how many are looked up at once. Writes wait meanwhile. */
const lookedAtMost = 512
const scannedAtOnce = 64

/**
 * Takes turns at a store, and selects the entries to deliver.
 *
 * It goes once over the pending entries, in the order of arrival, and passes over those whose ordering key is held by an
 * earlier one. When that one is finished, the next one of the key is looked up.
 */
class TurnTaker {
  readonly #store: Store
  readonly #held = new Set<string>()
  readonly #finished: Position[] = []
  /** Entries that can be delivered, and hold their ordering key. */
  readonly #ready: Array<Position & Partial<PendingEntry>> = []
  /** The next entries after the position. */
  #upcoming: Position[] = []
  #position = 0

  constructor (store: Store) {
    this.#store = store
  }

  take ({ calls, commit, finished, resumed, free }: Turn): Reply {
    const results = this.#call(calls, commit)
    this.#finished.push(...finished)
    // The pause is over, even if the clock was changed.
    this.#ready.push(...resumed.map((entry) => ({ ...entry, dueAt: 0 })))
    const entries: PendingEntry[] = []
    let looked = 0
    try {
      for (let [entry] = this.#finished; entry !== undefined; [entry] = this.#finished) this.#release(entry)
      while (entries.length < free && looked < lookedAtMost) {
        // By turns, so that neither a long chat nor the others wait forever.
        const found = ++looked % 2 === 0 ? this.#ready.shift() ?? this.#next() : this.#next() ?? this.#ready.shift()
        if (found === undefined) break
        if (found !== 'held') entries.push({ ...this.#store.read(found), ...found })
      }
    } catch (error) {
      return { results, committed: commit, entries, more: true, error: error instanceof Error ? error : new Error(String(error)) }
    }
    return { results, committed: commit, entries, more: looked === lookedAtMost, error: undefined }
  }

  #call (calls: readonly Call[], commit: boolean): unknown[] | Error {
    try {
      this.#store.begin()
      // TypeScript does not relate the arguments of a union to its methods.
      const results = calls.map(([method, ...values]): unknown => Reflect.apply(this.#store[method], this.#store, values))
      if (commit) this.#store.commit()
      return results
    } catch (error) {
      return this.#store.rollback(error)
    }
  }

  #release (entry: Position): void {
    const next = this.#store.following(entry, this.#position)
    if (next === undefined) this.#held.delete(entry.orderingKey)
    else this.#ready.push(next)
    this.#finished.shift()
  }

  #next (): Position | 'held' | undefined {
    if (this.#upcoming.length === 0) this.#upcoming = this.#store.scan(this.#position, scannedAtOnce)
    const next = this.#upcoming.shift()
    if (next === undefined) return
    this.#position = next.id
    if (this.#held.has(next.orderingKey)) return 'held'
    this.#held.add(next.orderingKey)
    return next
  }
}

/** Opens the store, and answers each turn that the port receives. The message `close` closes the store. */
export function serve (path: string, port: MessagePort): void {
  const store = new Store(path)
  const turnTaker = new TurnTaker(store)
  port.on('message', (turn: Turn | 'close') => {
    if (turn !== 'close') return port.postMessage(turnTaker.take(turn))
    store.close()
    port.close()
  })
  port.postMessage('open')
}

// This module is the program of the inbox's thread. It may also be part of a program that runs in a thread of its own.
if (parentPort !== null && typeof workerData?.sqliteInbox === 'string') serve(workerData.sqliteInbox, parentPort)
