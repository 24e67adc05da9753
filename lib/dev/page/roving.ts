import { focusables } from './dom.ts'

/**
 * Makes a list one stop of the keyboard. Arrow keys, Home and End move between the items, and only the controls in the
 * current item are stops.
 */
export class Roving {
  readonly #list: HTMLElement
  readonly #latestIs: 'first' | 'last'
  #current: HTMLElement | undefined

  /** @param latestIs where new items are added; the latest item is the stop until the user moves */
  constructor (list: HTMLElement, latestIs: 'first' | 'last') {
    this.#list = list
    this.#latestIs = latestIs
    list.addEventListener('focusin', ({ target }) => {
      const item = this.#items.find((each) => target instanceof Node && each.contains(target))
      if (item !== undefined) this.#stopAt(item)
    })
    list.addEventListener('keydown', (event) => { this.#move(event) })
  }

  /** Takes note of an item that is new or was drawn again. */
  note (item: HTMLElement): void {
    if (item === this.latest && !this.#list.contains(document.activeElement)) this.#stopAt(item)
    else this.#mark(item)
  }

  get latest (): HTMLElement | undefined {
    const items = this.#items
    return this.#latestIs === 'first' ? items[0] : items.at(-1)
  }

  /** Stops at the latest item. */
  reset (): void {
    const { latest } = this
    if (latest !== undefined) this.#stopAt(latest)
  }

  get #items (): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(':scope > li')].filter((item) => !item.hidden)
  }

  #stopAt (item: HTMLElement): void {
    const before = this.#current
    this.#current = item
    if (before !== undefined) this.#mark(before)
    this.#mark(item)
  }

  #mark (item: HTMLElement): void {
    const tabIndex = item === this.#current ? 0 : -1
    // A row with a single button is focused by its button.
    const stops = item.dataset.row === undefined ? [item, ...focusables(item)] : focusables(item)
    for (const stop of stops) stop.tabIndex = tabIndex
  }

  #move (event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const items = this.#items
    const index = items.findIndex((each) => each === this.#current)
    const targets: Readonly<Record<string, HTMLElement | undefined>> = {
      ArrowUp: items[Math.max(0, index - 1)], ArrowDown: items[index + 1], Home: items[0], End: items.at(-1)
    }
    if (!(event.key in targets)) return
    event.preventDefault()
    const target = targets[event.key]
    if (target === undefined) return
    const stop = target.dataset.row === undefined ? target : focusables(target)[0]
    stop?.focus()
  }
}
