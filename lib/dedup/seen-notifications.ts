import type { Checksum, Identity } from '../recognition/index.ts'
import { HashTable } from './hash-table.ts'
import { IdentityHash } from './identity-hash.ts'
import { maxRevisions, retentionMs } from './retention.ts'

const minuteMs = 60_000
const retentionMinutes = retentionMs / minuteMs
const startedAtMs = Date.now()

const generationSize = 50_000

/** The slots of an empty generation. It grows up to 131 072 slots of 16 bytes. */
const minSlots = 64

/** A packed state is `high * checksumRange + checksum`. */
const checksumRange = 2 ** 32

/** One body of a notification. */
interface Revision {
  /** Counts the bodies of the notification, from 1. */
  readonly number: number
  /** `null` until the first webhook body of a recovered notification arrives. */
  checksum: Checksum
  /** In minutes, see `nowMinutes`. */
  settledAt: number | undefined
  failures: number
}

/**
 * What is remembered of one identity.
 *
 * Most notifications have only one body. Their state is packed into a number: the checksum and,
 * above it, the minute in which the notification was settled, or (negative) its failures.
 * Notifications with several bodies have a list of the most recent ones, and recovered ones begin with a list.
 */
export type SeenState = number | Revision[]

/**
 * Remembers for 48 hours which notifications are settled, and how often the others failed.
 *
 * Holds at most 100 000 identities, in two generations. When the recent one is full, the older one is
 * dropped as a whole, which is cheaper than expiring each identity.
 *
 * Only a keyed 64-bit hash of an identity is kept. Two identities with equal hashes count as two bodies of one
 * notification: the second is delivered too, unless the bodies have the same checksum as well.
 */
export class SeenNotifications {
  readonly #hash = new IdentityHash()
  #recent = new Generation(minSlots)
  #older = new Generation(minSlots)
  #recentSince = nowMinutes()
  #since = Date.now()
  #nextSince = Date.now()

  /** Since when all identities are remembered: Unix time in milliseconds. */
  get since (): number {
    return this.#since
  }

  /** The number of identities that are remembered. */
  get size (): number {
    return this.#recent.size + this.#older.size
  }

  /** Returns the state for `isSettled`, `noteDuplicate`, `knownOrNextRevision` and `failuresOf`. */
  get (identity: Identity): SeenState | undefined {
    const hash = this.#hash.update(identity)
    return this.#recent.get(hash) ?? this.#older.get(hash)
  }

  /** Remembers a settled notification. Faster than `settle`, for an identity that has no state yet. */
  add (identity: Identity, checksum: Checksum): void {
    if (checksum === null) return this.settle(identity, checksum)
    const now = nowMinutes()
    this.#remember(identity, now * checksumRange + checksum, now)
  }

  /** Remembers that the notification with this body needs no further delivery. */
  settle (identity: Identity, checksum: Checksum): void {
    const revisions = unpack(this.get(identity))
    const revision = findOrAdd(revisions, checksum)
    const now = nowMinutes()
    revision.settledAt = now
    revision.failures = 0
    this.#remember(identity, pack(revisions, revision), now)
  }

  /** Remembers a failed attempt to deliver the notification with this body. Returns the number of failed attempts. */
  fail (identity: Identity, checksum: Checksum): number {
    const revisions = unpack(this.get(identity))
    const revision = findOrAdd(revisions, checksum)
    revision.failures++
    // It may have been settled, more than 48 hours ago.
    revision.settledAt = undefined
    this.#remember(identity, pack(revisions, revision), nowMinutes())
    return revision.failures
  }

  #remember (identity: Identity, state: SeenState, now: number) {
    if (this.#recent.size >= generationSize || now - this.#recentSince >= retentionMinutes) {
      this.#older = this.#recent
      this.#recent = new Generation(this.#older.slots)
      this.#recentSince = now
      this.#since = this.#nextSince
      this.#nextSince = Date.now()
    }
    this.#recent.set(this.#hash.update(identity), state)
  }
}

