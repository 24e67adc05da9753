import { randomInt } from 'node:crypto'
import type { Identity } from '../recognition/index.ts'

/**
 * The 64-bit hash of one identity at a time, with a random key.
 *
 * It is HalfSipHash-1-3 of the UTF-16 code units. Without the key nobody can find identities with equal hashes.
 */
export class IdentityHash {
  low = 0
  high = 0
  readonly #key0 = randomInt(2 ** 32) | 0
  readonly #key1 = randomInt(2 ** 32) | 0
  #identity: Identity | undefined

  /** Computes `low` and `high`, unless they are those of the same object already. */
  update (identity: Identity): this {
    if (identity === this.#identity) return this
    this.#identity = identity
    const { idInstance, type, state, idMessage } = identity
    let v0 = this.#key0
    let v1 = this.#key1 ^ 0xEE
    let v2 = this.#key0 ^ 0x6C796765
    let v3 = this.#key1 ^ 0x74656462
    for (let part = 0; part < 4; part++) {
      const text = part === 0 ? idInstance : part === 1 ? type : part === 2 ? state : idMessage
      const { length } = text
      // The length is the last word of a part, so that no two identities consist of the same words.
      for (let at = 0; ; at += 2) {
        const isLast = at >= length
        const second = at + 1 < length ? text.charCodeAt(at + 1) : 0
        const word = isLast ? length : text.charCodeAt(at) | second << 16
        v3 ^= word
        // One round. A function for it would have to return four numbers.
        v0 = v0 + v1 | 0; v1 = (v1 << 5 | v1 >>> 27) ^ v0; v0 = v0 << 16 | v0 >>> 16
        v2 = v2 + v3 | 0; v3 = (v3 << 8 | v3 >>> 24) ^ v2
        v0 = v0 + v3 | 0; v3 = (v3 << 7 | v3 >>> 25) ^ v0
        v2 = v2 + v1 | 0; v1 = (v1 << 13 | v1 >>> 19) ^ v2; v2 = v2 << 16 | v2 >>> 16
        v0 ^= word
        if (isLast) break
      }
    }
    v2 ^= 0xEE
    for (let round = 0; round < 6; round++) {
      v0 = v0 + v1 | 0; v1 = (v1 << 5 | v1 >>> 27) ^ v0; v0 = v0 << 16 | v0 >>> 16
      v2 = v2 + v3 | 0; v3 = (v3 << 8 | v3 >>> 24) ^ v2
      v0 = v0 + v3 | 0; v3 = (v3 << 7 | v3 >>> 25) ^ v0
      v2 = v2 + v1 | 0; v1 = (v1 << 13 | v1 >>> 19) ^ v2; v2 = v2 << 16 | v2 >>> 16
      if (round === 2) {
        this.low = v1 ^ v3
        v1 ^= 0xDD
      }
    }
    this.high = v1 ^ v3
    return this
  }
}
