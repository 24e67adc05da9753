import { Type, type Static } from '@sinclair/typebox'
import { defineMessage, type MessageContext } from './definition.ts'
import { Unchecked, WireBoolean, WireText, isObject, isText, readBooleans, readFirst, readText, readTexts, type Content } from './values.ts'

const optionalTexts = ['description', 'title', 'previewType', 'jpegThumbnail', 'mediaType', 'sourceId', 'sourceType', 'sourceUrl', 'thumbnailUrl', 'backgroundColor', 'font'] as const
const optionalBooleans = ['isTemplateMessage', 'containsAutoReply', 'showAdAttribution'] as const

/**
 * A text, as listeners receive it, whether it came as `textMessage`, with a link preview or
 * through the API as `extendedTextMessage`, or in answer to another message as `quotedMessage`.
 *
 * What the wire has none of, `null` or an empty one, is absent.
 */
export const TextMessage = Type.Object({
  /** From `textMessage` or `text`; `''` where the wire has none. A service code such as `{{SWE001}}` stands for one that could not be decrypted. */
  text: Type.String(),
  /** Whether it was sent as a template. */
  isTemplateMessage: Type.Optional(Type.Boolean()),
  /** Of the previewed link: its description. */
  description: Type.Optional(Type.String()),
  /** Of the previewed link: its title. */
  title: Type.Optional(Type.String()),
  /** Of the previewed link: what it leads to, such as `video`; `None` where that is nothing in particular. */
  previewType: Type.Optional(Type.String()),
  /** Of the previewed link: a small picture, as base64. */
  jpegThumbnail: Type.Optional(Type.String()),
  /** Of the advertisement that led to this message: whether it has an answer of its own. */
  containsAutoReply: Type.Optional(Type.Boolean()),
  /** Of the advertisement: the type of its media. */
  mediaType: Type.Optional(Type.String()),
  /** Of the advertisement: whether it is shown as one. */
  showAdAttribution: Type.Optional(Type.Boolean()),
  /** Of the advertisement: its id. */
  sourceId: Type.Optional(Type.String()),
  /** Of the advertisement: its type. */
  sourceType: Type.Optional(Type.String()),
  /** Of the advertisement: where it is. */
  sourceUrl: Type.Optional(Type.String()),
  /** Of the advertisement: where its small picture is. */
  thumbnailUrl: Type.Optional(Type.String()),
  /** Of a status: its background, such as `#228B22`. */
  backgroundColor: Type.Optional(Type.String()),
  /** Of a status: its font, such as `SERIF`. */
  font: Type.Optional(Type.String()),
  /** Of a status: who may see it; empty where the wire says nobody in particular. */
  participants: Type.Optional(Type.Array(Type.String()))
})
export type TextMessage = Static<typeof TextMessage>

/**
 * A text as GREEN-API spells it: in `textMessageData` it is called `textMessage`, in
 * `extendedTextMessageData` `text`; a journal record has it flat, as `textMessage`, beside an
 * `extendedTextMessage` with the rest.
 */
export const WireTextMessage = Type.Object({
  textMessage: Unchecked(WireText),
  text: Unchecked(WireText),
  isTemplateMessage: Unchecked(WireBoolean),
  description: Unchecked(WireText),
  title: Unchecked(WireText),
  previewType: Unchecked(WireText),
  jpegThumbnail: Unchecked(WireText),
  containsAutoReply: Unchecked(WireBoolean),
  mediaType: Unchecked(WireText),
  showAdAttribution: Unchecked(WireBoolean),
  sourceId: Unchecked(WireText),
  sourceType: Unchecked(WireText),
  sourceUrl: Unchecked(WireText),
  thumbnailUrl: Unchecked(WireText),
  backgroundColor: Unchecked(WireText),
  font: Unchecked(WireText),
  participants: Unchecked(Type.Array(WireText)),
  // Of the message that is quoted; `quotedMessage` beside it says them too.
  stanzaId: Unchecked(WireText),
  participant: Unchecked(WireText)
})

const text = {
  flat: ['textMessage', 'text'],
  wire: WireTextMessage,
  data: TextMessage,
  read (wire: Static<typeof WireTextMessage>, { content }: MessageContext): TextMessage | string {
    const spellings = [wire.textMessage, wire.text, content.textMessage].filter((each) => each != null)
    if (spellings.length > 0 && !spellings.some(isText)) return 'Expected a text'
    const data: TextMessage = { text: readFirst(wire.textMessage, wire.text, content.textMessage), ...readTexts(wire, optionalTexts), ...readBooleans(wire, optionalBooleans) }
    if (Array.isArray(wire.participants)) data.participants = wire.participants.map(readText)
    return data
  },
  isEmpty: ({ text, title, description, sourceUrl }: TextMessage) => text === '' && (title ?? description ?? sourceUrl) === undefined,
  quoted: (wire: Content, { content }: MessageContext) => [wire, content.extendedTextMessageData, content.extendedTextMessage].find(namesMessage) ?? {}
}

function namesMessage (value: unknown): value is Content {
  return isObject(value) && value.stanzaId != null
}

/** A text. */
export const textMessage = defineMessage({
  summary: 'a text',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/TextMessage/',
  typeMessages: ['textMessage'],
  members: ['textMessageData', 'extendedTextMessageData', 'extendedTextMessage'],
  ...text
})

/** A text with a link preview, of an advertisement, or sent through the API. */
export const extendedTextMessage = defineMessage({
  summary: 'a text with a link preview, and any text that was sent through the API',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ExtendedTextMessage/',
  typeMessages: ['extendedTextMessage'],
  members: ['extendedTextMessageData', 'extendedTextMessage', 'textMessageData'],
  ...text
})

/** A text that answers another message. */
export const quotedMessage = defineMessage({
  summary: 'a text that answers another message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/QuotedMessage/',
  typeMessages: ['quotedMessage'],
  members: ['extendedTextMessageData', 'extendedTextMessage', 'textMessageData'],
  ...text
})
