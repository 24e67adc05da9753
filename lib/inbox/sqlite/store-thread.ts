import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { Store, type PendingEntry, type Position } from './store.ts'

type Method = 'add' | 'retry' | 'discard' | 'remove' | 'postpone' | 'bury' |
  'pendingCount' | 'deadLetterCount' | 'deadLetters'

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
  /** What the calls returned, or their errors. Results of deliveries are repeated until they succeed. */
  readonly results: readonly unknown[]
  /** How many results of deliveries are not written yet. */
  readonly unwritten: number
  /** The entries to deliver. The next one with the same ordering key follows when this one is finished. */
  readonly entries: readonly PendingEntry[]
  /** Whether the next turn may find more entries. */
  readonly more: boolean
  /** Why results of deliveries cannot be written, or entries cannot be read. */
  readonly error: unknown
}

/** How many results of deliveries share a transaction. A crash repeats the deliveries whose results are not written. */
const writtenAtOnce = 256
/** How long they wait for others, and the pause after a failure, in milliseconds. */
const delays = { write: 25, repeat: 1000 }
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
  #failure: unknown
  #timer: NodeJS.Timeout | undefined
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
    let error = this.#failure
    try {
      for (let [entry] = this.#finished; entry !== undefined; [entry] = this.#finished) this.#release(entry)
      // By turns, so that neither a long chat nor the others wait forever.
      while (entries.length < free && looked < lookedAtMost && this.#select(entries, looked % 2 === 0)) looked++
    } catch (thrown) {
      error = thrown
    }
    return { results, unwritten: this.#unwritten.length, entries, more: looked === lookedAtMost, error }
  }

  end (): void {
    clearTimeout(this.#timer)
    this.#write([], Date.now())
  }

  #call (calls: readonly Call[], now: number): unknown[] {
    this.#unwritten.push(...calls.filter(isResult))
    const isDue = this.#unwritten.length >= writtenAtOnce || calls.some((call) => call[0] === 'bury' || !isResult(call))
    const returned = isDue ? this.#write(calls, now) : []
    if (this.#unwritten.length > 0) this.#writeLater(delays.write)
    return returned
  }

  #writeLater (delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#write([], Date.now())
      if (this.#unwritten.length > 0) this.#writeLater(delays.repeat)
    }, delay)
  }

  #write (calls: readonly Call[], now: number): unknown[] {
    // TypeScript does not relate a method in a union to its arguments.
    const apply = ([name, ...values]: Call): unknown => Reflect.apply(this.#store[name], this.#store, values)
    const write = (calls: readonly Call[]) => {
      const isDurable = !calls.every(isRead)
      const returned = this.#store.change(isDurable, now, () => {
        this.#unwritten.forEach(apply)
        return calls.map((call) => isResult(call) ? undefined : apply(call))
      })
      this.#unwritten = []
      this.#failure = undefined
      return returned
    }
    try {
      return write(calls)
    } catch (error) {
      this.#failure = error
      const attempt = (act: () => unknown) => { try { return act() } catch (error) { return error } }
      // On a full disk, the results of deliveries may succeed without the rest, and free space.
      attempt(() => write([]))
      return calls.map((call) => isResult(call) ? undefined : isRead(call) ? attempt(() => apply(call)) : error)
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

function isResult ([name]: Call): boolean { return ['remove', 'postpone', 'bury'].includes(name) }
function isRead ([name]: Call): boolean { return ['pendingCount', 'deadLetterCount', 'deadLetters'].includes(name) }

/** Opens the store, and answers each turn that the port receives. The message `close` closes the store. */
export function serve (path: string, port: MessagePort): void {
  const store = new Store(path)
  const turnTaker = new TurnTaker(store)
  port.on('message', (turn: Turn | 'close') => {
    if (turn !== 'close') return port.postMessage(turnTaker.take(turn))
    turnTaker.end()
    store.close()
    port.close()
  })
  port.postMessage('open')
}

// This module is the program of the inbox's thread. It may also be part of a program that runs in a thread of its own.
if (parentPort !== null && typeof workerData?.sqliteInbox === 'string') serve(workerData.sqliteInbox, parentPort)
