import type { FastifyBaseLogger } from 'fastify'

/** What every entry has. A store must return these texts and numbers unchanged. */
interface Entry {
  /**
   * Identifies the notification: the same for every redelivery, even with a changed body. At most 300
   * printable ASCII characters.
   */
  readonly key: string
  /**
   * Groups entries that are delivered in order: one for each chat, or for each instance if there is no
   * chat. At most 300 printable ASCII characters.
   */
  readonly orderingKey: string
  /** The name of the event, such as `interactiveButtons`, for people who look into the store. */
  readonly name: string
  /** The body as it arrived; `null` if it was larger than `bodyLimit`. */
  readonly body: string | null
}

/** A notification to store. */
export interface InboxEntry extends Entry {
  /**
   * The checksum of the body without its queue envelope: a whole number from 0 to 2^32 - 1. `null` for a recovered
   * notification, which is a journal record: see `add()`.
   */
  readonly checksum: number | null
}

/** A stored notification. */
export interface StoredEntry extends Entry {
  /** The number of this body among those that arrived under the key, from 1. */
  readonly revision: number
}

/** A stored notification to deliver now. */
export interface DueEntry extends StoredEntry {
  /** The number of the attempt, from 1. `retry` starts again at 1. */
  readonly attempt: number
  /** When the entry was added, or last retried: Unix time in milliseconds. */
  readonly storedAt: number
}

/** An entry of the dead-letter list. */
export interface DeadLetterEntry extends StoredEntry {
  /** The message of the last attempt's error. */
  readonly reason: string
  /** The number of attempts that were made. */
  readonly attempts: number
  /** When the last attempt failed: Unix time in milliseconds. */
  readonly failedAt: number
}

/** Which page of the dead-letter list to return. */
export interface PageQuery {
  /** The maximum length of the page. */
  readonly limit: number
  /** The last entry of the previous page, which may have left the list. Default: none, return the first page. */
  readonly after?: Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'> | undefined
}

/** Delivers the entries of an inbox. The plugin passes it to `open()`. */
export interface DeliveryHandler {
  /** How many attempts an entry gets before it becomes a dead letter. */
  readonly attempts: number
  /** The log of the plugin. */
  readonly log: FastifyBaseLogger
  /**
   * Calls the listeners. Resolves when all of them succeeded.
   *
   * Rejects if a listener fails or times out; the message of the error is the `reason` of a dead letter.
   */
  deliver (entry: DueEntry): Promise<void>
  /**
   * Reports a dead letter: call it once the entry is on the dead-letter list. Never rejects.
   *
   * @param error the error of the last attempt
   * @param attempts the number of attempts that were made
   */
  onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void>
}

/**
 * Stores notifications after they arrive and before they are delivered.
 *
 * An inbox delivers what it has stored:
 *
 * - At least once, whenever the process crashes.
 * - In order: it delivers entries with the same `orderingKey` one at a time, in the order in which they were
 *   added. The next one follows when the previous one is delivered or a dead letter. Entries with different
 *   keys are delivered concurrently.
 * - With retries: if `deliver()` rejects, it tries again with growing delays, up to `attempts` in total. An
 *   attempt that is cut short, by a crash or at the end of `close()`, does not count. After the last attempt,
 *   the entry becomes a dead letter.
 *
 * Test an implementation with `fastify-green-api/inbox/conformance`.
 */
export interface Inbox {
  /**
   * Opens the store. The plugin calls it once, while registering.
   *
   * Rejects if the store is used elsewhere or cannot be read; the message contains the fix. Resolves even if
   * the store is not reachable for the moment: `add()` rejects until it is.
   */
  open (handler: DeliveryHandler): Promise<void>
  /** Starts to deliver. The plugin calls it once, when the server is ready. */
  start (): void
  /**
   * Stores an entry. Another body under the same key is the next revision.
   *
   * Resolves with `true` once the entry is stored durably. Resolves with `false` if it is a duplicate: the same
   * body arrived under the same key within the last 48 hours, with fewer than 20 other bodies since. A
   * duplicate of an entry that is being stored waits until that is stored.
   *
   * A checksum that is `null` equals every other: the entry is a duplicate if anything arrived under its key. If not,
   * the next body under the key is a duplicate of the entry, and its checksum replaces `null`.
   *
   * Rejects if the entry is not stored. It must settle well within 180 s, because the sender waits for it.
   */
  add (entry: InboxEntry): Promise<boolean>
  /** Resolves with the number of entries that are not delivered yet: waiting, in flight, or between attempts. */
  pendingCount (): Promise<number>
  /** Resolves with the length of the dead-letter list. */
  deadLetterCount (): Promise<number>
  /** Resolves with a page of the dead-letter list, in the order of `failedAt`, `key`, `revision`. */
  deadLetters (page: PageQuery): Promise<DeadLetterEntry[]>
  /**
   * Moves the dead letters under this key back to the pending entries, after all others and with new attempts.
   * Resolves with their number.
   */
  retry (key: string): Promise<number>
  /** Deletes the dead letters under this key. Resolves with their number. */
  discard (key: string): Promise<number>
  /**
   * Closes the store. Entries that are not delivered stay stored.
   *
   * Starts no more deliveries. Waits at most `timeout` milliseconds for running deliveries and for entries that
   * are being added. It may be called several times, and before `open()` has resolved.
   */
  close (timeout: number): Promise<void>
  /**
   * Takes a lock that all processes with this store share. Resolves with whether it was free. It is free again after
   * `duration` milliseconds.
   *
   * Optional: only for a store that several processes use at the same time.
   */
  lock? (name: string, duration: number): Promise<boolean>
}
