import type { DeadLetterEntry, InboxEntry, StoredEntry } from '../inbox.ts'
import { nextRevision, revisionOf, type Revisions } from '../../dedup/revisions.ts'
import { jobIdOf } from './keys.ts'

/** Something to be added behind the last job of its ordering key. */
export type NewEntry =
  | { readonly entry: InboxEntry }
  | { readonly retried: DeadLetterEntry, readonly deadId: string }

/** A job to be added, and what is to be remembered of it. */
export interface PlannedJob {
  readonly id: string
  readonly entry: Pick<StoredEntry, 'key' | 'orderingKey' | 'name' | 'body'>
  readonly revision: number
  /** Nothing where it is remembered already. */
  readonly memory: Revisions | undefined
  /** The job that it has to wait for. */
  readonly behind: string | undefined
  /** The job that has failed, in whose place it comes. */
  readonly deadId: string | undefined
}

/** What additions depend on. */
export interface KnownState {
  readonly memories: ReadonlyMap<string, Revisions | undefined>
  /** By ordering key, the last job. */
  readonly lasts: ReadonlyMap<string, string>
}

/** What is to be added of what arrives, one behind the other, where these jobs are there already. */
export function plan (arrivals: readonly NewEntry[], known: KnownState, jobs?: ReadonlySet<string>): Map<NewEntry, PlannedJob> {
  const memories = new Map(known.memories)
  const lasts = new Map(known.lasts)
  const ids = new Set(jobs)
  const additions = new Map<NewEntry, PlannedJob>()
  for (const arrival of arrivals) {
    const entry = entryOf(arrival)
    const { key, orderingKey } = entry
    const next = 'entry' in arrival ? remember(arrival.entry, memories) : { revision: arrival.retried.revision, memory: undefined }
    if (next === undefined) continue
    const deadId = 'retried' in arrival ? arrival.deadId : undefined
    // Another replica was quicker.
    if (deadId !== undefined && jobs?.has(deadId) === false) continue
    const id = jobIdOf(key, next.revision, 'retried' in arrival ? arrival.retried.failedAt : undefined)
    // It may have outlived what is remembered of its key, or was sent again before.
    if (ids.has(id)) continue
    ids.add(id)
    additions.set(arrival, { id, entry, revision: next.revision, memory: next.memory, behind: lasts.get(orderingKey), deadId })
    lasts.set(orderingKey, id)
  }
  return additions
}

/** What an arrival says of itself. */
export function entryOf (arrival: NewEntry): PlannedJob['entry'] {
  return 'entry' in arrival ? arrival.entry : arrival.retried
}

function remember ({ key, checksum }: InboxEntry, memories: Map<string, Revisions | undefined>): { revision: number, memory: Revisions } | undefined {
  const memory = memories.get(key)
  if (memory !== undefined && revisionOf(memory, checksum) !== undefined) return
  const next = nextRevision(memory, checksum)
  memories.set(key, next.memory)
  return next
}
