import { find } from './element.js'

/** In pixels: so near to the end whoever reads is at it. */
const near = 80

/**
 * Keeps the end of the conversation in view for whoever is there; who has scrolled up stays where
 * he is, and is told that there is something new.
 */
export class Scroller {
  #box = find('scroller', HTMLElement)
  #newest = find('newest', HTMLButtonElement)
  #following = true
  /** Where it was last: only who goes up leaves the end, what grows below does not. */
  #last = 0

  /** @param {() => void} focusLatest for the keyboard, which is at a button that vanishes */
  constructor (focusLatest) {
    this.#box.addEventListener('scroll', () => { this.#look() })
    this.#newest.addEventListener('click', () => {
      this.toEnd()
      focusLatest()
    })
    const watch = new ResizeObserver(() => { if (this.#following) this.toEnd() })
    for (const each of [this.#box, find('conversation', HTMLElement)]) watch.observe(each)
  }

  /** Goes to the end, and stays there whatever comes. */
  toEnd () {
    this.#follow()
    this.#box.scrollTop = this.#box.scrollHeight
    this.#last = this.#box.scrollTop
  }

  /** Takes note of a message that is shown. */
  arrived () {
    if (this.#following) this.toEnd()
    else this.#newest.hidden = false
  }

  #look () {
    const { scrollTop, scrollHeight, clientHeight } = this.#box
    if (scrollHeight - scrollTop - clientHeight < near) this.#follow()
    else if (scrollTop < this.#last) this.#following = false
    this.#last = scrollTop
  }

  #follow () {
    this.#following = true
    this.#newest.hidden = true
  }
}
