import type { TextMessage } from '../../schemas/texts.ts'
import { forwarding, type MessageWriter } from './writer.ts'

/** A text that was typed. */
export const textMessage = {
  defaults: () => ({ text: 'Is it there yet?' }),
  write: ({ text, ...rest }) => ({ typeMessage: 'textMessage', textMessageData: { textMessage: text, ...rest } })
} satisfies MessageWriter<'textMessage'>

/** A text with a link; sent through the API, any text. */
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
  write: (data, scene) => {
    const { text, description = '', title = '', previewType = '', jpegThumbnail = '', ...rest } = data
    return {
      typeMessage: 'extendedTextMessage',
      extendedTextMessageData: { text, description, title, previewType, jpegThumbnail, ...rest, ...forwarding(scene) }
    }
  }
} satisfies MessageWriter<'extendedTextMessage'>

/** A text that answers another message, which it names twice. */
export const quotedMessage = {
  defaults: () => ({ text: 'Yes, thank you' }),
  write: ({ text, ...rest }, scene) => {
    const quote = scene.quote ?? { stanzaId: scene.source.id('api'), participant: scene.other, typeMessage: 'textMessage', textMessage: 'Is it there yet?' }
    const { stanzaId, participant } = quote
    return {
      typeMessage: 'quotedMessage',
      extendedTextMessageData: { text, ...rest, stanzaId, participant },
      quotedMessage: quote
    }
  }
} satisfies MessageWriter<'quotedMessage'>
