import type { StoredEntry } from '../inbox.ts'

/** A notification that is not delivered yet, and the state of its delivery. */
export interface Pending extends StoredEntry {
  /** Its position in the order of arrival. */
  readonly place: number
  /** The Unix time of `add` or `retry`, in milliseconds. */
  readonly storedAt: number
  /** The number of attempts made. */
  readonly attempts: number
  /** The Unix time of the next attempt, in milliseconds. 0 before the first attempt. */
  readonly dueAt: number
}
