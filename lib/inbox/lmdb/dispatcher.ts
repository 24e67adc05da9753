import { setTimeout as sleep } from 'node:timers/promises'
import { inTime } from '../../in-time.ts'
import { logError } from '../../log-error.ts'
import { messageOf } from '../../message-of.ts'
import { pauseAfter } from '../../backoff.ts'
import type { InboxHost } from '../inbox.ts'
import type { Pending, Store } from './store.ts'

/** How many that were just stored may wait in memory, and how long, in characters, their bodies may be. */
const waitingAtMost = 1024
const waitingLength = 16_384

/** How many are read from disk at a time, and looked at before other work gets a turn. */
const readAtOnce = 16
const lookedAtOnce = 512

/** How many places of one ordering key that were passed over are kept in memory; further ones are on disk. */
const passedKept = 32

/** How many settled notifications may wait to be written before no further one is begun. */
const unwrittenAtMost = 1024

/** How long to wait before a write that failed is tried again, in milliseconds. */
const writePause = 1000

/** An ordering key of which something is at work, or waits for its next attempt. */
interface Held {
  /** The places of those that were passed over since, the first of them. */
  passed: number[]
  /** How many more there are, of which the store was told. */
  noted: number
  /** By place, those of them that are not on disk yet; settled when they are. */
  readonly noting: Map<number, Promise<void>>
  timer?: NodeJS.Timeout
}

/** What it asks of the store. */
type Shelf = Pick<Store, 'read' | 'get' | 'pass' | 'takePassed' | 'remove' | 'update' | 'bury'>

/**
 * Delivers what is in the store: in order where the ordering key is the same, side by side
 * otherwise, again where it failed.
 *
 * What is pending stays on disk. A position goes through it once, from the oldest on, and what
 * can be begun is begun. What must wait for something of the same ordering key is passed over,
 * and taken up when that is settled. In memory are only what is at work, a bounded number that
 * comes next, and the ordering keys that wait for another attempt.
 */
export class Dispatcher {
  readonly #store: Shelf
  readonly #host: InboxHost
  readonly #concurrency: number
  readonly #backoff: number
  readonly #held = new Map<string, Held>()
  /** The places of those that were passed over and whose turn has come; how often they were tried may not be on disk yet. */
  readonly #ready: Array<{ place: number, attempts?: number }> = []
  /** Those that come next, and the place after the last of them. */
  #waiting: Pending[] = []
  #position = 0
  /** Whether there may be more on disk from there on. */
  #more = true
  /** Whether it is the turn of those that were passed over, or of those that come next. */
  #readyFirst = true
  #active = 0
  /** How many are being given up, which takes no room. */
  #surrenders = 0
  #unwritten = 0
  #running = false
  #pumping = false
  #idle = () => {}

  constructor (store: Shelf, host: InboxHost, concurrency: number, backoff: number) {
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
    if (this.#active + this.#surrenders > 0) await inTime(new Promise<void>((resolve) => { this.#idle = resolve }), timeout)
  }

  /** Takes on what was just stored. */
  arrived (pending: Pending): void {
    const { place, body } = pending
    // It need not be read again, unless something before it has to be read first.
    if (place === this.#position && this.#waiting.length < waitingAtMost && (body === null || body.length <= waitingLength)) {
      this.#waiting.push(pending)
      this.#position++
    } else if (place >= this.#position) {
      this.#more = true
    }
    this.#pump()
  }

  #hasRoom (): boolean {
    return this.#running && this.#active < this.#concurrency && this.#unwritten < unwrittenAtMost
  }

  #pump (): void {
    if (this.#pumping) return
    this.#pumping = true
    try {
      for (let looked = 0; this.#hasRoom(); looked++) {
        if (looked === lookedAtOnce) {
          setImmediate(() => { this.#pump() })
          break
        }
        const found = this.#readyFirst ? this.#takeReady() ?? this.#takeNext() : this.#takeNext() ?? this.#takeReady()
        if (found === undefined) break
        this.#readyFirst = !this.#readyFirst
        if (found !== 'held') this.#begin(found)
      }
    } catch (error) {
      logError(this.#host.log, 'error', error, {}, 'the inbox cannot be read, and will be tried again')
      setTimeout(() => { this.#pump() }, writePause).unref()
    } finally {
      this.#pumping = false
    }
  }

  #takeReady (): Pending | undefined {
    const [ready] = this.#ready
    const pending = ready && this.#store.get(ready.place)
    this.#ready.shift()
    return pending && { ...pending, ...ready }
  }

  #takeNext (): Pending | 'held' | undefined {
    if (this.#waiting.length === 0 && this.#more) this.#readOn()
    const next = this.#waiting.shift()
    if (next === undefined) return
    return this.#claim(next) ? next : 'held'
  }

  #readOn (): void {
    this.#waiting = this.#store.read(this.#position, readAtOnce)
    this.#more = this.#waiting.length === readAtOnce
    const last = this.#waiting.at(-1)
    if (last !== undefined) this.#position = last.place + 1
  }

  /** Whether it can be begun: nothing of its ordering key is before it, and no pause to be waited for. */
  #claim (pending: Pending): boolean {
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined) {
      this.#passOver(held, pending)
      return false
    }
    const claimed: Held = { passed: [], noted: 0, noting: new Map() }
    this.#held.set(pending.orderingKey, claimed)
    if (pending.dueAt === 0) return true
    this.#wait(claimed, pending)
    return false
  }

  #passOver (held: Held, pending: Pending): void {
    const { place } = pending
    if (held.noted === 0 && held.passed.length < passedKept) {
      held.passed.push(place)
    } else {
      held.noted++
      held.noting.set(place, this.#settle(() => this.#store.pass(pending)).then(() => { held.noting.delete(place) }))
    }
  }

  #wait (held: Held, { place, attempts, dueAt }: Pending): void {
    held.timer = setTimeout(() => {
      this.#ready.push({ place, attempts })
      this.#pump()
    }, Math.max(0, dueAt - Date.now()))
  }

