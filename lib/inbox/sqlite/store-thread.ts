import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Store, type PendingEntry, type Position } from './store.ts'

const reads: readonly string[] = ['pendingCount', 'deadLetterCount', 'deadLetters']
const results: readonly string[] = ['remove', 'postpone', 'bury']
type Result = 'remove' | 'postpone' | 'bury'
type Method = Result | 'add' | 'retry' | 'discard' | 'pendingCount' | 'deadLetterCount' | 'deadLetters'

/** A call of a method of the store. */
export type Call = { [Name in Method]: readonly [Name, ...Parameters<Store[Name]>] }[Method]

export interface Turn {
  readonly calls: readonly Call[]
  /** Entries whose delivery is over, and those whose pause before the next attempt is over. */
  readonly finished: readonly Position[]
  readonly resumed: ReadonlyArray<Pick<PendingEntry, 'id' | 'orderingKey' | 'attempts'>>
  /** How many entries can be delivered. */
  readonly free: number
  readonly now: number
}

export interface Reply {
  /** The results of the calls, or why all failed. The thread repeats results of deliveries until they succeed. */
  readonly results: readonly unknown[] | Error
  /** How many results of deliveries are to be repeated. */
  readonly unwritten: number
  /** The entries to deliver. The next one with the same ordering key follows when this one is finished. */
  readonly entries: readonly PendingEntry[]
  /** Whether the next turn may find more entries, and why this one could not read them. */
  readonly more: boolean
  readonly error: unknown
}

/** How many entries are looked at in one turn, and looked up at once. Callers wait meanwhile. */
const lookedAtMost = 512
const scannedAtOnce = 64

/**
 * Takes turns at a store. Selects the entries to deliver: it goes over the pending ones once, in the order of arrival,
 * and passes over those whose ordering key has an earlier one. When that is finished, it looks up the next one.
 */
class TurnTaker {
  readonly #store: Store
  #unwritten: Call[] = []
  readonly #held = new Set<string>()
  readonly #finished: Position[] = []
  /** Entries that hold their ordering key and can be delivered. */
  readonly #ready: Array<Position & Partial<PendingEntry>> = []
  #upcoming: Position[] = []
  #lastId = 0

  constructor (store: Store) {
    this.#store = store
  }

  take ({ calls, finished, resumed, free, now }: Turn): Reply {
    const results = this.#call(calls, now)
    this.#finished.push(...finished)
    // An entry is due after its pause, whatever the clock shows.
    this.#ready.push(...resumed.map((entry) => ({ ...entry, dueAt: 0 })))
    const entries: PendingEntry[] = []
    let looked = 0
    let error: unknown
    try {
      for (let [entry] = this.#finished; entry !== undefined; [entry] = this.#finished) this.#release(entry)
      // By turns, so that neither a long chat nor the others wait forever.
      while (entries.length < free && looked < lookedAtMost && this.#select(entries, looked % 2 === 0)) looked++
    } catch (thrown) {
      error = thrown
    }
    return { results, unwritten: this.#unwritten.length, entries, more: looked === lookedAtMost, error }
  }

  #call (calls: readonly Call[], now: number): unknown[] | Error {
    // TypeScript does not relate a method in a union to its arguments.
    const apply = ([name, ...values]: Call): unknown => Reflect.apply(this.#store[name], this.#store, values)
    const isDurable = calls.some(([name]) => name === 'bury' || ![...reads, ...results].includes(name))
    const unwritten = [...this.#unwritten, ...calls.filter(([name]) => results.includes(name))]
    try {
      if (!isDurable && unwritten.length === 0) return calls.map(apply)
      const returned = this.#store.change(isDurable, now, () => [...this.#unwritten, ...calls].map(apply))
      return returned.slice(this.#unwritten.splice(0).length)
    } catch (error) {
      this.#unwritten = unwritten
      try {
        // On a full disk, they may succeed without the rest, and free space.
        this.#store.change(true, now, () => unwritten.map(apply))
        this.#unwritten = []
      } catch {}
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #release (entry: Position): void {
    const next = this.#store.following(entry, this.#lastId)
    if (next === undefined) this.#held.delete(entry.orderingKey)
    else this.#ready.push(next)
    this.#finished.shift()
  }

  /** Adds the next entry, unless its ordering key is held. Returns `false` if there is none. */
  #select (entries: PendingEntry[], readyFirst: boolean): boolean {
    const next = readyFirst ? this.#ready.shift() ?? this.#next() : this.#next() ?? this.#ready.shift()
    if (next === undefined) return false
    try {
      if (next !== 'held') entries.push({ ...this.#store.read(next), ...next })
      return true
    } catch (error) {
      if (next !== 'held') this.#ready.push(next)
      throw error
    }
  }

  #next (): Position | 'held' | undefined {
    if (this.#upcoming.length === 0) this.#upcoming = this.#store.scan(this.#lastId, scannedAtOnce)
    const next = this.#upcoming.shift()
    if (next === undefined) return
    this.#lastId = next.id
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
