import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Unchecked, WireBoolean, WireText, readBooleans, readText, readTexts } from './values.ts'

/**
 * A message with a file, as listeners receive it, whatever the file.
 *
 * What the wire has none of, `null` or an empty one, is absent.
 */
export const FileMessage = Type.Object({
  /** Where the file can be had for a while; `''` where the wire does not say, as often in quotes. */
  downloadUrl: Type.String(),
  /** What the sender wrote below it. */
  caption: Type.Optional(Type.String()),
  /** The name that the sender gave it; of other files than documents a made-up one. */
  fileName: Type.Optional(Type.String()),
  /** Such as `image/jpeg`; not always true of the file. */
  mimeType: Type.Optional(Type.String()),
  /** A small picture of it, as base64. */
  jpegThumbnail: Type.Optional(Type.String()),
  /** Whether it moves, of stickers and pictures. */
  isAnimated: Type.Optional(Type.Boolean())
})
export type FileMessage = Static<typeof FileMessage>

/** A file as GREEN-API spells it: in an object of its own, or flat in journal records, quotes and old bodies. */
export const WireFileMessage = Type.Object({
  downloadUrl: Unchecked(Type.String()),
  caption: Unchecked(WireText),
  fileName: Unchecked(WireText),
  mimeType: Unchecked(Type.String()),
  jpegThumbnail: Unchecked(Type.String()),
  isAnimated: Unchecked(WireBoolean)
})

const file = {
  flat: ['downloadUrl', 'caption', 'fileName', 'mimeType'],
  wire: WireFileMessage,
  data: FileMessage,
  read: (wire: Static<typeof WireFileMessage>): FileMessage => ({
    downloadUrl: readText(wire.downloadUrl),
    ...readTexts(wire, ['caption', 'fileName', 'mimeType', 'jpegThumbnail']),
    ...readBooleans(wire, ['isAnimated'])
  }),
  isEmpty: ({ downloadUrl, caption, fileName }: FileMessage) => downloadUrl === '' && caption === undefined && fileName === undefined
}

/** A picture. */
export const imageMessage = defineMessage({
  summary: 'a picture',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['imageMessage'],
  members: ['fileMessageData', 'imageMessageData', 'imageMessage'],
  ...file
})

/** A video. */
export const videoMessage = defineMessage({
  summary: 'a video',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['videoMessage'],
  members: ['fileMessageData', 'videoMessageData', 'videoMessage'],
  ...file
})

/** A document. */
export const documentMessage = defineMessage({
  summary: 'a document',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['documentMessage'],
  members: ['fileMessageData', 'documentMessageData', 'documentMessage'],
  ...file
})

/** A sound, such as a voice message. */
export const audioMessage = defineMessage({
  summary: 'a sound, such as a voice message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ImageMessage/',
  typeMessages: ['audioMessage'],
  members: ['fileMessageData', 'audioMessageData', 'audioMessage'],
  ...file
})

/** A sticker. */
export const stickerMessage = defineMessage({
  summary: 'a sticker',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/StickerMessage/',
  typeMessages: ['stickerMessage'],
  members: ['fileMessageData', 'stickerMessageData', 'stickerMessage'],
  ...file
})
