import { element, find } from './element.js'

/** Who one writes with, of whom one is shown. Tells `chosen` when that is another, or the same again. */
export class Chats extends EventTarget {
  #select = find('chats', HTMLSelectElement)
  #label = find('chats-label', HTMLElement)
  /** @type {Map<string, string>} */
  #names = new Map()
  #current = ''
  /** Those in which something has come unseen. @type {Set<string>} */
  #news = new Set()

  constructor () {
    super()
    this.#select.addEventListener('change', () => { this.choose(this.#select.value) })
  }

  /** The chat that is shown. */
  get current () {
    return this.#current
  }

  /** Forgets all. */
  clear () {
    this.#names.clear()
    this.#news.clear()
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
    this.#news.delete(chatId)
    this.note(chatId, '')
    this.#drawAll()
    this.dispatchEvent(new Event('chosen'))
  }

  /**
   * Says that something has come in a chat that is not shown.
   *
   * @param {string} chatId
   */
  mark (chatId) {
    this.#news.add(chatId)
    this.#drawAll()
  }

  /**
   * The name that a chat goes by, or else its number.
   *
   * @param {string} chatId
   */
  nameOf (chatId) {
    return this.#names.get(chatId) || numberOf(chatId)
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
    const number = numberOf(this.#current)
    find('who', HTMLElement).textContent = name || number || 'your customer'
    find('number', HTMLElement).textContent = name === '' ? '' : number
    find('avatar', HTMLElement).textContent = name.slice(0, 1) || /\d{2}(?=\D*$)/.exec(number)?.[0] || '?'
    const several = this.#names.size > 1
    this.#label.hidden = !several
    // The list of chats says it already.
    find('phone-title', HTMLElement).classList.toggle('visually-hidden', several)
    find('elsewhere', HTMLElement).hidden = this.#news.size === 0
    this.#select.replaceChildren(...Array.from(this.#names.keys(), (value) =>
      element('option', { value, selected: value === this.#current }, this.nameOf(value) + (this.#news.has(value) ? ' • new' : ''))))
  }
}

/** @param {string} chatId */
function numberOf (chatId) {
  return chatId.replace(/^(\d+)@c\.us$/, '+$1')
}
