import { find } from './element.js'
import { Roving } from './roving.js'
import { Scroller } from './scroller.js'

/** The list that the messages are drawn in: which are shown, where it is scrolled to, and where the keyboard is. */
export class MessageList {
  #list = find('conversation', HTMLOListElement)
  #empty = find('empty', HTMLElement)
  #box = find('scroller', HTMLElement)
  #roving = new Roving(this.#list)
  #scroller = new Scroller(() => { this.#roving.focusLatest() })
  #chats
  #live = false

  /** @param {import('./chats.js').Chats} chats */
  constructor (chats) {
    this.#chats = chats
    chats.addEventListener('chosen', () => {
      for (const item of this.#list.children) if (item instanceof HTMLElement) chats.show(item)
      this.#roving.reset()
      this.#scroller.toEnd()
    })
    find('to-latest', HTMLElement).addEventListener('click', (event) => {
      event.preventDefault()
      if (this.#list.childElementCount === 0) this.#box.focus()
      this.#roving.focusLatest()
    })
  }

  /** Whether what comes is new to whoever reads, and worth to be said. */
  get live () {
    return this.#live
  }

  set live (live) {
    this.#live = live
    this.#list.toggleAttribute('data-live', live)
  }

  /** Begins anew. */
  clear () {
    this.#list.replaceChildren()
    this.#drawEmpty()
  }

  /**
   * Adds an item at the end.
   *
   * @param {HTMLLIElement} item
   * @param {string} chatId where it belongs; empty where to all
   */
  append (item, chatId) {
    item.dataset.chat = chatId
    this.#list.append(item)
    this.#drawEmpty()
    this.#chats.show(item)
    this.#roving.note(item)
    if (!item.hidden) this.#scroller.arrived()
    else if (this.#live) this.#chats.mark(chatId)
  }

  /** Takes note of an item that was drawn anew. @param {HTMLLIElement} item */
  redrawn (item) {
    this.#roving.note(item)
  }

  /** Goes to the end, to see what comes. */
  follow () {
    this.#scroller.toEnd()
  }

  // What can be scrolled can be reached by the keyboard: by a message, if there is one.
  #drawEmpty () {
    const empty = this.#list.childElementCount === 0
    this.#empty.hidden = !empty
    this.#box.tabIndex = empty ? 0 : -1
  }
}
