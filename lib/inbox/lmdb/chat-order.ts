import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { logError } from '../../util/logging.ts'
import { storePause, type Settlements } from './retrying-writer.ts'
import type { Pending } from './pending.ts'
import type { Store } from './store.ts'

/** How many passed-over places of one ordering key are kept in memory. Further ones are on disk. */
const passedKept = 32

/** The state of an ordering key with a running delivery, or one that waits for its next attempt. */
interface Held {
  /** The first places that were passed over. */
  passed: number[]
  /** How many further places were passed over, which are on disk. */
  noted: number
  /** The running writes of these, by place. */
  readonly noting: Map<number, Promise<void>>
  timer?: NodeJS.Timeout
}

/** A notification that can be delivered. `attempts` is set when it may not be on disk yet. */
export interface Ready {
  readonly place: number
  readonly attempts?: number
}

/** Lets one notification of each ordering key (chat) be delivered at a time, in order. */
export class Chats {
  readonly #store: Pick<Store, 'pass' | 'takePassed'>
  readonly #settlements: Settlements
  readonly #log: FastifyBaseLogger
  readonly #onReady: (ready: Ready) => void
  readonly #held = new Map<string, Held>()
  #stopped = false

  /** `onReady` is called with a notification that waited or was passed over when it can be delivered. */
  constructor (
    store: Pick<Store, 'pass' | 'takePassed'>,
    settlements: Settlements,
    log: FastifyBaseLogger,
    onReady: (ready: Ready) => void
  ) {
    this.#store = store
    this.#settlements = settlements
    this.#log = log
    this.#onReady = onReady
  }

  /**
   * Returns whether the notification can be delivered now: nothing of its chat runs, and it need not wait.
   *
   * @param pause how long it waits for its next attempt, in milliseconds
   */
  claim (pending: Pending, pause: number): boolean {
    const held = this.#held.get(pending.orderingKey)
    if (held !== undefined) {
      this.#passOver(held, pending)
      return false
    }
    this.#held.set(pending.orderingKey, { passed: [], noted: 0, noting: new Map() })
    if (pause === 0) return true
    this.wait(pending, pause)
    return false
  }

  /** Makes the chat wait for the next attempt of the notification. */
  wait ({ place, orderingKey, attempts }: Pending, pause: number): void {
    const held = this.#held.get(orderingKey)
    if (held === undefined || this.#stopped) return
    held.timer = setTimeout(() => { this.#onReady({ place, attempts }) }, pause)
  }

  /** Continues with the next notification of the chat. Returns a promise, which never rejects, if it is on disk. */
  release ({ orderingKey }: Pending): Promise<void> | undefined {
    const held = this.#held.get(orderingKey)
    const place = held?.passed.shift()
    if (place !== undefined) this.#onReady({ place })
    else if (held !== undefined && held.noted > 0) return this.#recall(held, orderingKey)
    else this.#held.delete(orderingKey)
  }

  /** Makes no more notifications ready. */
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
      const noted = this.#settlements.settle(() => this.#store.pass(pending)).then(() => { held.noting.delete(place) })
      held.noting.set(place, noted)
    }
  }

  async #recall (held: Held, orderingKey: string): Promise<void> {
    while (!this.#stopped) {
      try {
        return await this.#takePassed(held, orderingKey)
      } catch (error) {
        // The store was closed in the meantime.
        if (this.#stopped) return
        logError(this.#log, 'error', error, {}, 'cannot read the next notification of a chat; retrying')
        await sleep(storePause)
      }
    }
  }

  async #takePassed (held: Held, orderingKey: string): Promise<void> {
    const [first] = held.noting.values()
    await first
    // Places after one whose write has not succeeded yet must not overtake it.
    const [end = Infinity] = held.noting.keys()
    const [place, ...passed] = await this.#store.takePassed(orderingKey, passedKept, end)
    if (place === undefined) throw new Error(`the store has no passed-over place of ${orderingKey}`)
    held.noted -= 1 + passed.length
    held.passed = passed
    this.#onReady({ place })
  }
}
