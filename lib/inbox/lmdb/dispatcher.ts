import { inTime } from '../../in-time.ts'
import { logError } from '../../log-error.ts'
import { messageOf } from '../../message-of.ts'
import { pauseAfter } from '../backoff.ts'
import type { InboxHost } from '../inbox.ts'
import type { Pending, Store } from './store.ts'

/** How many settled notifications may wait to be written before no further one is begun. */
const unwrittenAtMost = 1024

/** How many are read at a time, and looked at before other work gets a turn. */
const readAtOnce = 16
const lookedAtOnce = 512

/** How long to wait before a write that failed is tried again, in milliseconds. */
const writePause = 1000

/** An ordering key of which something is at work, or waits for its next attempt. */
interface Held {
  /** Whether more of it was passed over since. */
  more: boolean
  timer?: NodeJS.Timeout
}

/**
 * Delivers what is in the store: in order where the ordering key is the same, side by side
 * otherwise, again where it failed.
 *
 * What is pending stays on disk. A position goes through it once, from the oldest on, and starts
 * what can be started. It passes over what must wait for something of the same ordering key; that
 * is found again by its ordering key, when what it waited for is settled. So no more is in memory
 * than what is at work, and the ordering keys that wait for another attempt.
 */
export class Dispatcher {
  readonly #store: Store
  readonly #host: InboxHost
  readonly #concurrency: number
  readonly #backoff: number
  readonly #held = new Map<string, Held>()
  /** The places of those whose turn has come, in the order in which it did; how often it was tried may not be on disk yet. */
  readonly #ready: Array<{ place: number, attempts?: number }> = []
  /** The place up to which all was looked at, and what was read from there on. */
  #position = 0
  #read: Pending[] = []
  readonly #active = new Set<Promise<void>>()
  #unwritten = 0
  /** Whether it is the turn of those that are ready, or of the next ones in line. */
  #readyFirst = true
  #running = false
  #scheduled = false

  constructor (store: Store, host: InboxHost, concurrency: number, backoff: number) {
    this.#store = store
    this.#host = host
    this.#concurrency = concurrency
    this.#backoff = backoff
  }

  start (): void {
    this.#running = true
    this.#pump()
  }

  /** Begins nothing more, and waits at most `timeout` milliseconds for what is at work. */
  async stop (timeout: number): Promise<void> {
    this.#running = false
    for (const { timer } of this.#held.values()) clearTimeout(timer)
    await inTime(Promise.all(this.#active), timeout)
  }

  /** Takes on what was just stored. */
  arrived (pending: Pending): void {
    if (!this.#running) return
    // With nothing before it, it need not be read again.
    const next = pending.place === this.#position && this.#read.length === 0
    if (next && this.#hasRoom() && this.#ready.length === 0) {
      this.#position++
      if (this.#claim(pending)) this.#begin(pending)
    } else {
      this.#pump()
    }
  }

  #hasRoom (): boolean {
    return this.#running && this.#active.size < this.#concurrency && this.#unwritten < unwrittenAtMost
  }

  #pump (): void {
    try {
      for (let looked = 0; this.#hasRoom(); looked++) {
        if (looked === lookedAtOnce) return this.#pumpSoon()
        const found = this.#readyFirst ? this.#takeReady() ?? this.#takeNext() : this.#takeNext() ?? this.#takeReady()
        if (found === undefined) return
        this.#readyFirst = !this.#readyFirst
        if (found !== 'held') this.#begin(found)
      }
    } catch (error) {
      logError(this.#host.log, 'error', error, {}, 'the inbox cannot be read')
      setTimeout(() => { this.#pump() }, writePause).unref()
    }
  }

  #pumpSoon (): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#pump()
    })
  }

  #takeReady (): Pending | undefined {
    const ready = this.#ready.shift()
    const pending = ready && this.#store.get(ready.place)
    return pending && { ...pending, ...ready }
  }

  #takeNext (): Pending | 'held' | undefined {
    if (this.#read.length === 0) this.#read = this.#store.read(this.#position, readAtOnce)
    const next = this.#read.shift()
    if (next === undefined) return
    this.#position = next.place + 1
    return this.#claim(next) ? next : 'held'
  }

  /** Whether it can be begun: nothing of its ordering key is before it, and no pause to be waited for. */
  #claim (pending: Pending): boolean {
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined) {
      held.more = true
      return false
    }
    const claimed: Held = { more: false }
    this.#held.set(pending.orderingKey, claimed)
    if (pending.dueAt === 0) return true
    this.#wait(claimed, pending)
    return false
  }

  #wait (held: Held, { place, attempts, dueAt }: Pending): void {
    held.timer = setTimeout(() => {
      this.#ready.push({ place, attempts })
      this.#pump()
    }, Math.max(0, dueAt - Date.now()))
  }

  #begin (pending: Pending): void {
    const active = this.#deliver(pending).catch((error: unknown) => {
      logError(this.#host.log, 'error', error, {}, 'the inbox cannot be read; its chat waits for a restart')
    }).then(() => {
      this.#active.delete(active)
      this.#pump()
    })
    this.#active.add(active)
  }

  async #deliver (pending: Pending): Promise<void> {
    try {
      await this.#host.deliver(pending)
    } catch (error) {
      const attempts = pending.attempts + 1
      if (attempts < this.#host.attempts) this.#postpone({ ...pending, attempts, dueAt: Date.now() + pauseAfter(attempts, this.#backoff) })
      else await this.#giveUp({ ...pending, attempts }, error)
      return
    }
    this.#settle(() => this.#store.remove(pending))
    this.#release(pending)
  }

  #postpone (pending: Pending): void {
    this.#settle(() => this.#store.update(pending))
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined && this.#running) this.#wait(held, pending)
  }

  async #giveUp (pending: Pending, error: unknown): Promise<void> {
    const failedAt = Date.now()
    await this.#settle(() => this.#store.bury(pending, messageOf(error), failedAt))
    this.#release(pending)
    await this.#host.givenUp(pending, error, pending.attempts)
  }

  // The next one with this ordering key, if it was passed over; those further on will be met.
  #release ({ place, orderingKey }: Pending): void {
    const next = this.#held.get(orderingKey)?.more === true ? this.#store.placeAfter(place, orderingKey) : undefined
    if (next !== undefined && next < this.#position) this.#ready.push({ place: next })
    else this.#held.delete(orderingKey)
  }

  // Where it cannot be written that something is done, it is not begun anew, and others wait: else
  // all of them would be repeated after a crash.
  async #settle (write: () => Promise<void>): Promise<void> {
    this.#unwritten++
    for (let written = false; !written;) {
      try {
        await write()
        written = true
      } catch (error) {
        logError(this.#host.log, 'error', error, {}, 'the inbox cannot be written; what was delivered is written later')
        if (!this.#running) break
        await new Promise((resolve) => { setTimeout(resolve, writePause) })
      }
    }
    this.#unwritten--
    this.#pump()
  }
}
