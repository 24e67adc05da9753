import { IdentityMap } from './generation.ts'
import type { Identity } from '../recognition/identity.ts'
import { maxRevisions, retentionMs } from './retention.ts'

const minute = 60_000
/** In minutes, as all times here. */
const lifetime = retentionMs / minute
const origin = Date.now()

const generationSize = 50_000

/** Where the checksum ends in a number that holds more. */
const above = 2 ** 32

/** What is remembered of one body of a notification. */
interface Revision {
  /** Which of the bodies that came for the identity it is, from 1. */
  readonly number: number
  readonly checksum: number
  settledAt: number | undefined
  failures: number
}

/**
 * What is remembered of an identity. For those that came with one body, which are most, a number
 * that holds its checksum and, above that, the minute in which it was settled, or, negative, how
 * often it has failed. For the others each of the last bodies.
 */
export type SeenState = number | Revision[]

/**
 * Remembers, for 48 hours, which notifications were settled, and how often the others failed.
 *
 * At most 100 000 identities are remembered, the youngest, in two generations: when one is
 * full the older is dropped whole, which costs nothing, where expiring each would.
 */
export class SeenNotifications {
  #recent = new IdentityMap<SeenState>()
  #older = new IdentityMap<SeenState>()
  #since = now()

  /** How many are remembered. */
  get size (): number {
    return this.#recent.size + this.#older.size
  }

  /** What is remembered of the identity; for `isSettled`, `revisionOf` and `failuresOf`. */
  get (identity: Identity): SeenState | undefined {
    return this.#recent.get(identity) ?? this.#older.get(identity)
  }

  /** Remembers a notification that was settled at once, of whose identity nothing is remembered. */
  add (identity: Identity, checksum: number): void {
    const at = now()
    this.#remember(identity, at * above + checksum, at)
  }

  /** Remembers that the notification with this body needs no further delivery. */
  settle (identity: Identity, checksum: number): void {
    const revisions = expand(this.get(identity))
    const revision = revisionIn(revisions, checksum)
    const at = now()
    revision.settledAt = at
    revision.failures = 0
    this.#remember(identity, pack(revisions), at)
  }

  /** Remembers that an attempt to deliver the notification failed, and returns how many have. */
  fail (identity: Identity, checksum: number): number {
    const revisions = expand(this.get(identity))
    const revision = revisionIn(revisions, checksum)
    revision.failures++
    revision.settledAt = undefined
    this.#remember(identity, pack(revisions), now())
    return revision.failures
  }

  #remember (identity: Identity, memory: SeenState, at: number) {
    if (this.#recent.size >= generationSize || at - this.#since >= lifetime) {
      this.#older = this.#recent
      this.#recent = new IdentityMap<SeenState>()
      this.#since = at
    }
    this.#recent.set(identity, memory)
  }
}

/** Whether the notification with this body was settled within the last 48 hours. */
export function isSettled (memory: SeenState, checksum: number): boolean {
  const settledAt = find(expand(memory), checksum)?.settledAt
  return settledAt !== undefined && now() - settledAt < lifetime
}

/** Which of the bodies that came for the identity this one is, from 1; one that is new is the next. */
export function revisionOf (memory: SeenState, checksum: number): number {
  const revisions = expand(memory)
  return find(revisions, checksum)?.number ?? nextNumber(revisions)
}

/** How often the notification with this body has failed. */
export function failuresOf (memory: SeenState, checksum: number): number {
  return find(expand(memory), checksum)?.failures ?? 0
}

function expand (memory: SeenState | undefined): Revision[] {
  if (memory === undefined) return []
  if (typeof memory !== 'number') return memory
  const high = Math.floor(Math.abs(memory) / above)
  const checksum = Math.abs(memory) % above
  return [memory < 0 ? { number: 1, checksum, settledAt: undefined, failures: high } : { number: 1, checksum, settledAt: high, failures: 0 }]
}

function pack (revisions: Revision[]): SeenState {
  const [only, another] = revisions
  if (only === undefined || another !== undefined) return revisions
  return only.settledAt === undefined ? -(only.failures * above + only.checksum) : only.settledAt * above + only.checksum
}

function revisionIn (revisions: Revision[], checksum: number): Revision {
  const known = find(revisions, checksum)
  if (known !== undefined) return known
  const revision: Revision = { number: nextNumber(revisions), checksum, settledAt: undefined, failures: 0 }
  if (revisions.push(revision) > maxRevisions) revisions.shift()
  return revision
}

function find (revisions: readonly Revision[], checksum: number): Revision | undefined {
  return revisions.find((revision) => revision.checksum === checksum)
}

function nextNumber (revisions: readonly Revision[]): number {
  return (revisions.at(-1)?.number ?? 0) + 1
}

// In minutes since this was loaded: four years of them and a checksum of 32 bits fit into the
// 53 bits of a number.
function now (): number {
  return Math.max(0, Math.floor((Date.now() - origin) / minute))
}
