import { longestButtonText } from './checks.js'
import { element } from './element.js'

/**
 * What a kind of button does, and the member of the API that says with what.
 *
 * @type {Readonly<Record<string, { name: string, member: 'buttonId' | 'copyCode' | 'phoneNumber' | 'url', label: string }>>}
 */
const kinds = {
  reply: { name: 'Reply', member: 'buttonId', label: 'Its id, which a tap names' },
  copy: { name: 'Copy', member: 'copyCode', label: 'What it copies' },
  call: { name: 'Call', member: 'phoneNumber', label: 'Whom it calls' },
  url: { name: 'Link', member: 'url', label: 'What it opens' }
}

/** The fields of one button of the message to be sent. */
export class ButtonFields {
  #type = element('select', {}, ...Object.entries(kinds).map(([value, { name }]) => element('option', { value }, name)))
  #text = element('input', { dir: 'auto', autocomplete: 'off', maxlength: String(longestButtonText) })
  #full = element('small', { class: 'full', role: 'status' })
  #value = element('input', { autocomplete: 'off', spellcheck: 'false' })
  #valueLabel = element('span')
  #legend = element('legend')
  #remove
  element

  /**
   * @param {import('../protocol.ts').ButtonToSend} button
   * @param {(fields: ButtonFields) => void} onRemove
   */
  constructor (button, onRemove) {
    this.#type.value = button.type
    this.#text.value = button.buttonText
    this.#value.value = button[this.#kind.member] ?? ''
    this.#remove = element('button', { type: 'button', class: 'quiet', click: () => { onRemove(this) } }, 'Remove')
    this.element = element('fieldset', { class: 'button-fields' }, this.#legend,
      element('label', {}, 'Kind ', this.#type),
      element('label', {}, 'Text ', this.#text, this.#full),
      element('label', {}, this.#valueLabel, ' ', this.#value),
      this.#remove)
    this.#type.addEventListener('change', () => { this.#relabel() })
    this.#text.addEventListener('input', () => { this.#count() })
    this.number(0)
  }

  get #kind () {
    return kinds[this.#type.value] ?? { name: '', member: /** @type {const} */ ('buttonId'), label: '' }
  }

  /**
   * Says which of the buttons this is, so that what GREEN-API says of one finds its field.
   *
   * @param {number} index
   */
  number (index) {
    this.#index = index
    this.#legend.textContent = `Button ${index + 1}`
    this.#remove.setAttribute('aria-label', `Remove button ${index + 1}`)
    this.#relabel()
  }

  #index = 0

  // The field takes no more, and would not say why.
  #count () {
    this.#full.textContent = this.#text.value.length < longestButtonText ? '' : `Button ${this.#index + 1}: at most ${longestButtonText} characters`
  }

  #relabel () {
    const at = `buttons[${this.#index}]`
    this.#type.dataset.field = `${at}.type`
    this.#text.dataset.field = `${at}.buttonText`
    this.#value.dataset.field = `${at}.${this.#kind.member}`
    this.#valueLabel.textContent = this.#kind.label
  }

  /** The button as the API takes it. */
  read () {
    const { member } = this.#kind
    return { buttonId: String(this.#index + 1), type: this.#type.value, buttonText: this.#text.value, [member]: this.#value.value }
  }
}
