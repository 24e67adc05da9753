import type { FileMessage } from '../../schemas/files.ts'
import { forwarding, omitUndefined, type MessageWriter, type WriteContext } from './writer.ts'

const folder = 'https://files.example/7103000001/'
const jpegThumbnail = '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=='

export const imageMessage = {
  defaults: (): FileMessage => ({
    ...createFile('2f1c7a4e.jpg', 'image/jpeg'),
    caption: 'It has a scratch',
    jpegThumbnail
  }),
  write: (data, context) => ({ typeMessage: 'imageMessage', fileMessageData: writeFile(data, context) })
} satisfies MessageWriter<'imageMessage'>

export const videoMessage = {
  defaults: (): FileMessage => ({ ...createFile('84d09b3f.mp4', 'video/mp4'), jpegThumbnail }),
  write: (data, context) => ({ typeMessage: 'videoMessage', fileMessageData: writeFile(data, context) })
} satisfies MessageWriter<'videoMessage'>

export const documentMessage = {
  defaults: (): FileMessage => ({ ...createFile('0b6e55d2.pdf', 'application/pdf'), fileName: 'Invoice 4711.pdf' }),
  write: (data, context) => ({ typeMessage: 'documentMessage', fileMessageData: writeFile(data, context) })
} satisfies MessageWriter<'documentMessage'>

export const audioMessage = {
  defaults: (): FileMessage => createFile('c93ad016.oga', 'audio/ogg; codecs=opus'),
  write: (data, context) => ({ typeMessage: 'audioMessage', fileMessageData: writeFile(data, context) })
} satisfies MessageWriter<'audioMessage'>

export const stickerMessage = {
  defaults: (): FileMessage => ({ ...createFile('6a7f1e88.webp', 'image/webp'), isAnimated: false }),
  write: (data, context) => ({ typeMessage: 'stickerMessage', fileMessageData: writeFile(data, context) })
} satisfies MessageWriter<'stickerMessage'>

function createFile (fileName: string, mimeType: string): FileMessage {
  return { downloadUrl: `${folder}${fileName}`, fileName, mimeType }
}

function writeFile (data: FileMessage, context: WriteContext) {
  const { downloadUrl, caption = '', fileName = '', jpegThumbnail = '', isAnimated, mimeType = '', ...rest } = data
  return {
    downloadUrl,
    caption,
    fileName,
    jpegThumbnail,
    ...omitUndefined({ isAnimated }),
    mimeType,
    ...rest,
    ...forwarding(context)
  }
}
