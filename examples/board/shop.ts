import type { FastifyInstance } from 'fastify'
import type { Api } from './api.ts'
import type { Happening, MenuToSend } from './protocol.ts'

type Sent = Omit<Extract<Happening, { kind: 'sent' }>, 'kind'>

/**
 * The shop: sends menus, and thanks for each reply. This is the part that your application would have. The other files
 * show it.
 */
export class Shop {
  readonly #api: Api
  readonly #onSent: (sent: Sent) => void
  /** The `idMessage` of each menu, which is the `stanzaId` of its replies. */
  readonly #menus = new Set<string>()
  /** The ids of answered replies, as a notification can be repeated. */
  readonly #thanked = new Set<string>()

  constructor (app: FastifyInstance, api: Api, onSent: (sent: Sent) => void) {
    this.#api = api
    this.#onSent = onSent
    app.greenApi.on('buttonReply', async ({ id, idMessage, chatId, direction, data }) => {
      if (direction !== 'incoming' || !this.#menus.has(data.stanzaId) || this.#thanked.has(id)) return
      await this.#thank(chatId, `Thank you! We noted: “${data.buttonText}”.`, idMessage)
      this.#thanked.add(id)
    })
  }

  /** Sends a menu, and resolves with its id. */
  async ask (menu: MenuToSend): Promise<string> {
    const idMessage = await this.#api.sendMenu(menu)
    this.#menus.add(idMessage)
    this.#onSent({ idMessage, chatId: menu.chatId, menu })
    return idMessage
  }

  // If this fails, the listener fails, and the notification is delivered again.
  async #thank (chatId: string, text: string, quotedMessageId: string): Promise<void> {
    const idMessage = await this.#api.sendText(chatId, text, quotedMessageId)
    this.#onSent({ idMessage, chatId, text })
  }
}
