import type { DeadLetterEntry, InboxEntry, StoredEntry } from '../inbox.ts'
import { nextRevision, revisionOf, type Revisions } from '../../dedup/index.ts'
import { jobIdOf } from './keys.ts'

/** A new notification, or a dead letter to retry. */
export type NewEntry =
  | { readonly entry: InboxEntry }
  | { readonly retried: DeadLetterEntry, readonly deadJobId: string }

/** A job to add to the queue. */
export interface PlannedJob {
  readonly id: string
  readonly entry: Pick<StoredEntry, 'key' | 'orderingKey' | 'name' | 'body'>
  readonly revision: number
  /** The revisions to store for the key. `undefined`: they are stored already. */
  readonly revisions: Revisions | undefined
  /** The id of the job that must be delivered first. */
  readonly previousId: string | undefined
  /** The id of the failed job that this job replaces. */
  readonly deadJobId: string | undefined
}

/** The state in Redis that a plan depends on. */
export interface KnownState {
  /** By key. */
  readonly revisions: ReadonlyMap<string, Revisions | undefined>
  /** The id of the last job, by ordering key. */
  readonly lastIds: ReadonlyMap<string, string>
}

/**
 * Plans the jobs for new entries, each after the previous one of its ordering key. Duplicates get no job.
 *
 * `existingIds` are the ids of the jobs in Redis among those that a first plan without this parameter named.
 */
export function plan (
  entries: readonly NewEntry[],
  known: KnownState,
  existingIds?: ReadonlySet<string>
): Map<NewEntry, PlannedJob> {
  const revisions = new Map(known.revisions)
  const lastIds = new Map(known.lastIds)
  const ids = new Set(existingIds)
  const jobs = new Map<NewEntry, PlannedJob>()
  for (const newEntry of entries) {
    const entry = entryOf(newEntry)
    const { key, orderingKey } = entry
    const next = 'entry' in newEntry
      ? addRevision(newEntry.entry, revisions)
      : { revision: newEntry.retried.revision, revisions: undefined }
    if (next === undefined) continue
    const deadJobId = 'retried' in newEntry ? newEntry.deadJobId : undefined
    // Another replica has retried or discarded the dead letter already.
    if (deadJobId !== undefined && existingIds?.has(deadJobId) === false) continue
    const id = jobIdOf(key, next.revision, 'retried' in newEntry ? newEntry.retried.failedAt : undefined)
    // The job exists already: the revisions of its key have expired before it was delivered, or it was retried before.
    if (ids.has(id)) continue
    ids.add(id)
    jobs.set(newEntry, { id, entry, ...next, previousId: lastIds.get(orderingKey), deadJobId })
    lastIds.set(orderingKey, id)
  }
  return jobs
}

export function entryOf (newEntry: NewEntry): PlannedJob['entry'] {
  return 'entry' in newEntry ? newEntry.entry : newEntry.retried
}

/** Adds the entry's body to the revisions of its key. Returns `undefined` for a duplicate. */
function addRevision (
  { key, checksum }: InboxEntry,
  revisionsByKey: Map<string, Revisions | undefined>
): { revision: number, revisions: Revisions } | undefined {
  const known = revisionsByKey.get(key)
  if (known !== undefined && revisionOf(known, checksum) !== undefined) return
  const { revision, memory } = nextRevision(known, checksum)
  revisionsByKey.set(key, memory)
  return { revision, revisions: memory }
}
