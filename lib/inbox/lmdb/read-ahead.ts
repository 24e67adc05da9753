import type { Pending, Store } from './store.ts'

/** How many that were just stored may wait in memory, and how long, in characters, their bodies may be. */
const waitingAtMost = 1024
const waitingLength = 16_384

/** How many are read from disk at a time. */
const readAtOnce = 16

/** What is pending, from the oldest on: a position that goes through it once. */
export class Upcoming {
  readonly #store: Pick<Store, 'read'>
  /** Those that come next, and the place after the last of them. */
  #waiting: Pending[] = []
  #position = 0
  /** Whether there may be more on disk from there on. */
  #more = true

  constructor (store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /** Takes on what was just stored. */
  add (pending: Pending): void {
    const { place, body } = pending
    // It need not be read again, unless something before it has to be read first.
    if (place === this.#position && this.#waiting.length < waitingAtMost && (body === null || body.length <= waitingLength)) {
      this.#waiting.push(pending)
      this.#position++
    } else if (place >= this.#position) {
      this.#more = true
    }
  }

  /** The one that comes next, which then is behind the position. */
  take (): Pending | undefined {
    if (this.#waiting.length === 0 && this.#more) this.#readOn()
    return this.#waiting.shift()
  }

  #readOn (): void {
    this.#waiting = this.#store.read(this.#position, readAtOnce)
    this.#more = this.#waiting.length === readAtOnce
    const last = this.#waiting.at(-1)
    if (last !== undefined) this.#position = last.place + 1
  }
}
