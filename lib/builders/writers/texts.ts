import type { TextMessage } from '../../schemas/texts.ts'
import { forwarding, type MessageWriter } from './writer.ts'

export const textMessage = {
  defaults: () => ({ text: 'Is it there yet?' }),
  write: ({ text, ...rest }) => ({ typeMessage: 'textMessage', textMessageData: { textMessage: text, ...rest } })
} satisfies MessageWriter<'textMessage'>

export const extendedTextMessage = {
  defaults: ({ sentBy }, { text }): TextMessage => {
    if (sentBy === 'api') return { text: 'Your order is on its way', previewType: 'None' }
    if (text !== undefined) return { text }
    return {
      text: 'https://shop.example/orders/4711',
      description: 'Where your order is',
      title: 'Order 4711',
      previewType: 'None',
      jpegThumbnail: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=='
    }
  },
  write: (data, context) => {
    const { text, description = '', title = '', previewType = '', jpegThumbnail = '', ...rest } = data
    const preview = { description, title, previewType, jpegThumbnail }
    return {
      typeMessage: 'extendedTextMessage',
      extendedTextMessageData: { text, ...preview, ...rest, ...forwarding(context) }
    }
  }
} satisfies MessageWriter<'extendedTextMessage'>

// A reply has the id of the quoted message twice.
export const quotedMessage = {
  defaults: () => ({ text: 'Yes, thank you' }),
  write: ({ text, ...rest }, context) => {
    const quote = context.quote ?? {
      stanzaId: context.source.id('api'),
      participant: context.peer,
      typeMessage: 'textMessage',
      textMessage: 'Is it there yet?'
    }
    const { stanzaId, participant } = quote
    return {
      typeMessage: 'quotedMessage',
      extendedTextMessageData: { text, ...rest, stanzaId, participant },
      quotedMessage: quote
    }
  }
} satisfies MessageWriter<'quotedMessage'>
