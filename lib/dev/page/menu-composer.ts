import { findMistakes, isPhoneNumber, menuLimits, toChatId, toDigits, type MenuMistake } from '../menu-rules.ts'
import type { ButtonDraft, MenuDraft } from '../protocol.ts'
import type { Button } from '../../schemas/buttons.ts'
import { ask, messageOf } from './ask.ts'
import { drawButton, drawContent } from './bubble.ts'
import { find, h, icon } from './dom.ts'

type ValueName = 'buttonId' | 'copyCode' | 'phoneNumber' | 'url'

const buttonTypes: Readonly<Record<ButtonDraft['type'], { label: string, value: ValueName, hint: string }>> = {
  reply: { label: 'Reply', value: 'buttonId', hint: 'Id' },
  copy: { label: 'Copy', value: 'copyCode', hint: 'Text to copy' },
  call: { label: 'Call', value: 'phoneNumber', hint: 'Phone number' },
  url: { label: 'Link', value: 'url', hint: 'URL' }
}

const firstButtons: readonly ButtonDraft[] = [
  { type: 'reply', buttonId: 'yes', buttonText: 'Yes, all right' },
  { type: 'reply', buttonId: 'no', buttonText: 'Change it' }
]

interface Options {
  /** Asks before the first message of a real account. Resolves with whether to send. */
  confirm (chatId: string): Promise<boolean>
  /** Called before the menu is sent. */
  sending (chatId: string): void
}

/** The form of a menu, with its preview in the conversation. It stays open after sending. */
export class MenuComposer {
  readonly #form = find('menu-form', HTMLFormElement)
  readonly #preview = find('preview', HTMLElement)
  readonly #error = find('composer-error', HTMLElement)
  readonly #to = input('chatId', 'To')
  readonly #header = input('header', 'Header', 'Order 4711')
  readonly #body = h('textarea', { name: 'body', rows: '2', dir: 'auto', 'aria-label': 'Text' })
  readonly #footer = input('footer', 'Footer', 'Corner Bakery')
  readonly #list = h('div', { class: 'button-rows' })
  readonly #add = h('button', { type: 'button', class: 'button small' }, icon('plus'), 'Add button')
  readonly #submit = h('button', { class: 'button primary' }, 'Send menu')
  readonly #options: Options
  #rows: ButtonRow[] = []
  /** Fields that the user has left or tried to send: a mistake is shown only there. */
  readonly #visited = new Set<string>()

  constructor (options: Options) {
    this.#options = options
    this.#body.value = 'Two loaves of rye bread. Is everything right?'
    this.#form.append(
      field('To', this.#to, 'chatId'),
      h('div', { class: 'columns' }, field('Header', this.#header, 'header'), field('Footer', this.#footer, 'footer')),
      field('Text', this.#body, 'body'),
      h('div', { class: 'field' }, h('span', { class: 'label' }, 'Buttons'), this.#list, error('buttons')),
      h('div', { class: 'actions' }, this.#add, h('span', { class: 'spacer' }), this.#submit)
    )
    for (const button of firstButtons) this.#addRow(button)
    this.#add.addEventListener('click', () => {
      this.#addRow({ type: 'reply', buttonId: `option-${this.#rows.length + 1}`, buttonText: '' }).focus()
      this.#update()
    })
    this.#form.addEventListener('input', () => { this.#update() })
    this.#form.addEventListener('focusout', ({ target }) => {
      if (target instanceof HTMLElement && target.dataset.field !== undefined) this.#visited.add(target.dataset.field)
      this.#update()
    })
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.send()
    })
    this.#update()
  }

  /** Sets the recipient. */
  setChat (chatId: string): void {
    this.#to.value = chatId
    this.#update()
  }

  focus (): void {
    this.#body.focus()
  }

  /** Sends the menu, or shows the mistakes. */
  async send (): Promise<void> {
    const menu = this.#read()
    const mistakes = findMistakes(menu)
    if (mistakes.length > 0) {
      for (const { field } of mistakes) this.#visited.add(field)
      this.#update()
      this.#form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      return
    }
    if (!await this.#options.confirm(menu.chatId)) return
    this.#submit.disabled = true
    this.#showError('')
    this.#options.sending(menu.chatId)
    try {
      await ask('menu', menu)
    } catch (error) {
      this.#showError(messageOf(error))
    } finally {
      this.#submit.disabled = false
    }
  }

  /** Forgets the errors, for example because the emulator was restarted. */
  reset (): void {
    this.#visited.clear()
    this.#showError('')
    this.#update()
  }

  #showError (text: string): void {
    this.#error.textContent = text
    this.#error.hidden = text === ''
  }

  #addRow (button: ButtonDraft): ButtonRow {
    const row = new ButtonRow(button, () => {
      this.#rows = this.#rows.filter((each) => each !== row)
      row.element.remove()
      this.#visited.add('buttons')
      this.#update()
      this.#add.focus()
    })
    this.#rows.push(row)
    this.#list.append(row.element)
    return row
  }

  #read (): MenuDraft {
    const header = this.#header.value.trim()
    const footer = this.#footer.value.trim()
    return {
      chatId: toChatId(this.#to.value),
      ...header !== '' && { header },
      body: this.#body.value,
      ...footer !== '' && { footer },
      buttons: this.#rows.map((row) => row.read())
    }
  }

  #update (): void {
    for (const [index, row] of this.#rows.entries()) row.number(index)
    const menu = this.#read()
    const isFull = this.#rows.length >= menuLimits.buttons
    this.#add.disabled = isFull
    this.#add.title = isFull ? `GREEN-API accepts at most ${menuLimits.buttons} buttons` : ''
    this.#add.lastChild?.replaceWith(isFull ? `At most ${menuLimits.buttons} buttons` : 'Add button')
    this.#showMistakes(findMistakes(menu))
    this.#drawPreview(menu)
  }

  #showMistakes (mistakes: readonly MenuMistake[]): void {
    for (const place of this.#form.querySelectorAll<HTMLElement>('[data-error]')) {
      const { error: name = '' } = place.dataset
      const mistake = this.#visited.has(name) ? mistakes.find((each) => each.field === name) : undefined
      // Writing the same text again would make a screen reader repeat it.
      if (place.textContent !== (mistake?.message ?? '')) place.textContent = mistake?.message ?? ''
      const control = this.#form.querySelector<HTMLElement>(`[data-field="${name}"]`)
      if (mistake === undefined) control?.removeAttribute('aria-invalid')
      else control?.setAttribute('aria-invalid', 'true')
    }
  }

  #drawPreview ({ header, body, footer, buttons }: MenuDraft): void {
    const content = { text: body, ...header !== undefined && { header } }
    this.#preview.replaceChildren(
      h('span', { class: 'preview-label' }, 'Preview'),
      h('div', { class: 'message outgoing' }, h('div', { class: 'bubble' },
        ...drawContent(content),
        h('p', { class: 'meta' }, h('span', { class: 'footer', dir: 'auto' }, footer ?? '')),
        buttons.length === 0
          ? undefined
          : h('ul', { class: 'buttons', 'aria-label': 'Buttons' }, ...buttons.map((button) => {
            return h('li', {}, drawButton(toButton(button)))
          })))))
  }
}

