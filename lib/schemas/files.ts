import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage, type MessageDefinition } from './definition.ts'
import { Unchecked, WireText, readOptional, readText, wireOf } from './values.ts'

const optional = {
  /** The text below the file. */
  caption: Type.Optional(Type.String()),
  /** The file's name. Only documents have the sender's name; the names of other files are generated. */
  fileName: Type.Optional(Type.String()),
  /** The MIME type, such as `image/jpeg`. It can be wrong. */
  mimeType: Type.Optional(Type.String()),
  /** A thumbnail, in base64. */
  jpegThumbnail: Type.Optional(Type.String()),
  /** Whether a sticker or an image is animated. */
  isAnimated: Type.Optional(Type.Boolean())
}

/** The `data` of a message with a file, for example of `imageMessage`. */
export const FileMessage = Type.Object({
  /** The file's URL, which expires. `''` if missing; quoted messages often lack it. */
  downloadUrl: Type.String(),
  ...optional
})
export type FileMessage = Static<typeof FileMessage>

/** A file on the wire: in an object of its own, or flat in journal records, quoted messages and old notifications. */
export const WireFileMessage = Type.Object({ downloadUrl: Unchecked(WireText), ...wireOf(optional) })

const file = {
  flat: ['downloadUrl', 'caption', 'fileName', 'mimeType'],
  wire: WireFileMessage,
  data: FileMessage,
  read: (wire) => ({ downloadUrl: readText(wire.downloadUrl), ...readOptional(wire, optional) }),
  isEmpty: ({ downloadUrl, caption, fileName }) => downloadUrl === '' && (caption ?? fileName) === undefined
} satisfies Partial<MessageDefinition<string, never, typeof WireFileMessage, typeof FileMessage>>

export const imageMessage = defineMessage({
  summary: 'an image',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['imageMessage'],
  members: ['fileMessageData', 'imageMessageData', 'imageMessage'],
  ...file
})

export const videoMessage = defineMessage({
  summary: 'a video',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['videoMessage'],
  members: ['fileMessageData', 'videoMessageData', 'videoMessage'],
  ...file
})

export const documentMessage = defineMessage({
  summary: 'a document',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['documentMessage'],
  members: ['fileMessageData', 'documentMessageData', 'documentMessage'],
  ...file
})

export const audioMessage = defineMessage({
  summary: 'an audio file, such as a voice message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['audioMessage'],
  members: ['fileMessageData', 'audioMessageData', 'audioMessage'],
  ...file
})

export const stickerMessage = defineMessage({
  summary: 'a sticker',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/StickerMessage/',
  typeMessages: ['stickerMessage'],
  members: ['fileMessageData', 'stickerMessageData', 'stickerMessage'],
  ...file
})
