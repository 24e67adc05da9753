import { setTimeout as sleep } from 'node:timers/promises'
import { token } from './messages.ts'

/** Sends the messages of one chat as GREEN-API does: each message until it is answered 200, then the next one. */
export class Sender {
  readonly chat: string
  /** How many messages were answered 200. The next message has this number. */
  acknowledged = 0
  readonly #urls: () => readonly string[]
  #stopped = false

  constructor (chat: string, urls: () => readonly string[]) {
    this.chat = chat
    this.#urls = urls
  }

  /** Sends messages with `pause` milliseconds in between, until `stop` is called. */
  async send (pause: number): Promise<void> {
    while (!this.#stopped) {
      if (await this.#post(this.acknowledged)) this.acknowledged++
      await sleep(pause)
    }
  }

  stop (): void {
    this.#stopped = true
  }

  async #post (number: number): Promise<boolean> {
    const urls = this.#urls()
    const url = urls[Math.floor(Math.random() * urls.length)]
    try {
      const answer = await fetch(`${url}/green-api`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(this.#body(number)),
        signal: AbortSignal.timeout(10_000)
      })
      return answer.status === 200
    } catch {
      return false
    }
  }

  #body (number: number) {
    return {
      typeWebhook: 'incomingMessageReceived',
      instanceData: { idInstance: 1101000001, wid: '79001234567@c.us', typeInstance: 'whatsapp' },
      timestamp: 1747817913,
      idMessage: `${this.chat}-${number}`,
      senderData: { chatId: this.chat, sender: this.chat, senderName: 'Customer' },
      messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: String(number) } }
    }
  }
}
