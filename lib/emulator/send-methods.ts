import * as Type from '@sinclair/typebox'
import type { Builders, ButtonContent, MessageBody, MessageContext } from '../builders/index.ts'
import { ChatId, Text, sendRequests, type RequestButton, type SendRequest } from '../green-api/index.ts'
import { createBodyValidator } from './validate-request.ts'

/** A message to send. */
export interface OutgoingMessage {
  /** The name of the method that was called. */
  readonly method: string
  readonly chatId: string
  readonly quotedMessageId?: string | undefined
  /** Builds the body of the message's notification. */
  write (build: Builders, context: MessageContext): MessageBody
}

type SendBody = { chatId: string, quotedMessageId?: string | null }
type WriteBody<Body> = (body: Body, build: Builders, context: MessageContext) => MessageBody

/** Combines the validator of a method's request body with the function that builds its notification. */
function defineSendMethod<Body extends SendBody> (validate: (body: unknown) => Body, write: WriteBody<Body>) {
  return (requestBody: unknown): Omit<OutgoingMessage, 'method'> => {
    const body = validate(requestBody)
    return {
      chatId: body.chatId,
      quotedMessageId: body.quotedMessageId ?? undefined,
      write: (build, context) => write(body, build, context)
    }
  }
}

/** The API's methods that send a message: each validates a request's body and returns the message. */
export const sendMethods = {
  sendMessage: defineSendMethod(
    createBodyValidator(sendRequests.sendMessage),
    // GREEN-API notifies a text sent with the API as extendedTextMessage, not textMessage.
    ({ message: text }, build, context) => context.quotedMessage === undefined
      ? build.extendedTextMessage({ text }, context)
      : build.quotedMessage({ text }, context)
  ),
  sendInteractiveButtons: defineSendMethod(
    createBodyValidator(sendRequests.sendInteractiveButtons),
    (body, build, context) => build.interactiveButtons(
      { ...menuTexts(body), buttons: body.buttons.map(toButtonContent) },
      context
    )
  ),
  sendInteractiveButtonsReply: defineSendMethod(
    createBodyValidator(sendRequests.sendInteractiveButtonsReply),
    (body, build, context) => build.interactiveButtons({
      ...menuTexts(body),
      buttons: body.buttons.map(({ buttonId, buttonText }) => ({ type: 'reply', buttonId, buttonText }))
    }, context)
  ),
  sendPoll: defineSendMethod(
    createBodyValidator(sendRequests.sendPoll),
    ({ message: name, options, multipleAnswers = false }, build, context) => build.pollMessage(
      { name, options, multipleAnswers },
      context
    )
  ),
  sendLocation: defineSendMethod(
    createBodyValidator(sendRequests.sendLocation),
    ({ latitude, longitude, nameLocation, address }, build, context) => build.locationMessage(
      { latitude, longitude, nameLocation: nameLocation ?? undefined, address: address ?? undefined },
      context
    )
  ),
  sendContact: defineSendMethod(
    createBodyValidator(sendRequests.sendContact),
    ({ contact }, build, context) => build.contactMessage(toContact(contact), context)
  ),
  sendFileByUrl: defineSendMethod(
    createBodyValidator(sendRequests.sendFileByUrl),
    ({ urlFile: downloadUrl, fileName, caption }, build, context) => {
      const [name, mimeType] = fileType(fileName)
      return build[name]({ downloadUrl, fileName, mimeType, caption: caption ?? undefined }, context)
    }
  )
}

const validateUpload = createBodyValidator(
  Type.Composite([sendRequests.sendFileByUpload, Type.Object({ file: Type.Unknown() })])
)

/** Sends an uploaded file. Also returns where GREEN-API would store it. */
export function sendUpload (requestBody: unknown): { urlFile: string, message: Omit<OutgoingMessage, 'method'> } {
  const { file, ...body } = validateUpload(requestBody)
  const urlFile = `https://media.green-api.example/${encodeURIComponent(body.fileName)}`
  return { urlFile, message: sendMethods.sendFileByUrl({ ...body, urlFile }) }
}

/** Sends a template message. Only instances of the WhatsApp Business API have this method. */
export const sendTemplate = defineSendMethod(
  createBodyValidator(Type.Object({
    chatId: ChatId,
    quotedMessageId: sendRequests.sendMessage.properties.quotedMessageId,
    templateId: Text(1024),
    params: Type.Optional(Type.Array(Type.String()))
  })),
  ({ templateId, params = [] }, build, context) => {
    const body = build.templateMessage({}, context)
    return { ...body, messageData: { typeMessage: 'templateMessage', messageData: { templateId, params } } }
  }
)

interface MenuTexts {
  header?: string | null
  body: string
  footer?: string | null
}

function menuTexts ({ header, body, footer }: MenuTexts) {
  return { header: header ?? undefined, body, footer: footer ?? undefined }
}

// A request may contain null for the members of other types.
function toButtonContent (button: RequestButton): ButtonContent {
  const { type, buttonId, buttonText } = button
  switch (type) {
    case 'copy': return { type, buttonId, buttonText, copyCode: button.copyCode }
    case 'call': return { type, buttonId, buttonText, phoneNumber: button.phoneNumber }
    case 'url': return { type, buttonId, buttonText, url: button.url }
    case 'reply': return { type, buttonId, buttonText }
  }
}

function toContact (contact: SendRequest<'sendContact'>['contact']) {
  const { phoneContact, firstName, middleName, lastName, company } = contact
  const names = [firstName, middleName, lastName].filter((name) => name != null && name !== '')
  const displayName = names.length === 0 ? company ?? '' : names.join(' ')
  const phone = `TEL;type=CELL;waid=${phoneContact}:+${phoneContact}`
  const vcard = `BEGIN:VCARD\nVERSION:3.0\nN:;${displayName};;;\nFN:${displayName}\n${phone}\nEND:VCARD`
  return { displayName, vcard }
}

type FileMessageName = 'imageMessage' | 'videoMessage' | 'audioMessage' | 'documentMessage'

const fileTypes = new Map<string, readonly [name: FileMessageName, mimeType: string]>(Object.entries({
  jpg: ['imageMessage', 'image/jpeg'],
  jpeg: ['imageMessage', 'image/jpeg'],
  png: ['imageMessage', 'image/png'],
  gif: ['imageMessage', 'image/gif'],
  webp: ['imageMessage', 'image/webp'],
  mp4: ['videoMessage', 'video/mp4'],
  mov: ['videoMessage', 'video/quicktime'],
  avi: ['videoMessage', 'video/x-msvideo'],
  mkv: ['videoMessage', 'video/x-matroska'],
  mp3: ['audioMessage', 'audio/mpeg'],
  ogg: ['audioMessage', 'audio/ogg; codecs=opus'],
  oga: ['audioMessage', 'audio/ogg; codecs=opus'],
  opus: ['audioMessage', 'audio/ogg; codecs=opus'],
  wav: ['audioMessage', 'audio/wav'],
  m4a: ['audioMessage', 'audio/mp4'],
  pdf: ['documentMessage', 'application/pdf']
}))

// By the extension: the emulator does not download the file.
function fileType (fileName: string): readonly [name: FileMessageName, mimeType: string] {
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  return fileTypes.get(extension) ?? ['documentMessage', 'application/octet-stream']
}
