import type { Button } from '../../schemas/buttons.ts'
import { ask, messageOf } from './ask.ts'
import type { Chats } from './chats.ts'
import { find, h, recall, remember } from './dom.ts'

interface Options {
  readonly chats: Chats
  /** Called before a notification is sent. */
  sending (): void
}

/** The customer of the emulator: writes messages, and taps buttons with the chosen device. */
export class Customer {
  readonly #text = find('customer-text', HTMLInputElement)
  readonly #error = find('composer-error', HTMLElement)
  readonly #member = find('member', HTMLSelectElement)
  readonly #device = find('device', HTMLFieldSetElement)
  readonly #options: Options

  constructor (options: Options) {
    this.#options = options
    const { chats } = options
    find('customer-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      const text = this.#text.value.trim()
      if (text === '') return
      this.#text.value = ''
      this.send({ name: 'textMessage', content: { text } })
    })
    find('first-text', HTMLButtonElement).addEventListener('click', () => {
      this.send({ name: 'textMessage', content: { text: 'Hello' } })
    })
    find('unknown-type', HTMLButtonElement).addEventListener('click', () => {
      this.send({ name: 'textMessage', manner: 'unknownTypes' })
    })
    chats.addEventListener('change', () => { this.#drawMembers() })
    const kept = recall('device')
    for (const radio of this.#device.querySelectorAll('input')) {
      radio.checked = radio.value === (kept ?? 'android')
      radio.addEventListener('change', () => {
        remember('device', radio.value)
        document.body.dataset.device = radio.value
      })
    }
    document.body.dataset.device = kept ?? 'android'
  }

  focus (): void {
    this.#text.focus()
  }

  /** Who writes, in the current chat. */
  get author (): Readonly<Record<string, string>> {
    const { chatId, name, members } = this.#options.chats.current
    const member = members?.find((each) => each.chatId === this.#member.value) ?? members?.[0]
    return member === undefined
      ? { chatId, chatName: name, senderName: name }
      : { chatId, chatName: name, sender: member.chatId, senderName: member.name }
  }

  /** Sends a notification of the customer. */
  async send (event: { name: string, content?: object, manner?: string }): Promise<void> {
    await this.#ask('customer/event', { ...event, ...this.author })
  }

  async tap (idMessage: string, button: Button): Promise<void> {
    const device = this.#device.querySelector<HTMLInputElement>(':checked')?.value ?? 'android'
    const { sender } = this.author
    await this.#ask('customer/tap', {
      idMessage, buttonId: button.buttonId, device, ...sender !== undefined && { sender }
    })
  }

  async #ask (path: string, body: object): Promise<void> {
    this.#showError('')
    this.#options.sending()
    try {
      await ask(path, body)
    } catch (error) {
      this.#showError(messageOf(error))
    }
  }

  #showError (text: string): void {
    this.#error.textContent = text
    this.#error.hidden = text === ''
  }

  #drawMembers (): void {
    const { members = [] } = this.#options.chats.current
    find('member-field', HTMLElement).hidden = members.length === 0
    this.#member.replaceChildren(...members.map(({ chatId, name }) => h('option', { value: chatId }, name)))
  }
}
