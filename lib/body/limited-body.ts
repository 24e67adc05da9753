import { createHash, type Hash } from 'node:crypto'
import { envelopePrefix } from './queue-envelope.ts'

/** How many bytes are read, and thrown away beyond the limit, before no more is read. */
const drainLimit = 64 * 1024 * 1024

/** How many bytes are kept of a body that is too large. */
const headLength = 1000

/** Stands for a body larger than the limit, of which nothing was kept but how it begins. */
export class OversizedBody {
  /** Of the bytes that were read, but for the receipt of a queue envelope, which is another each time. */
  readonly digest: string
  /** Whether more was still to come when reading was broken off. */
  readonly truncated: boolean
  /** How it begins: enough to find a receipt in. */
  readonly head: string

  constructor (digest: string, endless: boolean, head = '') {
    this.digest = digest
    this.truncated = endless
    this.head = head
  }
}

/** What a body is read as. */
export type Body = string | OversizedBody

/** A body while its bytes arrive: up to a limit they are kept, beyond it they are only summed up. */
export class LimitedBody {
  readonly #limit: number
  /** How many bytes are kept before any are only summed up: as many as tell how it begins, however it is cut. */
  readonly #kept: number
  readonly #end: number
  #chunks: Buffer[] = []
  #size = 0
  #head = ''
  #discarded: Hash | undefined

  /** The limit is in bytes. */
  constructor (limit: number) {
    this.#limit = limit
    this.#kept = Math.max(limit, headLength)
    this.#end = Math.max(limit, drainLimit)
  }

  /** Takes what arrives next; whether any more of it is to be read. */
  add (chunk: Buffer): boolean {
    this.#size += chunk.length
    // No further than that, so that the digest does not depend on how the bytes were cut.
    const beyond = this.#size - this.#end
    const counted = beyond > 0 ? chunk.subarray(0, -beyond) : chunk
    if (this.#discarded !== undefined) this.#discarded.update(counted)
    else this.#chunks.push(counted)
    if (this.#size > this.#kept) this.#discarded ??= this.#sumUp()
    return beyond <= 0
  }

  /** All that has arrived. */
  end (): Body {
    if (this.#size > this.#limit) {
      const discarded = this.#discarded ?? this.#sumUp()
      return new OversizedBody(discarded.digest('base64url'), this.#size > this.#end, this.#head)
    }
    const [first] = this.#chunks
    return this.#chunks.length === 1 && first !== undefined ? first.toString() : Buffer.concat(this.#chunks, this.#size).toString()
  }

  // From what was kept so far, of which then nothing is but how it begins.
  #sumUp (): Hash {
    const kept = Buffer.concat(this.#chunks)
    this.#head = kept.toString('utf8', 0, headLength)
    this.#chunks = []
    return createHash('sha256').update(kept.subarray(envelopePrefix(this.#head).length))
  }
}