/** A state by the hash of its identity. Lists are beside the table, which has their negative number from -1. */
class Generation {
  readonly #table: HashTable
  readonly #lists: Revision[][] = []

  constructor (slots: number) {
    this.#table = new HashTable(slots)
  }

  get size (): number {
    return this.#table.size
  }

  get slots (): number {
    return this.#table.slots
  }

  get (hash: IdentityHash): SeenState | undefined {
    const value = this.#table.get(hash)
    if (value === 0) return undefined
    return isListNumber(value) ? this.#lists[-value - 1] : value
  }

  set (hash: IdentityHash, state: SeenState): void {
    if (typeof state === 'number') return this.#table.set(hash, state)
    const value = this.#table.get(hash)
    if (isListNumber(value)) this.#lists[-value - 1] = state
    else this.#table.set(hash, -this.#lists.push(state))
  }
}

// A packed state is at least `checksumRange`, or at most its negative.
function isListNumber (value: number): boolean {
  return value < 0 && value > -checksumRange
}

/**
 * Notes the body of a settled notification that arrived again. The first body after a recovered notification becomes
 * that of its revision, so that the next one is another revision.
 */
export function noteDuplicate (state: SeenState, checksum: Checksum): void {
  if (typeof state !== 'number') findOrAdd(state, checksum)
}

/** Whether the notification with this body was settled within the last 48 hours. */
export function isSettled (state: SeenState, checksum: Checksum): boolean {
  const settledAt = find(unpack(state), checksum)?.settledAt ?? -Infinity
  return nowMinutes() - settledAt < retentionMinutes
}

/** Returns the revision of the body with this checksum; the next one if the body is new. */
export function knownOrNextRevision (state: SeenState, checksum: Checksum): number {
  const revisions = unpack(state)
  return find(revisions, checksum)?.number ?? nextNumber(revisions)
}

/** Returns how many attempts to deliver the notification with this body failed. */
export function failuresOf (state: SeenState, checksum: Checksum): number {
  return find(unpack(state), checksum)?.failures ?? 0
}

function unpack (state: SeenState | undefined): Revision[] {
  if (state === undefined) return []
  if (typeof state !== 'number') return state
  const high = Math.floor(Math.abs(state) / checksumRange)
  const checksum = Math.abs(state) % checksumRange
  return state < 0
    ? [{ number: 1, checksum, settledAt: undefined, failures: high }]
    : [{ number: 1, checksum, settledAt: high, failures: 0 }]
}

/** Packs the revisions of a notification. If there is only one, it is the second argument. */
function pack (revisions: Revision[], { checksum, settledAt, failures }: Revision): SeenState {
  if (revisions.length > 1 || checksum === null) return revisions
  return settledAt === undefined ? -(failures * checksumRange + checksum) : settledAt * checksumRange + checksum
}

function findOrAdd (revisions: Revision[], checksum: Checksum): Revision {
  const known = find(revisions, checksum)
  if (known !== undefined) {
    known.checksum ??= checksum
    return known
  }
  const revision: Revision = { number: nextNumber(revisions), checksum, settledAt: undefined, failures: 0 }
  if (revisions.push(revision) > maxRevisions) revisions.shift()
  return revision
}

/**
 * Finds the revision of a body. A recovered notification equals any body, at best one that needs no further delivery.
 * A revision without a checksum equals any body too. It is the only one, because the next body gives it a checksum.
 */
function find (revisions: readonly Revision[], checksum: Checksum): Revision | undefined {
  if (checksum === null) return revisions.findLast(({ settledAt }) => settledAt !== undefined) ?? revisions.at(-1)
  return revisions.find((revision) => revision.checksum === checksum || revision.checksum === null)
}

function nextNumber (revisions: readonly Revision[]): number {
  return (revisions.at(-1)?.number ?? 0) + 1
}

// Minutes since this module was loaded, from 1, so that no packed state is 0. Four years of them and a 32-bit checksum
// fit into the 53 bits of a number.
function nowMinutes (): number {
  return Math.max(1, Math.floor((Date.now() - startedAtMs) / minuteMs) + 1)
}
