import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { logError } from '../../util/logging.ts'
import { storePause, type Settlements } from './retrying-writer.ts'
import type { Pending, Store } from './store.ts'

/** How many places of one ordering key that were passed over are kept in memory; further ones are on disk. */
const passedKept = 32

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

/** One whose turn has come: its place, and how often it was tried, which may not be on disk yet. */
export interface Ready {
  readonly place: number
  readonly attempts?: number
}

/** Whose turn it is in each chat, which is whatever has the same ordering key: one at a time, in order. */
export class Chats {
  readonly #store: Pick<Store, 'pass' | 'takePassed'>
  readonly #settlements: Settlements
  readonly #log: FastifyBaseLogger
  readonly #onReady: (ready: Ready) => void
  readonly #held = new Map<string, Held>()
  #stopped = false

  /** `onReady` is called with those that waited, or were passed over, when it is their turn. */
  constructor (store: Pick<Store, 'pass' | 'takePassed'>, settlements: Settlements, log: FastifyBaseLogger, onReady: (ready: Ready) => void) {
    this.#store = store
    this.#settlements = settlements
    this.#log = log
    this.#onReady = onReady
  }

  /** Whether it can be begun: nothing of its chat is before it, and no pause to be waited for. */
  claim (pending: Pending): boolean {
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined) {
      this.#passOver(held, pending)
      return false
    }
    this.#held.set(pending.orderingKey, { passed: [], noted: 0, noting: new Map() })
    if (pending.dueAt === 0) return true
    this.wait(pending)
    return false
  }

  /** Lets its chat wait until it is due. */
  wait ({ place, orderingKey, attempts, dueAt }: Pending): void {
    const held = this.#held.get(orderingKey)
    if (held === undefined || this.#stopped) return
    held.timer = setTimeout(() => { this.#onReady({ place, attempts }) }, Math.max(0, dueAt - Date.now()))
  }

  /** Gives the next one of its chat its turn. A promise, which never rejects, where the store has to be asked for it. */
  release ({ orderingKey }: Pending): Promise<void> | undefined {
    const held = this.#held.get(orderingKey)
    const place = held?.passed.shift()
    if (place !== undefined) this.#onReady({ place })
    else if (held !== undefined && held.noted > 0) return this.#recall(held, orderingKey)
    else this.#held.delete(orderingKey)
  }

  /** Lets nothing come to its turn any more. */
  stop (): void {
    this.#stopped = true
    for (const { timer } of this.#held.values()) clearTimeout(timer)
  }

  #passOver (held: Held, pending: Pending): void {
    const { place } = pending
    if (held.noted === 0 && held.passed.length < passedKept) {
      held.passed.push(place)
    } else {
      held.noted++
      held.noting.set(place, this.#settlements.settle(() => this.#store.pass(pending)).then(() => { held.noting.delete(place) }))
    }
  }

  async #recall (held: Held, orderingKey: string): Promise<void> {
    while (!this.#stopped) {
      try {
        return await this.#takePassed(held, orderingKey)
      } catch (error) {
        // It was closed meanwhile.
        if (this.#stopped) return
        logError(this.#log, 'error', error, {}, 'the inbox does not tell what comes next in a chat, and will be asked again')
        await sleep(storePause)
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
    this.#onReady({ place })
  }
}
