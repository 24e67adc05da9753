import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Store, type PendingEntry, type Position } from './store.ts'

const reads = ['pendingCount', 'deadLetterCount', 'deadLetters'] as const
const results = ['remove', 'postpone', 'bury'] as const
const uncommitted = ['remove', 'postpone', ...reads]
export type Method = typeof reads[number] | typeof results[number] | 'add' | 'retry' | 'discard'

/** A call of a method of the store. */
export type Call = { [Name in Method]: readonly [Name, ...Parameters<Store[Name]>] }[Method]

export interface Turn {
  readonly calls: readonly Call[]
  /** Whether to commit. A turn also commits what a caller waits for. */
  readonly commit: boolean
  /** The time in the thread of the server. */
  readonly now: number
  /** Entries whose delivery is over, and those whose pause before the next attempt is over. */
  readonly finished: readonly Position[]
  readonly resumed: ReadonlyArray<Pick<PendingEntry, 'id' | 'orderingKey' | 'attempts'>>
  /** How many entries can be delivered. */
  readonly free: number
}

export interface Reply {
  /** The results of the calls, or why all failed. The thread repeats results of deliveries until they succeed. */
  readonly results: readonly unknown[] | Error
  /** How many results of deliveries are not durable yet. */
  readonly unwritten: number
  /** The entries to deliver. The next one with the same ordering key follows when this one is finished. */
  readonly entries: readonly PendingEntry[]
  /** Whether the next turn may find more entries, and why this one could not read them. */
  readonly more: boolean
  readonly error: unknown
}

/** With this many results of deliveries, a turn commits. A crash repeats these deliveries. */
const unwrittenAtMost = 256
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

  take ({ calls, commit, now, finished, resumed, free }: Turn): Reply {
    const results = this.#write(calls, commit, now)
    this.#finished.push(...finished)
    // An entry is due after its pause, whatever the clock shows.
    this.#ready.push(...resumed.map((entry) => ({ ...entry, dueAt: 0 })))
    const entries: PendingEntry[] = []
    let looked = 0
    let error: unknown
    try {
      while (this.#finished.length > 0) this.#release()
      while (entries.length < free && looked < lookedAtMost && this.#select(entries, looked % 2 === 0)) looked++
    } catch (thrown) {
      error = thrown
    }
    return { results, unwritten: this.#unwritten.length, entries, more: looked === lookedAtMost, error }
  }

  #write (calls: readonly Call[], commit: boolean, now: number): unknown[] | Error {
    const unwritten = [...this.#unwritten, ...calls.filter(([name]) => includes(results, name))]
    const waits = calls.some(([name]) => !includes(uncommitted, name))
    try {
      if (this.#store.begin()) this.#call(this.#unwritten)
      const returned = this.#call(calls)
      this.#unwritten = unwritten
      if (commit || waits || unwritten.length > unwrittenAtMost) this.#commit(now)
      return returned
    } catch (error) {
      this.#unwritten = unwritten
      const explained = this.#store.rollback(error)
      try {
        // On a full disk, these succeed without the rest, and free space.
        this.#store.begin()
        this.#call(unwritten)
        this.#commit(now)
      } catch (error) {
        this.#store.rollback(error)
      }
      return explained
    }
  }

  #commit (now: number): void {
    this.#store.commit(now)
    this.#unwritten = []
  }

  #call (calls: readonly Call[]): unknown[] {
    // TypeScript does not relate a method in a union to its arguments.
    return calls.map(([name, ...values]): unknown => Reflect.apply(this.#store[name], this.#store, values))
  }

  #release (): void {
    const [entry] = this.#finished
    const next = entry && this.#store.following(entry, this.#lastId)
    if (next !== undefined) this.#ready.push(next)
    else if (entry !== undefined) this.#held.delete(entry.orderingKey)
    this.#finished.shift()
  }

  /** Adds the next entry, unless its ordering key is held. Returns `false` if there is none. */
  #select (entries: PendingEntry[], readyFirst: boolean): boolean {
    // By turns, so that neither a long chat nor the others wait forever.
    const next = readyFirst ? this.#ready.shift() ?? this.#next() : this.#next() ?? this.#ready.shift()
    if (next === undefined) return false
    if (next === 'held') return true
    try {
      entries.push({ ...this.#store.read(next), ...next })
    } catch (error) {
      this.#ready.push(next)
      throw error
    }
    return true
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

function includes (names: readonly string[], name: string): boolean {
  return names.includes(name)
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
