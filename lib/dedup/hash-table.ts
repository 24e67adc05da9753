/** A 64-bit hash, as two signed 32-bit integers. */
interface Hash {
  readonly low: number
  readonly high: number
}

/**
 * A map from hashes to numbers other than 0.
 *
 * It holds no objects, so the garbage collector has nothing to trace, whatever its size.
 */
export class HashTable {
  size = 0
  #mask: number
  // Two views of the same memory: a slot is one hash and one value, which a processor loads together.
  #hashes: Int32Array
  #values: Float64Array

  /** @param slots a power of two. The table grows when half of them are full. */
  constructor (slots: number) {
    this.#mask = slots - 1
    this.#values = new Float64Array(slots * 2)
    this.#hashes = new Int32Array(this.#values.buffer)
  }

  get slots (): number {
    return this.#mask + 1
  }

  /** Returns the value; 0 if there is none. */
  get ({ low, high }: Hash): number {
    return this.#values[this.#find(low, high) * 2 + 1] ?? 0
  }

  set ({ low, high }: Hash, value: number): void {
    const slot = this.#find(low, high)
    const isNew = this.#values[slot * 2 + 1] === 0
    this.#hashes[slot * 4] = low
    this.#hashes[slot * 4 + 1] = high
    this.#values[slot * 2 + 1] = value
    if (isNew && ++this.size * 2 > this.slots) this.#grow()
  }

  /** The slot of the hash, or the free one where it belongs. */
  #find (low: number, high: number): number {
    const hashes = this.#hashes
    const values = this.#values
    const mask = this.#mask
    let slot = low & mask
    while (values[slot * 2 + 1] !== 0 && (hashes[slot * 4] !== low || hashes[slot * 4 + 1] !== high)) {
      slot = slot + 1 & mask
    }
    return slot
  }

  #grow (): void {
    const larger = new HashTable(this.slots * 2)
    for (let slot = 0; slot < this.slots; slot++) {
      const { [slot * 4]: low = 0, [slot * 4 + 1]: high = 0 } = this.#hashes
      const { [slot * 2 + 1]: value = 0 } = this.#values
      if (value !== 0) larger.set({ low, high }, value)
    }
    this.#mask = larger.#mask
    this.#hashes = larger.#hashes
    this.#values = larger.#values
  }
}
