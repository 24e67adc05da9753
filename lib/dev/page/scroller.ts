import { find } from './dom.ts'

/** How near to the end, in pixels, counts as at the end. */
const nearEnd = 80

/** Keeps the end of the conversation in view. If the user has scrolled up, it shows a button for new messages. */
export class Scroller {
  readonly #box = find('scroller', HTMLElement)
  readonly #newest = find('newest', HTMLButtonElement)
  #isFollowing = true
  #lastTop = 0

  constructor () {
    this.#box.addEventListener('scroll', () => { this.#onScroll() })
    this.#newest.addEventListener('click', () => { this.toEnd() })
    const observer = new ResizeObserver(() => { if (this.#isFollowing) this.toEnd() })
    for (const id of ['scroller', 'messages', 'preview']) observer.observe(find(id, HTMLElement))
  }

  toEnd (): void {
    this.#follow()
    this.#box.scrollTop = this.#box.scrollHeight
    this.#lastTop = this.#box.scrollTop
  }

  /** Takes note of a new message. */
  arrived (): void {
    if (this.#isFollowing) this.toEnd()
    else this.#newest.hidden = false
  }

  // Only scrolling up leaves the end: growing content does not.
  #onScroll (): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#box
    if (scrollHeight - scrollTop - clientHeight < nearEnd) this.#follow()
    else if (scrollTop < this.#lastTop) this.#isFollowing = false
    this.#lastTop = scrollTop
  }

  #follow (): void {
    this.#isFollowing = true
    this.#newest.hidden = true
  }
}
