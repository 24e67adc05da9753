import type { MessageBody } from '../builders/bodies.ts'
import { toJournalMessage, type JournalMessage } from '../builders/formats.ts'

interface Entry {
  readonly body: MessageBody
  readonly record: JournalMessage
}

/** How many messages are remembered. */
const capacity = 10_000

/** An instance's messages, those that came and those that went. */
export class Journal {
  readonly #entries = new Map<string, Entry>()

  /** Notes a message; how far it has come matters to those that went alone. */
  add (body: MessageBody, statusMessage: string): void {
    const { idMessage } = body
    this.#entries.delete(idMessage)
    // Whoever made it may change it.
    this.#entries.set(idMessage, { body: structuredClone(body), record: toJournalMessage(body, { statusMessage }) })
    if (this.#entries.size <= capacity) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Notes what became of a message, and when. */
  update (body: MessageBody, statusMessage: string, timestamp: number): void {
    // One that never left is told of all the same.
    if (!this.#entries.has(body.idMessage)) this.add(body, statusMessage)
    const entry = this.#entries.get(body.idMessage)
    if (entry !== undefined) Object.assign(entry.record, { statusMessage, timestamp })
  }

  /** A message as it was notified. */
  body (idMessage: string): MessageBody | undefined {
    return this.#entries.get(idMessage)?.body
  }

  /** A message as it was notified, unless it has reached nobody. */
  arrived (idMessage: string): MessageBody | undefined {
    return this.record(idMessage)?.statusMessage === 'noAccount' ? undefined : this.body(idMessage)
  }

  /** A message as the journals have it. */
  record (idMessage: string): JournalMessage | undefined {
    return this.#entries.get(idMessage)?.record
  }

  /** Those of one direction, or both, since a moment, in Unix time in seconds, the latest first. */
  since (oldest: number, type?: JournalMessage['type']): JournalMessage[] {
    return this.#latest().filter((record) => (type === undefined || record.type === type) && record.timestamp >= oldest)
  }

  /** So many of a chat, the latest first. */
  ofChat (chatId: string, count: number): JournalMessage[] {
    return this.#latest().filter((record) => record.chatId === chatId).slice(0, count)
  }

  #latest (): JournalMessage[] {
    return Array.from(this.#entries.values(), ({ record }) => record).reverse()
  }
}
