import type { Pending } from './pending.ts'
import type { Store } from './store.ts'

/** How many new notifications may wait in memory, and how long their bodies may be, in characters. */
const waitingAtMost = 1024
const waitingLength = 16_384

/** How many notifications are read from disk at a time. */
const readAtOnce = 16

/** Iterates once over the pending notifications, from the oldest to the newest. */
export class Upcoming {
  readonly #store: Pick<Store, 'read'>
  /** The next notifications, and the place after the last of them. */
  #waiting: Pending[] = []
  #position = 0
  /** Whether the disk may have notifications at or after `#position`. */
  #more = true

  constructor (store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /** Handles a notification that was just stored. */
  add (pending: Pending): void {
    const { place, body } = pending
    // Without anything to read before it, a small notification is kept and not read again.
    const isSmall = body === null || body.length <= waitingLength
    if (place === this.#position && this.#waiting.length < waitingAtMost && isSmall) {
      this.#waiting.push(pending)
      this.#position++
    } else if (place >= this.#position) {
      this.#more = true
    }
  }

  /** Removes and returns the next notification. */
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
