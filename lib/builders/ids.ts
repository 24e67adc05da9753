import { hash, randomBytes } from 'node:crypto'

/** The devices on which a contact can be. */
export const devices = ['android', 'ios', 'web'] as const

/** What a contact holds in the hand; ids of their messages tell. */
export type Device = typeof devices[number]

/** By whose hand a message is sent: each forms its ids in another way. */
export type Origin = 'api' | 'phone' | Device

/** What an id begins with, and how long it is. */
const formats: Readonly<Record<Origin, readonly [prefix: string, length: number]>> = {
  api: ['BAE5', 16],
  phone: ['', 32],
  android: ['', 32],
  ios: ['3A', 20],
  web: ['3EB0', 22]
}

/** When seeded time begins, in Unix time in seconds: the first of January 2026. */
const beginning = 1767225600

/** Where ids and times come from: out of a seed the same each time, else from chance and the clock. */
export class Source {
  readonly #seed: string | number | undefined
  readonly #now: (() => number) | undefined
  #ids = 0
  #times = 0

  /** `now` is in milliseconds, and wins over the seed. */
  constructor (seed?: string | number, now?: () => number) {
    this.#seed = seed
    this.#now = now
  }

  /** Another id in the form that the hand gives it. */
  id (hand: Origin): string {
    const [prefix, length] = formats[hand]
    return prefix + this.#digits().slice(prefix.length, length)
  }

  /** Unix time in seconds; with a seed a second later each time. */
  timestamp (): number {
    if (this.#now !== undefined) return Math.floor(this.#now() / 1000)
    return this.#seed === undefined ? Math.floor(Date.now() / 1000) : beginning + this.#times++
  }

  #digits (): string {
    const digits = this.#seed === undefined ? randomBytes(16).toString('hex') : hash('sha256', `${this.#seed} ${this.#ids++}`)
    return digits.toUpperCase()
  }
}
