import type { MessageBody } from '../builders/bodies.ts'
import type { BodyOf } from '../builders/body-of.ts'

/** A message with interactive buttons. */
type Menu = BodyOf<'interactiveButtons'>

/**
 * Finds the menu that a button to be tapped is on.
 *
 * @throws where that is no message with such a button, or WhatsApp keeps its taps to itself
 */
export function findButton (message: MessageBody | undefined, idMessage: string, buttonId: string): Menu {
  if (message === undefined || !isMenu(message)) {
    throw new Error(`there is no message ${idMessage} with buttons: tap one that has been sent, by the idMessage that sending it was answered with`)
  }
  const { buttons } = message.messageData.interactiveButtons
  const button = buttons.find((each) => each.buttonId === buttonId)
  if (button === undefined) throw new Error(`the message has no button ${buttonId}: tap one of ${buttons.map((each) => each.buttonId).join(', ')}`)
  if (button.type !== 'reply') throw new Error(`a tap on the button ${buttonId} notifies nobody, since it is a ${button.type} button: tap one of the type reply`)
  return message
}

function isMenu (message: MessageBody): message is Menu {
  return message.messageData.typeMessage === 'interactiveButtons'
}
