import { kindGroups } from '../kind-groups.ts'
import { ask, messageOf } from './ask.ts'
import { find, h } from './dom.ts'

const manners: Readonly<Record<string, string>> = {
  '': 'Normal',
  duplicates: 'Sent twice',
  changedDuplicates: 'Sent again, changed',
  malformed: 'After a malformed copy',
  unknownTypes: 'After a copy of an unknown type',
  late: 'One hour late'
}

interface Options {
  author (): Readonly<Record<string, string>>
  /** Called before a notification is sent. */
  sending (): void
}

/** The dialog that sends a notification of any kind. Its JSON can be changed first. */
export class SendEvent {
  readonly #dialog = find('send-event', HTMLDialogElement)
  readonly #kind = find('event-kind', HTMLSelectElement)
  readonly #manner = find('event-manner', HTMLSelectElement)
  readonly #json = find('event-json', HTMLTextAreaElement)
  readonly #error = find('event-error', HTMLElement)
  readonly #options: Options

  constructor (options: Options) {
    this.#options = options
    this.#kind.append(...Object.entries(kindGroups).map(([label, kinds]) => {
      return h('optgroup', { label }, ...kinds.map((kind) => h('option', {}, kind)))
    }))
    this.#manner.append(...Object.entries(manners).map(([value, label]) => h('option', { value }, label)))
    this.#kind.addEventListener('input', () => { this.#draft() })
    find('any-event', HTMLButtonElement).addEventListener('click', () => { this.open() })
    find('event-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      this.#send()
    })
  }

  open (): void {
    this.#dialog.showModal()
    this.#kind.focus()
    this.#draft()
  }

  async #draft (): Promise<void> {
    this.#showError('')
    try {
      const body = await ask('customer/draft', { name: this.#kind.value, ...this.#options.author() })
      this.#json.value = JSON.stringify(body, null, 2)
    } catch (error) {
      this.#showError(messageOf(error))
    }
  }

  async #send (): Promise<void> {
    this.#showError('')
    let body: unknown
    try {
      body = JSON.parse(this.#json.value)
    } catch (error) {
      this.#showError(`Not valid JSON: ${messageOf(error)}`)
      this.#json.focus()
      return
    }
    const manner = this.#manner.value
    this.#options.sending()
    try {
      await ask('customer/raw', { body, ...manner !== '' && { manner } })
      this.#dialog.close()
    } catch (error) {
      this.#showError(messageOf(error))
    }
  }

  #showError (text: string): void {
    this.#error.textContent = text
    this.#error.hidden = text === ''
  }
}
