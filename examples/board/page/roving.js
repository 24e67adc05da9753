import { focusables } from './element.js'

/**
 * Makes one stop for the keyboard of a list: its latest item, until one goes to another by the
 * arrows, Home, End or a click. Of the buttons in it only those of that item are stops.
 */
export class Roving {
  #list
  /** @type {HTMLElement | undefined} */
  #current

  /** @param {HTMLElement} list */
  constructor (list) {
    this.#list = list
    list.addEventListener('focusin', ({ target }) => {
      const item = this.#items.find((each) => target instanceof Node && each.contains(target))
      if (item !== undefined) this.#stopAt(item)
    })
    list.addEventListener('keydown', (event) => { this.#move(event) })
  }

  /** Takes note of an item that is new, or drawn anew. @param {HTMLElement} item */
  note (item) {
    if (item === this.#items.at(-1) && !this.#list.contains(document.activeElement)) this.#stopAt(item)
    else this.#mark(item)
  }

  /** Stops at the latest item. */
  reset () {
    const latest = this.#items.at(-1)
    if (latest !== undefined) this.#stopAt(latest)
  }

  /** Goes to the latest item, if there is one. */
  focusLatest () {
    this.#items.at(-1)?.focus()
  }

  /** What is shown. */
  get #items () {
    return [...this.#list.children].filter((each) => each instanceof HTMLElement).filter(({ hidden }) => !hidden)
  }

  /** @param {HTMLElement} item */
  #stopAt (item) {
    const before = this.#current
    this.#current = item
    if (before !== undefined) this.#mark(before)
    this.#mark(item)
  }

  /** @param {HTMLElement} item */
  #mark (item) {
    const tabIndex = item === this.#current ? 0 : -1
    for (const each of [item, ...focusables(item)]) each.tabIndex = tabIndex
  }

  /** @param {KeyboardEvent} event */
  #move (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const items = this.#items
    const at = items.findIndex((each) => each === this.#current)
    const next = { ArrowUp: items[Math.max(0, at - 1)], ArrowDown: items[at + 1], Home: items[0], End: items.at(-1) }[event.key]
    if (!['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) return
    event.preventDefault()
    next?.focus()
  }
}
