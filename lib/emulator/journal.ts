import { toJournalMessage, type JournalMessage, type MessageBody } from '../builders/index.ts'
import type { Lids } from './lids.ts'

interface Entry {
  readonly body: MessageBody
  readonly message: JournalMessage
}

/** How many messages a journal keeps. */
const capacity = 10_000

/** An instance's messages, incoming and outgoing. */
export class Journal {
  readonly #lids: Lids
  readonly #entries = new Map<string, Entry>()

  constructor (lids: Lids) {
    this.#lids = lids
  }

  /**
   * Adds a message as the latest. `statusMessage` matters only for outgoing messages.
   *
   * @param typeMessage - default: that of the body
   */
  add (body: MessageBody, statusMessage: string, typeMessage = body.messageData.typeMessage): void {
    const { idMessage } = body
    this.#entries.delete(idMessage)
    // A copy, because the caller may change the body later.
    this.#entries.set(idMessage, {
      body: structuredClone(body),
      message: { ...toJournalMessage(body, { statusMessage }), typeMessage }
    })
    if (this.#entries.size <= capacity) return
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Makes a message the latest when it leaves. */
  markSent (body: MessageBody): void {
    this.add(body, 'pending', this.message(body.idMessage)?.typeMessage)
  }

  /** Sets the status of a message, and when it got it: Unix time in seconds. */
  update (body: MessageBody, statusMessage: string, timestamp: number): void {
    const entry = this.#entries.get(body.idMessage)
    if (entry !== undefined) Object.assign(entry.message, { statusMessage, timestamp })
  }

  /** The body that the message's notification had. */
  body (idMessage: string): MessageBody | undefined {
    return this.#entries.get(idMessage)?.body
  }

  /** The message in the journal's format. */
  message (idMessage: string): JournalMessage | undefined {
    return this.#entries.get(idMessage)?.message
  }

  /** The message of a chat, in the journal's format. */
  messageOfChat (chatId: string, idMessage: string): JournalMessage | undefined {
    const message = this.message(idMessage)
    return message !== undefined && this.#isInChat(message, chatId) ? message : undefined
  }

  /** The messages since `oldest`, Unix time in seconds, of one direction or both, latest first. */
  since (oldest: number, type?: JournalMessage['type']): JournalMessage[] {
    return this.#latestFirst()
      .filter((message) => (type === undefined || message.type === type) && message.timestamp >= oldest)
  }

  /** The last `count` messages of a chat, latest first. */
  ofChat (chatId: string, count: number): JournalMessage[] {
    return this.#latestFirst().filter((message) => this.#isInChat(message, chatId)).slice(0, count)
  }

  // A chat has one id with a phone number and one without.
  #isInChat (message: JournalMessage, chatId: string): boolean {
    return this.#lids.toNumberId(message.chatId) === this.#lids.toNumberId(chatId)
  }

  #latestFirst (): JournalMessage[] {
    return Array.from(this.#entries.values(), ({ message }) => message).reverse()
  }
}
