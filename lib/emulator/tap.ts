import type { BodyOf, MessageBody } from '../builders/index.ts'

/** A message with interactive buttons. */
type Menu = BodyOf<'interactiveButtons'>

/**
 * Returns the message as a menu that has this button, of the type `reply`.
 *
 * @throws {Error} if the message is not such a menu
 */
export function findMenu (message: MessageBody | undefined, idMessage: string, buttonId: string): Menu {
  if (message === undefined || !isMenu(message)) {
    throw new Error(`There is no message ${idMessage} with buttons. Use the idMessage of the send method's answer.`)
  }
  const { buttons } = message.messageData.interactiveButtons
  const button = buttons.find((each) => each.buttonId === buttonId)
  if (button === undefined) {
    const known = buttons.map((each) => each.buttonId).join(', ')
    throw new Error(`Message ${idMessage} has no button ${buttonId}. Tap one of: ${known}.`)
  }
  // WhatsApp reports only taps on reply buttons.
  if (button.type !== 'reply') {
    throw new Error(`Button ${buttonId} is a ${button.type} button, which sends no notification. Tap a reply button.`)
  }
  return message
}

function isMenu (message: MessageBody): message is Menu {
  return message.messageData.typeMessage === 'interactiveButtons'
}
