import type { FileMessage } from '../../schemas/files.ts'
import { forwarding, omitUndefined, type MessageWriter, type WriteContext } from './writer.ts'

const folder = 'https://files.example/7103000001/'

/** A picture. */
export const imageMessage = {
  defaults: (): FileMessage => ({ ...file('2f1c7a4e.jpg', 'image/jpeg'), caption: 'It has a scratch', jpegThumbnail: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==' }),
  write: (data, scene) => ({ typeMessage: 'imageMessage', fileMessageData: writeFile(data, scene) })
} satisfies MessageWriter<'imageMessage'>

/** A video. */
export const videoMessage = {
  defaults: (): FileMessage => ({ ...file('84d09b3f.mp4', 'video/mp4'), jpegThumbnail: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==' }),
  write: (data, scene) => ({ typeMessage: 'videoMessage', fileMessageData: writeFile(data, scene) })
} satisfies MessageWriter<'videoMessage'>

/** A document, whose name is its sender's. */
export const documentMessage = {
  defaults: (): FileMessage => ({ ...file('0b6e55d2.pdf', 'application/pdf'), fileName: 'Invoice 4711.pdf' }),
  write: (data, scene) => ({ typeMessage: 'documentMessage', fileMessageData: writeFile(data, scene) })
} satisfies MessageWriter<'documentMessage'>

/** A voice message. */
export const audioMessage = {
  defaults: (): FileMessage => file('c93ad016.oga', 'audio/ogg; codecs=opus'),
  write: (data, scene) => ({ typeMessage: 'audioMessage', fileMessageData: writeFile(data, scene) })
} satisfies MessageWriter<'audioMessage'>

/** A sticker. */
export const stickerMessage = {
  defaults: (): FileMessage => ({ ...file('6a7f1e88.webp', 'image/webp'), isAnimated: false }),
  write: (data, scene) => ({ typeMessage: 'stickerMessage', fileMessageData: writeFile(data, scene) })
} satisfies MessageWriter<'stickerMessage'>

function file (fileName: string, mimeType: string): FileMessage {
  return { downloadUrl: `${folder}${fileName}`, fileName, mimeType }
}

function writeFile (data: FileMessage, scene: WriteContext) {
  const { downloadUrl, caption = '', fileName = '', jpegThumbnail = '', isAnimated, mimeType = '' } = data
  return { downloadUrl, caption, fileName, jpegThumbnail, ...omitUndefined({ isAnimated }), mimeType, ...forwarding(scene) }
}
