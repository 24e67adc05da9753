import { randomUUID } from 'node:crypto'
import type { Entry } from './protocol.ts'

/** A serialized entry with its id. */
export interface Kept {
  readonly id: string
  readonly text: string
}

/** The limits of the history. Characters are limited too, as a notification can contain a thumbnail. */
const limits = { entries: 1000, characters: 16 * 1024 * 1024 } as const

/**
 * The past entries in order. A new page receives all of them, and a page that reconnects receives those that it missed.
 */
export class History {
  /** Part of each id, so that ids of an earlier process are unknown. */
  readonly #run = randomUUID().slice(0, 8)
  readonly #kept: Kept[] = []
  #count = 0
  #characters = 0

  add (entry: Entry): Kept {
    const kept = { id: `${this.#run}.${++this.#count}`, text: JSON.stringify(entry) }
    this.#kept.push(kept)
    this.#characters += kept.text.length
    while (this.#kept.length > limits.entries || (this.#characters > limits.characters && this.#kept.length > 1)) {
      this.#characters -= this.#kept.shift()?.text.length ?? 0
    }
    return kept
  }

  /** Returns the entries after this id. If the id is unknown, returns all entries as `fresh`. */
  since (id: string): { readonly fresh: boolean, readonly entries: readonly Kept[] } {
    const index = this.#kept.findIndex((kept) => kept.id === id)
    return { fresh: index === -1, entries: this.#kept.slice(index + 1) }
  }
}
