import { randomUUID } from 'node:crypto'
import type { Entry } from './protocol.ts'

/** An entry with its id, ready to be sent. */
export interface Kept {
  readonly id: string
  readonly text: string
}

/** At most so many entries are kept, of so many characters in all: a picture's thumbnail is part of its notification. */
const limits = { entries: 1000, characters: 16 * 1024 * 1024 } as const

/**
 * What happened so far, in order, so that a page that connects learns of it, and one that
 * connects again learns of what it missed.
 */
export class History {
  /** Ids of another run of the program are no ids of this one. */
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

  /** What followed this id; all that there is, as `fresh`, where the id is not known any more. */
  since (id: string): { readonly fresh: boolean, readonly entries: readonly Kept[] } {
    const index = this.#kept.findIndex((kept) => kept.id === id)
    return index === -1 ? { fresh: true, entries: [...this.#kept] } : { fresh: false, entries: this.#kept.slice(index + 1) }
  }
}
