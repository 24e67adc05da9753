import type { MessageBody } from '../../builders/index.ts'
import type { Event, Unrecognized } from '../../events/index.ts'
import { recognize } from '../../recognition/index.ts'
import { mainText } from '../main-text.ts'
import { paint, stripControlCharacters, type Output } from '../terminal.ts'

/** The chat of the customer whom the terminal controls. */
export const customerChatId = '4915550001234@c.us'

/** Formats a message as a line of a conversation, such as `Shop: Is it right? [Yes] [No]`. */
export function formatMessage (body: MessageBody, output: Output): string {
  const { typeWebhook, senderData: { chatId, senderName } } = body
  const isIncoming = typeWebhook === 'incomingMessageReceived'
  const otherChat = chatId === customerChatId ? '' : ` (${isIncoming ? 'in' : 'to'} ${chatId.replace('@c.us', '')})`
  const name = stripControlCharacters(`${senderName || 'Customer'}${otherChat}`)
  const { event } = recognize(JSON.stringify(body))
  return `${paint(output, isIncoming ? 'cyan' : 'bold', `${name}:`)} ${stripControlCharacters(formatContent(event))}`
}

function formatContent (event: Event | Unrecognized): string {
  switch (event.name) {
    case 'unrecognized': return `(${event.typeMessage ?? event.reason})`
    case 'textMessage':
    case 'extendedTextMessage':
    case 'quotedMessage': return event.data.text
    case 'buttonReply': return `▸ ${event.data.buttonText}`
    case 'interactiveButtons': {
      const { header = '', body, buttons } = event.data
      const text = [header, body].filter((part) => part !== '').join(' · ')
      return [text, ...buttons.map(({ buttonText }) => `[${buttonText}]`)].join(' ')
    }
    default: return `(${event.name}) ${mainText(event.data)}`
  }
}
