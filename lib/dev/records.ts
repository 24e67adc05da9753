import { randomUUID } from 'node:crypto'
import type { QueuedNotification, WebhookAttempt } from '../emulator/index.ts'
import { recognize } from '../recognition/index.ts'
import type { Attempt, NotificationRecord } from './protocol.ts'

/** The limits of what is kept. Characters are limited too, because a notification can contain a thumbnail. */
const limits = { records: 1000, characters: 16 * 1024 * 1024, attempts: 20 } as const

interface Entry {
  record: NotificationRecord
  /** The number of the latest change. */
  change: number
}

/** A change of a record, as it is sent to the pages. */
export interface Change {
  readonly id: string
  readonly text: string
}

/**
 * The notifications in the order in which they were queued. A new page receives all of them, and a page that
 * reconnects receives those that changed.
 */
export class Records {
  /** Part of each id of a change, so that ids of an earlier process are unknown. */
  readonly run = randomUUID().slice(0, 8)
  readonly #entries = new Map<number, Entry>()
  #changes = 0
  #characters = 0

  add ({ receiptId, text, fault }: QueuedNotification): Change {
    const { event, names } = recognize(text)
    const { raw, ...members } = event
    this.#characters += text.length
    const change = this.#put({
      id: receiptId,
      at: Date.now(),
      fault,
      text,
      event: members,
      names,
      state: 'waiting',
      attemptCount: 0,
      attempts: []
    })
    this.#dropOldest()
    return change
  }

  addAttempt ({ notification, status, error, answer, durationMs }: WebhookAttempt): Change | undefined {
    const record = this.#entries.get(notification.receiptId)?.record
    if (record === undefined) return undefined
    const attempt: Attempt = {
      at: Date.now(),
      ...status !== undefined && { status },
      ...error !== undefined && { error: error === '' ? 'no answer' : error },
      answer,
      durationMs
    }
    return this.#put({
      ...record,
      state: status === 200 ? 'delivered' : record.state,
      attemptCount: notification.attempts,
      attempts: [attempt, ...record.attempts].slice(0, limits.attempts)
    })
  }

  /** Takes note that the notification was not delivered within 24 hours. */
  expire ({ receiptId }: QueuedNotification): Change | undefined {
    const record = this.#entries.get(receiptId)?.record
    return record === undefined ? undefined : this.#put({ ...record, state: 'expired' })
  }

  /** The id of the latest change. */
  get latestId (): string {
    return `${this.run}.${this.#changes}`
  }

  /** Returns the records that changed after the change with this id, or all as `fresh` if the id is unknown. */
  since (id: string): { readonly fresh: boolean, readonly records: readonly string[] } {
    const [run, count] = id.split('.')
    const fresh = run !== this.run || !/^\d+$/.test(count ?? '')
    const entries = [...this.#entries.values()].filter(({ change }) => fresh || change > Number(count))
    return { fresh, records: entries.map(({ record }) => JSON.stringify(record)) }
  }

  #put (record: NotificationRecord): Change {
    this.#entries.set(record.id, { record, change: ++this.#changes })
    return { id: this.latestId, text: JSON.stringify(record) }
  }

  #dropOldest (): void {
    for (const [id, { record }] of this.#entries) {
      const { size } = this.#entries
      if (size <= limits.records && (this.#characters <= limits.characters || size === 1)) return
      this.#entries.delete(id)
      this.#characters -= record.text.length
    }
  }
}
