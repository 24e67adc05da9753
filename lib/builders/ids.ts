import { hash, randomBytes } from 'node:crypto'
import type { Device } from '../schemas/devices.ts'

const idFormats: Readonly<Record<'api' | 'phone' | Device, readonly [prefix: string, length: number]>> = {
  api: ['BAE5', 16],
  phone: ['', 32],
  android: ['', 32],
  ios: ['3A', 20],
  web: ['3EB0', 22]
}

/** The first second of 2026, in Unix time in seconds. */
const firstSeededSecond = 1767225600

/** Creates ids and times. With a seed they are reproducible. */
export class Source {
  readonly #seed: string | number | undefined
  readonly #now: (() => number) | undefined
  #ids = 0
  #seconds = 0

  /** `now` returns Unix time in milliseconds and overrides the times of `seed`. */
  constructor (seed?: string | number, now?: () => number) {
    this.#seed = seed
    this.#now = now
  }

  /** Creates a message id in the form that the API, the instance's phone or the contact's device uses. */
  id (sender: 'api' | 'phone' | Device): string {
    const [prefix, length] = idFormats[sender]
    return prefix + this.#hexDigits().slice(prefix.length, length)
  }

  /** Unix time in seconds. With a seed, each call returns the next second. */
  timestamp (): number {
    if (this.#now !== undefined) return Math.floor(this.#now() / 1000)
    return this.#seed === undefined ? Math.floor(Date.now() / 1000) : firstSeededSecond + this.#seconds++
  }

  #hexDigits (): string {
    const digits = this.#seed === undefined
      ? randomBytes(16).toString('hex')
      : hash('sha256', `${this.#seed} ${this.#ids++}`)
    return digits.toUpperCase()
  }
}
