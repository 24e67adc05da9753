const lifetime = 48 * 60
const generationSize = 50_000
const minute = 60_000
const origin = Date.now()
const anywhere = /^/

/** How many bodies are remembered of one identity, the last that came. */
const revisionsKept = 20

/** One body of a notification of which more is to be remembered than that it was settled. */
interface Revision {
  readonly number: number
  readonly checksum: number
  settledAt: number | undefined
  failures: number
}

/**
 * What is remembered of an identity: for the many that came with one body and were settled,
 * that body's checksum and the minute, packed into one number; for the others, every body in
 * the order in which it first came.
 */
type Memory = number | Revision[]

/**
 * Remembers, for 48 hours, which notifications were settled, and how often the others failed.
 *
 * At most 100 000 identities are remembered, the youngest, in two generations: when one is
 * full the older is dropped whole, which costs nothing, where expiring each would.
 */
export class Identities {
  #recent = new Map<string, Memory>()
  #older = new Map<string, Memory>()
  #since = now()

  /** How many are remembered. */
  get size (): number {
    return this.#recent.size + this.#older.size
  }

  /** What is remembered of the identity; for `isSettled` and `revisionOf`. */
  recall (id: string): Memory | undefined {
    return this.#recent.get(id) ?? this.#older.get(id)
  }

  /** Remembers a notification that was settled at once, of whose identity nothing is remembered. */
  add (id: string, checksum: number): void {
    const at = now()
    this.#remember(inOnePiece(id), at * 2 ** 32 + checksum, at)
  }

  /** Remembers that the notification with this body needs no further delivery. */
  settle (id: string, checksum: number): void {
    const memory = this.recall(id)
    if (memory === undefined) {
      this.add(id, checksum)
      return
    }
    const at = now()
    const revisions = expand(memory)
    const revision = revisionIn(revisions, checksum)
    revision.settledAt = at
    revision.failures = 0
    this.#remember(id, revisions, at)
  }

  /** Remembers that an attempt to deliver the notification failed, and returns how many have. */
  fail (id: string, checksum: number): number {
    const revisions = expand(this.recall(id))
    const revision = revisionIn(revisions, checksum)
    revision.failures++
    this.#remember(id, revisions, now())
    return revision.failures
  }

  #remember (id: string, memory: Memory, at: number) {
    if ((this.#recent.size >= generationSize || at - this.#since >= lifetime) && !this.#recent.has(id)) {
      this.#older = this.#recent
      this.#recent = new Map()
      this.#since = at
    }
    this.#recent.set(id, memory)
  }
}

/** Whether the notification with this body was settled within the last 48 hours. */
export function isSettled (memory: Memory, checksum: number): boolean {
  const settledAt = typeof memory === 'number'
    ? memory % 2 ** 32 === checksum ? Math.floor(memory / 2 ** 32) : undefined
    : find(memory, checksum)?.settledAt
  return settledAt !== undefined && now() - settledAt < lifetime
}

/** Which of the bodies that came for the identity this one is, from 1; one that is new is the next. */
export function revisionOf (memory: Memory, checksum: number): number {
  const revisions = expand(memory)
  return find(revisions, checksum)?.number ?? nextNumber(revisions)
}

function expand (memory: Memory | undefined): Revision[] {
  if (memory === undefined) return []
  if (typeof memory !== 'number') return memory
  return [{ number: 1, checksum: memory % 2 ** 32, settledAt: Math.floor(memory / 2 ** 32), failures: 0 }]
}

function revisionIn (revisions: Revision[], checksum: number): Revision {
  const known = find(revisions, checksum)
  if (known !== undefined) return known
  const revision: Revision = { number: nextNumber(revisions), checksum, settledAt: undefined, failures: 0 }
  if (revisions.push(revision) > revisionsKept) revisions.shift()
  return revision
}

function find (revisions: readonly Revision[], checksum: number): Revision | undefined {
  return revisions.find((revision) => revision.checksum === checksum)
}

function nextNumber (revisions: readonly Revision[]): number {
  return (revisions.at(-1)?.number ?? 0) + 1
}

// V8 keeps a string that was put together as a tree of its parts until somebody reads it. As a
// key that stays for days the tree takes twice the memory.
function inOnePiece (text: string): string {
  anywhere.test(text)
  return text
}

// In minutes since this was loaded: four years of them and a checksum of 32 bits fit into the
// 53 bits of a number.
function now (): number {
  return Math.max(0, Math.floor((Date.now() - origin) / minute))
}
