import { ask } from './ask.js'
import { tapOf } from './content.js'
import { find } from './element.js'

const form = find('customer', HTMLFormElement)
const refusal = find('customer-refusal', HTMLElement)

/** Shows what went wrong with what the customer was to do. @param {string} message */
export function complain (message) {
  refusal.textContent = message
  refusal.hidden = message === ''
}

/**
 * Lets the page be the customer.
 *
 * @param {import('./conversation.js').Conversation} conversation
 * @param {import('./chats.js').Chats} chats
 * @returns {import('./buttons.js').Hands['tap']}
 */
export function beCustomer (conversation, chats) {
  /**
   * Does something, and shows it at once: a notification may come much later.
   *
   * @param {string} path
   * @param {object} body
   * @param {(typeMessage: string) => Pick<import('./bubble.js').Message, 'content' | 'quoted'>} [show]
   */
  async function act (path, body, show) {
    const chatId = chats.current
    complain('')
    conversation.follow()
    try {
      const { idMessage, typeMessage } = await ask(path, { chatId, ...body })
      if (show !== undefined) conversation.expect({ idMessage: String(idMessage), chatId, ...show(String(typeMessage)) })
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error))
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const input = find('text', HTMLInputElement)
    const text = input.value
    if (text.trim() === '') return
    act('customer/text', { text }, () => ({ content: { text }, quoted: '' }))
    input.value = ''
  })
  find('hologram', HTMLElement).addEventListener('click', () => { act('customer/hologram', {}) })

  return (idMessage, { buttonId, buttonText }) => {
    act('customer/tap', { idMessage, buttonId, device: new FormData(form).get('device') }, (typeMessage) => ({ content: tapOf(buttonText, typeMessage), quoted: idMessage }))
  }
}
