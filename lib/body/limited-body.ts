import { createHash, type Hash } from 'node:crypto'
import { envelopePrefix } from './queue-envelope.ts'

/** How many bytes are read at most if the limit is lower: those beyond the limit are discarded. */
const drainLimitBytes = 64 * 1024 * 1024

/** How many bytes are kept of the start of an oversized body. */
const headBytes = 1000

/** A body larger than the limit, of which only the start was kept. */
export class OversizedBody {
  /** SHA-256 of the bytes that were read, without the receipt id of a queue envelope, which differs each time. */
  readonly digest: string
  /** Whether reading stopped before the end. */
  readonly truncated: boolean
  /** The start of the body, with the receipt id if there is one. */
  readonly head: string

  constructor (digest: string, truncated: boolean, head = '') {
    this.digest = digest
    this.truncated = truncated
    this.head = head
  }
}

/** A body as it was read. */
export type Body = string | OversizedBody

/** Collects the bytes of a body up to a limit in bytes. For an oversized body, it only computes the digest. */
export class LimitedBody {
  readonly #limit: number
  /** How many bytes are kept before any are discarded: at least the head, whatever the size of the chunks. */
  readonly #kept: number
  readonly #end: number
  readonly #chunks: Buffer[] = []
  #size = 0
  #discarded: { readonly digest: Hash, readonly head: string } | undefined

  constructor (limit: number) {
    this.#limit = limit
    this.#kept = Math.max(limit, headBytes)
    this.#end = Math.max(limit, drainLimitBytes)
  }

  /** Whether no bytes were added. */
  get empty (): boolean {
    return this.#size === 0
  }

  /** Adds a chunk. Returns whether to read on. */
  add (chunk: Buffer): boolean {
    this.#size += chunk.length
    // Cut at the end, so that the digest does not depend on the size of the chunks.
    const excess = this.#size - this.#end
    const counted = excess > 0 ? chunk.subarray(0, -excess) : chunk
    if (this.#discarded === undefined) this.#chunks.push(counted)
    else this.#discarded.digest.update(counted)
    if (this.#size > this.#kept) this.#discarded ??= this.#discardChunks()
    return excess <= 0
  }

  /** The body, once all chunks are added. */
  end (): Body {
    if (this.#size > this.#limit) {
      const { digest, head } = this.#discarded ?? this.#discardChunks()
      return new OversizedBody(digest.digest('base64url'), this.#size > this.#end, head)
    }
    // Most bodies are one chunk, and concat copies even that one.
    const [first] = this.#chunks
    const whole = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    return whole.toString()
  }

  #discardChunks () {
    const kept = Buffer.concat(this.#chunks.splice(0))
    const head = kept.toString('utf8', 0, headBytes)
    return { digest: createHash('sha256').update(kept.subarray(envelopePrefix(head).length)), head }
  }
}