/** The fields of one button. */
class ButtonRow {
  readonly element: HTMLElement
  readonly #type = h('select', { 'aria-label': 'Type' },
    ...Object.entries(buttonTypes).map(([value, { label }]) => h('option', { value }, label)))

  readonly #text = h('input', { dir: 'auto', placeholder: 'Text' })
  readonly #value = h('input', { spellcheck: 'false' })
  readonly #remove = h('button', { type: 'button', class: 'button small square quiet' }, icon('close'))
  readonly #textError = error('')
  readonly #valueError = error('')

  constructor (button: ButtonDraft, onRemove: () => void) {
    this.#type.value = button.type
    this.#text.value = button.buttonText
    this.#value.value = button[buttonTypes[button.type].value] ?? ''
    this.#remove.addEventListener('click', onRemove)
    this.element = h('div', { class: 'button-row', role: 'group' },
      this.#type, this.#text, this.#value, this.#remove, this.#textError, this.#valueError)
  }

  focus (): void {
    this.#text.focus()
  }

  number (index: number): void {
    const { value, hint } = buttonTypes[this.#kind]
    const at = `buttons[${index}]`
    this.element.setAttribute('aria-label', `Button ${index + 1}`)
    this.#remove.setAttribute('aria-label', `Remove button ${index + 1}`)
    this.#text.setAttribute('aria-label', `Text of button ${index + 1}`)
    this.#value.setAttribute('aria-label', `${hint} of button ${index + 1}`)
    this.#value.placeholder = hint
    for (const [control, place, name] of [
      [this.#text, this.#textError, `${at}.buttonText`], [this.#value, this.#valueError, `${at}.${value}`]
    ] as const) {
      control.dataset.field = name
      place.dataset.error = name
      place.id = `error-${name.replace(/\W+/g, '-')}`
      control.setAttribute('aria-describedby', place.id)
    }
  }

  read (): ButtonDraft {
    const { value } = buttonTypes[this.#kind]
    // Only the id of a reply button matters to anyone.
    const buttonId = value === 'buttonId' ? this.#value.value.trim() : this.#kind
    const text = this.#value.value.trim()
    const sent = value === 'phoneNumber' && isPhoneNumber(text) ? toDigits(text) : text
    return { type: this.#kind, buttonId, buttonText: this.#text.value, [value]: sent }
  }

  get #kind (): ButtonDraft['type'] {
    // The options are the keys of `buttonTypes`.
    return this.#type.value as ButtonDraft['type']
  }
}

function toButton ({ type, buttonId, buttonText, copyCode = '', phoneNumber = '', url = '' }: ButtonDraft): Button {
  switch (type) {
    case 'reply': return { type, buttonId, buttonText }
    case 'copy': return { type, buttonId, buttonText, copyCode }
    case 'call': return { type, buttonId, buttonText, phoneNumber }
    case 'url': return { type, buttonId, buttonText, url }
  }
}

function input (name: string, label: string, value = ''): HTMLInputElement {
  return h('input', { name, value, dir: 'auto', 'aria-label': label, spellcheck: name === 'chatId' ? 'false' : 'true' })
}

function field (label: string, control: HTMLElement, name: string): HTMLElement {
  control.dataset.field = name
  control.setAttribute('aria-describedby', `error-${name}`)
  return h('div', { class: 'field' }, h('label', { class: 'label' }, h('span', {}, label), control), error(name))
}

function error (name: string): HTMLElement {
  return h('p', { class: 'field-error', 'data-error': name, id: `error-${name}`, 'aria-live': 'polite' })
}
