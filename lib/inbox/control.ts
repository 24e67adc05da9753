import type { Event, Unrecognized } from '../events/event-map.ts'
import { keyOf, toNotification } from './entry.ts'
import type { DeadLetterEntry, Inbox } from './inbox.ts'

/** A notification that was given up. */
export interface DeadLetter {
  /** For `retry` and `discard`: the event's `id`, unless it was stored by a version that knew another one for it. */
  readonly id: string
  /** The event's `revision`. */
  readonly revision: number
  /** The event that could not be delivered. */
  readonly event: Event | Unrecognized
  /** What its listeners failed with in the last attempt. */
  readonly reason: string
  /** How often it was tried. */
  readonly attempts: number
  /** Unix time in milliseconds. */
  readonly failedAt: number
}

/** Which page of the given-up notifications to show. */
export interface PageOptions {
  /** How many at most. Default: 100. */
  readonly limit?: number | undefined
  /** The last one of the page before; its `id`, `revision` and `failedAt` are enough. Default: the first page. */
  readonly after?: Pick<DeadLetter, 'id' | 'revision' | 'failedAt'> | undefined
}

/** The inbox as an application sees it: what waits, and what was given up. */
export class InboxControl {
  readonly #inbox: Inbox

  constructor (inbox: Inbox) {
    this.#inbox = inbox
  }

  /** How many notifications wait to be delivered, those at work and between two attempts included. */
  pendingCount (): Promise<number> {
    return this.#inbox.pendingCount()
  }

  /** How many notifications were given up, and neither sent again nor discarded. */
  deadLetterCount (): Promise<number> {
    return this.#inbox.deadLetterCount()
  }

  /**
   * A page of the notifications that were given up, the oldest first.
   *
   * @example
   * let page = await app.greenApi.inbox.failed()
   * while (page.length > 0) {
   *   for (const { id, reason } of page) app.log.info(`${id}: ${reason}`)
   *   page = await app.greenApi.inbox.failed({ after: page.at(-1) })
   * }
   */
  async deadLetters ({ limit = 100, after }: PageOptions = {}): Promise<DeadLetter[]> {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('limit must be a whole number above 0, such as 100')
    const dead = await this.#inbox.deadLetters({ limit, after: after && { ...after, key: keyOf(after.id) } })
    return dead.map(toDeadLetter)
  }

  /**
   * Sends a notification that was given up to the listeners again, behind all that waits in its
   * chat and with new attempts: every revision that was given up under this `event.id`.
   *
   * Resolves with whether there was any, once that is stored.
   */
  async retry (id: string): Promise<boolean> {
    return await this.#inbox.retry(keyOf(checkId(id))) > 0
  }

  /** Forgets a notification that was given up, every revision of it. Resolves with whether there was any. */
  async discard (id: string): Promise<boolean> {
    return await this.#inbox.discard(keyOf(checkId(id))) > 0
  }
}

// What is not given comes from a request's query as undefined.
function checkId (id: unknown): string {
  if (typeof id !== 'string' || id === '') throw new TypeError('id must be that of a notification that was given up, as failed() lists it')
  return id
}

function toDeadLetter (dead: DeadLetterEntry): DeadLetter {
  const { event } = toNotification(dead)
  const { key, revision, reason, attempts, failedAt } = dead
  // Another version may have known another id for it, under which it lies.
  const id = keyOf(event.id) === key ? event.id : key
  return { id, revision, event, reason, attempts, failedAt }
}