  #begin (pending: Pending): void {
    this.#active++
    this.#host.deliver(pending)
      .then(() => this.#succeed(pending), (error: unknown) => this.#fail(pending, error))
      .then(() => { this.#end() })
  }

  #end (): void {
    this.#active--
    this.#rest()
    this.#pump()
  }

  #rest (): void {
    if (this.#active + this.#surrenders === 0) this.#idle()
  }

  #succeed (pending: Pending): Promise<void> | undefined {
    this.#settle(() => this.#store.remove(pending))
    return this.#release(pending)
  }

  #fail (pending: Pending, error: unknown): void {
    const tried = { ...pending, attempts: pending.attempts + 1 }
    if (tried.attempts < this.#host.attempts) return this.#postpone(tried)
    this.#surrenders++
    this.#giveUp(tried, error).then(() => {
      this.#surrenders--
      this.#rest()
    })
  }

  #postpone (pending: Pending): void {
    const postponed = { ...pending, dueAt: Date.now() + pauseAfter(pending.attempts, this.#backoff) }
    this.#settle(() => this.#store.update(postponed))
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined && this.#running) this.#wait(held, postponed)
  }

  async #giveUp (pending: Pending, error: unknown): Promise<void> {
    const failedAt = Date.now()
    await this.#settle(() => this.#store.bury(pending, messageOf(error), failedAt))
    await this.#release(pending)
    this.#pump()
    await this.#host.givenUp(pending, error, pending.attempts)
  }

  /** Gives the next one with this ordering key its turn. A promise where the store has to be asked for it. */
  #release ({ orderingKey }: Pending): Promise<void> | undefined {
    const held = this.#held.get(orderingKey)
    const place = held?.passed.shift()
    if (place !== undefined) this.#ready.push({ place })
    else if (held !== undefined && held.noted > 0) return this.#recall(held, orderingKey)
    else this.#held.delete(orderingKey)
  }

  async #recall (held: Held, orderingKey: string): Promise<void> {
    while (this.#running) {
      try {
        return await this.#takePassed(held, orderingKey)
      } catch (error) {
        // It was closed meanwhile.
        if (!this.#running) return
        logError(this.#host.log, 'error', error, {}, 'the inbox does not tell what comes next in a chat, and will be asked again')
        await sleep(writePause)
      }
    }
  }

  async #takePassed (held: Held, orderingKey: string): Promise<void> {
    const [first] = held.noting.values()
    await first
    // What is behind one that could not be written yet does not overtake it.
    const [end = Infinity] = held.noting.keys()
    const [place, ...passed] = await this.#store.takePassed(orderingKey, passedKept, end)
    if (place === undefined) throw new Error(`nothing of ${orderingKey} was found`)
    held.noted -= 1 + passed.length
    held.passed = passed
    this.#ready.push({ place })
  }

  // Where it cannot be written what became of something, that is tried until it can, and in the
  // end nothing else is begun: all of that would be repeated after a crash.
  #settle (write: () => Promise<void>): Promise<void> {
    this.#unwritten++
    return write().then(() => { this.#settled() }, (error: unknown) => this.#settleLater(write, error))
  }

  #settled (): void {
    this.#unwritten--
    if (this.#unwritten === unwrittenAtMost - 1) this.#pump()
  }

  async #settleLater (write: () => Promise<void>, error: unknown): Promise<void> {
    logError(this.#host.log, 'error', error, {}, 'the inbox cannot be written; what became of a notification is written later')
    await sleep(writePause)
    this.#unwritten--
    if (this.#running) await this.#settle(write)
  }
}
