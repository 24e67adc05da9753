import type { RequestButton, SendRequest } from '../green-api/index.ts'
import { isObject } from '../schemas/values.ts'

/** A button that replies. A tap on it arrives as the event `buttonReply`. */
export interface ReplyButton {
  readonly type?: 'reply' | undefined
  /** What the tap refers to, at most 256 bytes. */
  readonly buttonId: string
  /** 1 to 25 characters. */
  readonly buttonText: string
}

/**
 * A message with 1 to 3 buttons. A button without a `type` is a reply button.
 *
 * A menu of `defineMenu` returns such messages.
 */
export interface ButtonsMessage {
  readonly header?: string | undefined
  readonly body: string
  readonly footer?: string | undefined
  readonly buttons: ReadonlyArray<RequestButton | ReplyButton>
}

/** What `send` and `reply` can send: a text, or a message with buttons. */
export type Content = string | ButtonsMessage

/** The request for a message with buttons. There is one method for reply buttons, and one for all types. */
export function toButtonsRequest (chatId: string, { header, body, footer, buttons }: ButtonsMessage):
  | { method: 'sendInteractiveButtons', members: SendRequest<'sendInteractiveButtons'> }
  | { method: 'sendInteractiveButtonsReply', members: SendRequest<'sendInteractiveButtonsReply'> } {
  const texts = { chatId, header, body, footer }
  if (buttons.every(isReply)) {
    const replies = buttons.map(({ buttonId, buttonText }) => ({ buttonId, buttonText }))
    return { method: 'sendInteractiveButtonsReply', members: { ...texts, buttons: replies } }
  }
  const typed = buttons.map((button): RequestButton => {
    return isReply(button) ? { type: 'reply', buttonId: button.buttonId, buttonText: button.buttonText } : button
  })
  return { method: 'sendInteractiveButtons', members: { ...texts, buttons: typed } }
}

function isReply (button: RequestButton | ReplyButton): button is ReplyButton {
  // A JavaScript program can pass something else. The check of sendInteractiveButtons refuses it.
  return isObject(button) && (button.type === undefined || button.type === 'reply')
}
