import type { Event, Unrecognized } from '../events/index.ts'
import { keyOf, toNotification } from './entry.ts'
import type { DeadLetterEntry, Inbox } from './inbox.ts'

/** A dead letter: a notification whose attempts all failed. */
export interface DeadLetter {
  /**
   * The id for `retry()` and `discard()`. It is `event.id`, except for a notification stored by another
   * version that built ids in another way.
   */
  readonly id: string
  /** The revision of the event, from 1. */
  readonly revision: number
  /** The event that was not delivered. */
  readonly event: Event | Unrecognized
  /** The message of the last attempt's error. */
  readonly reason: string
  /** The number of attempts that were made. */
  readonly attempts: number
  /** When the last attempt failed: Unix time in milliseconds. */
  readonly failedAt: number
}

/** Which page of the dead-letter list to return. */
export interface PageOptions {
  /** The maximum length of the page. Default: 100. */
  readonly limit?: number | undefined
  /** The last dead letter of the previous page. Default: none, returns the first page. */
  readonly after?: Pick<DeadLetter, 'id' | 'revision' | 'failedAt'> | undefined
}

/** The inbox of a scope, as `app.greenApi.inbox`: pending notifications and dead letters. */
export class InboxControl {
  readonly #inbox: Inbox

  constructor (inbox: Inbox) {
    this.#inbox = inbox
  }

  /** Resolves with the number of notifications that are not delivered yet: waiting, in flight, or between attempts. */
  pendingCount (): Promise<number> {
    return this.#inbox.pendingCount()
  }

  /** Resolves with the number of dead letters. */
  deadLetterCount (): Promise<number> {
    return this.#inbox.deadLetterCount()
  }

  /**
   * Resolves with a page of dead letters, the oldest first.
   *
   * @example
   * let page = await app.greenApi.inbox.deadLetters()
   * while (page.length > 0) {
   *   for (const { id, reason } of page) app.log.info({ id, reason }, 'dead letter')
   *   page = await app.greenApi.inbox.deadLetters({ after: page.at(-1) })
   * }
   *
   * @throws {RangeError} if `limit` is not a whole number above 0
   */
  async deadLetters ({ limit = 100, after }: PageOptions = {}): Promise<DeadLetter[]> {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError('limit must be a whole number above 0, such as 100')
    }
    const entries = await this.#inbox.deadLetters({ limit, after: after && { ...after, key: keyOf(after.id) } })
    return entries.map(toDeadLetter)
  }

  /**
   * Delivers a dead letter again, after all pending notifications of its chat and with new attempts.
   *
   * Takes every revision with this id off the dead-letter list. Resolves once they are stored: with `true`,
   * or with `false` if there is none.
   *
   * @throws {TypeError} if `id` is not a string, or empty
   */
  async retry (id: string): Promise<boolean> {
    return await this.#inbox.retry(toKey(id)) > 0
  }

  /**
   * Deletes a dead letter, every revision with this id. Resolves with `true`, or with `false` if there is
   * none.
   *
   * @throws {TypeError} if `id` is not a string, or empty
   */
  async discard (id: string): Promise<boolean> {
    return await this.#inbox.discard(toKey(id)) > 0
  }
}

// A missing parameter of a request's query is undefined.
function toKey (id: unknown): string {
  if (typeof id === 'string' && id !== '') return keyOf(id)
  throw new TypeError('id must be the id of a dead letter, as deadLetters() returns it')
}

function toDeadLetter (entry: DeadLetterEntry): DeadLetter {
  const { event } = toNotification(entry)
  const { key, revision, reason, attempts, failedAt } = entry
  // Another version may have stored it under another id.
  const id = keyOf(event.id) === key ? event.id : key
  return { id, revision, event, reason, attempts, failedAt }
}
