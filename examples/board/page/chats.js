import { element, find } from './element.js'

/** Who one writes with, of whom one is shown. */
export class Chats {
  #select = find('chats', HTMLSelectElement)
  #label = find('chats-label', HTMLElement)
  /** @type {Map<string, string>} */
  #names = new Map()
  #current = ''

  constructor () {
    this.#select.addEventListener('change', () => { this.choose(this.#select.value) })
  }

  /** The chat that is shown. */
  get current () {
    return this.#current
  }

  /** Forgets all. */
  clear () {
    this.#names.clear()
    this.#current = ''
    this.#drawAll()
  }

  /**
   * Learns of a chat, and of the name that it goes by, if any.
   *
   * @param {string} chatId
   * @param {string} name
   */
  note (chatId, name) {
    if (chatId === '') return
    const known = this.#names.get(chatId)
    if (known !== undefined && (name === '' || known === name)) return
    this.#names.set(chatId, name)
    if (this.#current === '') this.#current = chatId
    this.#drawAll()
  }

  /**
   * Shows a chat and no other.
   *
   * @param {string} chatId
   */
  choose (chatId) {
    this.#current = chatId
    this.note(chatId, '')
    this.#drawAll()
    for (const item of document.querySelectorAll('#conversation > li')) if (item instanceof HTMLElement) this.show(item)
  }

  /**
   * Shows an item of the conversation, or not: what belongs to no chat is shown in all.
   *
   * @param {HTMLElement} item
   */
  show (item) {
    const { chat = '' } = item.dataset
    item.hidden = chat !== '' && this.#current !== '' && chat !== this.#current
  }

  #drawAll () {
    const name = this.#names.get(this.#current) ?? ''
    const number = this.#current.replace(/^(\d+)@c\.us$/, '+$1')
    find('who', HTMLElement).textContent = name || number || 'your customer'
    find('number', HTMLElement).textContent = name === '' ? '' : number
    find('avatar', HTMLElement).textContent = (name || '?').slice(0, 1)
    this.#label.hidden = this.#names.size < 2
    this.#select.replaceChildren(...Array.from(this.#names, ([value, text]) => element('option', { value, selected: value === this.#current }, text || value)))
  }
}
