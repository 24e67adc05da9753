import { contacts, type Contact } from '../contacts.ts'
import { find, h, icon } from './dom.ts'

/** The chats, and which is shown. Dispatches `change` when another chat is shown. */
export class Chats extends EventTarget {
  readonly #nav = find('chats', HTMLElement)
  readonly #chats = new Map<string, { contact: Contact, isUnread: boolean }>()
  #current = ''

  get current (): Contact {
    return this.#chats.get(this.#current)?.contact ?? { chatId: this.#current, name: this.#current }
  }

  /** Starts anew with the chats of the emulator, or with none. */
  reset (isEmulated: boolean): void {
    this.#chats.clear()
    this.#current = ''
    for (const contact of isEmulated ? contacts : []) this.note(contact.chatId, contact.name)
    this.#draw()
  }

  /** Takes note of a chat and its name. */
  note (chatId: string, name = ''): void {
    if (chatId === '') return
    const known = this.#chats.get(chatId)
    if (known !== undefined && (name === '' || known.contact.name !== formatChatId(chatId))) return
    const contact = contacts.find((each) => each.chatId === chatId) ?? { chatId, name: name || formatChatId(chatId) }
    this.#chats.set(chatId, { contact, isUnread: known?.isUnread ?? false })
    if (this.#current === '') this.show(chatId)
    else this.#draw()
  }

  show (chatId: string): void {
    this.note(chatId)
    const chat = this.#chats.get(chatId)
    if (chat === undefined || this.#current === chatId) return
    chat.isUnread = false
    this.#current = chatId
    this.#draw()
    this.dispatchEvent(new Event('change'))
  }

  /** Takes note of a message in a chat. */
  markUnread (chatId: string): void {
    const chat = this.#chats.get(chatId)
    if (chat === undefined || chat.isUnread || chatId === this.#current) return
    chat.isUnread = true
    this.#draw()
  }

  nameOf (chatId: string): string {
    return this.#chats.get(chatId)?.contact.name ?? formatChatId(chatId)
  }

  #draw (): void {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.chat : undefined
    this.#nav.replaceChildren(...[...this.#chats.values()].map(({ contact, isUnread }) => {
      const isCurrent = contact.chatId === this.#current
      const button = h('button', {
        type: 'button',
        class: 'chat',
        title: contact.chatId,
        'data-chat': contact.chatId,
        ...isCurrent && { 'aria-current': 'true' },
        click: () => { this.show(contact.chatId) }
      },
      h('span', { class: 'avatar', 'aria-hidden': 'true' },
        contact.members === undefined ? initials(contact.name) : icon('person')),
      h('bdi', {}, contact.name),
      isUnread ? h('span', { class: 'unread' }, h('span', { class: 'visually-hidden' }, 'new')) : undefined)
      return button
    }))
    if (focused !== undefined) this.#nav.querySelector<HTMLElement>(`[data-chat="${CSS.escape(focused)}"]`)?.focus()
  }
}

function initials (name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  return words.length === 0 ? '#' : words.slice(0, 2).map((word) => word[0]?.toUpperCase()).join('')
}

function formatChatId (chatId: string): string {
  return /^\d+@c\.us$/.test(chatId) ? `+${chatId.slice(0, -5)}` : chatId
}
