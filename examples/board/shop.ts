import type { FastifyInstance } from 'fastify'
import type { Api } from './api.ts'
import type { Happening, MenuToSend } from './protocol.ts'

/** A message that was sent. */
type Sent = Omit<Extract<Happening, { kind: 'sent' }>, 'kind'>

/**
 * The shop itself: asks by menus, and thanks for each answer. This is what an application of your
 * own would do; all the rest is there to show it.
 */
export class Shop {
  readonly #api: Api
  readonly #onSent: (sent: Sent) => void
  /** The menus, by the `idMessage` that sending them was answered with: a tap names it as its `stanzaId`. */
  readonly #menus = new Set<string>()
  /** A notification may come again; it is thanked for once. */
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

  // Where this fails, so does the listener: the tap comes again, and with it another try.
  async #thank (chatId: string, text: string, quotedMessageId: string): Promise<void> {
    const idMessage = await this.#api.sendText(chatId, text, quotedMessageId)
    this.#onSent({ idMessage, chatId, text })
  }
}
