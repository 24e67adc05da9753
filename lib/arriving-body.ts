import { createHash, type Hash } from 'node:crypto'

/** How many bytes are read, and thrown away beyond the limit, before no more is read. */
const drainLimit = 64 * 1024 * 1024

/** How many bytes are kept of a body that is too large. */
const headLength = 1000

/** Stands for a body larger than the limit, of which nothing was kept but how it begins. */
export class TooLarge {
  /** Of the bytes that were read. */
  readonly digest: string
  /** Whether more was still to come when reading was broken off. */
  readonly endless: boolean
  /** How it begins: enough to find a receipt in. */
  readonly head: string

  constructor (digest: string, endless: boolean, head = '') {
    this.digest = digest
    this.endless = endless
    this.head = head
  }
}

/** What a body is read as. */
export type Body = string | TooLarge

/** A body while its bytes arrive: up to a limit they are kept, beyond it they are only summed up. */
export class ArrivingBody {
  readonly #limit: number
  readonly #end: number
  #chunks: Buffer[] = []
  #size = 0
  #head = ''
  #discarded: Hash | undefined

  /** The limit is in bytes. */
  constructor (limit: number) {
    this.#limit = limit
    this.#end = Math.max(limit, drainLimit)
  }

  /** Takes what arrives next; whether any more of it is to be read. */
  add (chunk: Buffer): boolean {
    this.#size += chunk.length
    if (this.#size <= this.#limit) {
      this.#chunks.push(chunk)
      return true
    }
    this.#discarded ??= this.#startDiscarding(chunk)
    // No further than that, so that the digest does not depend on how the bytes were cut.
    const beyond = this.#size - this.#end
    this.#discarded.update(beyond > 0 ? chunk.subarray(0, -beyond) : chunk)
    return beyond <= 0
  }

  /** All that has arrived. */
  end (): Body {
    if (this.#discarded !== undefined) return new TooLarge(this.#discarded.digest('base64url'), this.#size > this.#end, this.#head)
    const [first] = this.#chunks
    return this.#chunks.length === 1 && first !== undefined ? first.toString() : Buffer.concat(this.#chunks, this.#size).toString()
  }

  #startDiscarding (chunk: Buffer): Hash {
    this.#head = Buffer.concat([...this.#chunks, chunk], Math.min(this.#size, headLength)).toString()
    const digest = createHash('sha256')
    for (const kept of this.#chunks) digest.update(kept)
    this.#chunks = []
    return digest
  }
}
