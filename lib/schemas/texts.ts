import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage, type MessageDefinition } from './definition.ts'
import {
  Unchecked, WireText, isObject, isText, readFirst, readOptional, readText, wireOf, type Content
} from './values.ts'

const optional = {
  /** Whether the message was sent as a template. */
  isTemplateMessage: Type.Optional(Type.Boolean()),
  /** Link preview: the page's description. */
  description: Type.Optional(Type.String()),
  /** Link preview: the page's title. */
  title: Type.Optional(Type.String()),
  /** Link preview: the type of the linked content, such as `video`, or `None`. */
  previewType: Type.Optional(Type.String()),
  /** Link preview: a thumbnail, in base64. */
  jpegThumbnail: Type.Optional(Type.String()),
  /** Advertisement: whether it has an automatic reply. */
  containsAutoReply: Type.Optional(Type.Boolean()),
  /** Advertisement: the type of its media. */
  mediaType: Type.Optional(Type.String()),
  /** Advertisement: whether it is shown as an advertisement. */
  showAdAttribution: Type.Optional(Type.Boolean()),
  /** Advertisement: its id. */
  sourceId: Type.Optional(Type.String()),
  /** Advertisement: its type. */
  sourceType: Type.Optional(Type.String()),
  /** Advertisement: its URL. */
  sourceUrl: Type.Optional(Type.String()),
  /** Advertisement: the URL of its thumbnail. */
  thumbnailUrl: Type.Optional(Type.String()),
  /** Status: the background color, such as `#228B22`. */
  backgroundColor: Type.Optional(Type.String()),
  /** Status: the font, such as `SERIF`. */
  font: Type.Optional(Type.String())
}

/** The `data` of `textMessage`, `extendedTextMessage` and `quotedMessage`. */
export const TextMessage = Type.Object({
  /**
   * The text, from `textMessage` or `text`. `''` if missing. A service code in double braces, such as `SWE001`,
   * replaces a text that WhatsApp could not decrypt.
   */
  text: Type.String(),
  ...optional,
  /** Status: the accounts that can see it. It can be empty. */
  participants: Type.Optional(Type.Array(Type.String()))
})
export type TextMessage = Static<typeof TextMessage>

/**
 * A text message on the wire. The text is `textMessage` in `textMessageData` and `text` in `extendedTextMessageData`.
 * A journal record has `textMessage` beside an `extendedTextMessage` with the other members.
 */
export const WireTextMessage = Type.Object({
  textMessage: Unchecked(WireText),
  text: Unchecked(WireText),
  ...wireOf(optional),
  participants: Unchecked(Type.Array(WireText)),
  // The id and the author of the quoted message, which quotedMessage has as well.
  stanzaId: Unchecked(WireText),
  participant: Unchecked(WireText)
})

const text = {
  flat: ['textMessage', 'text'],
  wire: WireTextMessage,
  data: TextMessage,
  read (wire, { content }) {
    const texts = [wire.textMessage, wire.text, content.textMessage].filter((each) => each != null)
    if (texts.length > 0 && !texts.some(isText)) return 'Expected a text'
    const text = readFirst(wire.textMessage, wire.text, content.textMessage)
    const data: TextMessage = { text, ...readOptional(wire, optional) }
    if (Array.isArray(wire.participants)) data.participants = wire.participants.map(readText)
    return data
  },
  isEmpty: ({ text, title, description, sourceUrl }) => {
    return text === '' && (title ?? description ?? sourceUrl) === undefined
  },
  quoted: (wire, { content }) => {
    return [wire, content.extendedTextMessageData, content.extendedTextMessage].find(hasQuotedId) ?? {}
  }
} satisfies Partial<MessageDefinition<string, never, typeof WireTextMessage, typeof TextMessage>>

function hasQuotedId (value: unknown): value is Content {
  return isObject(value) && value.stanzaId != null
}

export const textMessage = defineMessage({
  summary: 'a text message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/TextMessage/',
  typeMessages: ['textMessage'],
  members: ['textMessageData', 'extendedTextMessageData', 'extendedTextMessage'],
  ...text
})

export const extendedTextMessage = defineMessage({
  summary: 'a text message with a link preview, or any text message that was sent through the API',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ExtendedTextMessage/',
  typeMessages: ['extendedTextMessage'],
  members: ['extendedTextMessageData', 'extendedTextMessage', 'textMessageData'],
  ...text
})

export const quotedMessage = defineMessage({
  summary: 'a text message that replies to another message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/QuotedMessage/',
  typeMessages: ['quotedMessage'],
  members: ['extendedTextMessageData', 'extendedTextMessage', 'textMessageData'],
  ...text
})
