import type { FastifyBaseLogger } from 'fastify'

/** What an inbox keeps of a notification. All of it is text and numbers, to be given back unchanged. */
interface Entry {
  /**
   * Which notification it is: the same for every redelivery of it, whatever body that comes with.
   * At most 300 printable ASCII characters.
   */
  readonly key: string
  /**
   * What it is delivered in order with: its chat, or its instance where it has none. At most 300
   * printable ASCII characters.
   */
  readonly orderingKey: string
  /** The name of its event, for whoever looks into the store: `interactiveButtons`, say. */
  readonly name: string
  /** The body as it came; `null` where it was too large to be kept. */
  readonly body: string | null
}

/** A notification that arrives. */
export interface InboxEntry extends Entry {
  /** Of the body: the same where the body is the same. A whole number, from 0 to 2^32 - 1. */
  readonly checksum: number
}

/** A notification that an inbox has taken in. */
export interface StoredEntry extends Entry {
  /** Which of the bodies that came under its key it is, from 1. */
  readonly revision: number
}

/** One whose turn has come to be delivered. */
export interface DueEntry extends StoredEntry {
  /** Which attempt it is, from 1: anew with every `retry`. */
  readonly attempt: number
  /** When it was added, or sent again by `retry`: Unix time in milliseconds. */
  readonly storedAt: number
}

/** A notification that was given up: the dead-letter list is made of these. */
export interface DeadLetterEntry extends StoredEntry {
  /** What its listeners failed with in the last attempt. */
  readonly reason: string
  /** How often it was tried. */
  readonly attempts: number
  /** Unix time in milliseconds. */
  readonly failedAt: number
}

/** Where a page of the dead-letter list begins, and how long it is at most. */
export interface PageQuery {
  readonly limit: number
  /** The last entry of the page before. It need not be in the list any more. */
  readonly after?: Pick<DeadLetterEntry, 'failedAt' | 'key' | 'revision'> | undefined
}

/** What an inbox is told when it is opened: how, and to whom, it delivers. */
export interface DeliveryHandler {
  /** How often a notification is tried before it is given up. */
  readonly attempts: number
  readonly log: FastifyBaseLogger
  /**
   * Calls the listeners, and resolves when all of them are done. Rejects where one has failed, or
   * when the time to wait for them is over; the error's message says with what.
   */
  deliver (entry: DueEntry): Promise<void>
  /** Tells that an entry was given up, once it is in the dead-letter list. Never rejects. */
  onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void>
}

/**
 * Where notifications wait between being answered and being delivered.
 *
 * An inbox stores before it resolves, and then delivers what it stored:
 *
 * - at least once, whatever crashes in between;
 * - entries of one `orderingKey` in the order in which they were added, one at a time, the next
 *   one when the one before is delivered or given up; others side by side;
 * - again, after growing pauses, where `deliver` rejects, `attempts` times in all. An attempt that
 *   a crash, or the end of the time to close, has cut short counts for none. What has failed as
 *   often goes to the dead-letter list.
 *
 * What it promises is tested by `fastify-green-api/inbox/conformance`.
 */
export interface Inbox {
  /**
   * Opens the store; called once, while the plugin is registered. Rejects, and says what to do,
   * where the store is in use elsewhere or cannot be read. A store that is only out of reach for
   * the moment is no reason: `add` rejects until it is there.
   */
  open (host: DeliveryHandler): Promise<void>
  /** Begins to deliver; called once, when the server is ready. */
  start (): void
  /**
   * Stores an entry. Resolves with `true` when it is stored for good, with `false` where this body
   * came under this key within the last 48 hours, and fewer than 20 others since; a repeat of
   * what is just being stored waits for that. Another body under the same key is the next
   * revision. Rejects where it is not stored, and soon enough for whoever sent it, who waits for
   * 180 s.
   */
  add (entry: InboxEntry): Promise<boolean>
  /** How many entries wait to be delivered, those at work and between two attempts included. */
  pendingCount (): Promise<number>
  /** How many are in the dead-letter list. */
  deadLetterCount (): Promise<number>
  /** A page of the dead-letter list, those first that were given up first; by `failedAt`, `key`, `revision`. */
  deadLetters (page: PageQuery): Promise<DeadLetterEntry[]>
  /**
   * Takes what was given up under this key out of the dead-letter list, to be delivered after all
   * that waits, as often as new entries are. Resolves with how many there were.
   */
  retry (key: string): Promise<number>
  /** Removes what was given up under this key from the dead-letter list. Resolves with how many there were. */
  discard (key: string): Promise<number>
  /**
   * Begins no more deliveries, waits at most `timeout` milliseconds for those at work and for what
   * is being added, and closes the store. What was not delivered stays stored. May be called
   * again, and before `open` has resolved.
   */
  close (timeout: number): Promise<void>
}
