import { Type, type Static } from '@sinclair/typebox'
import type { Builders, ButtonContent, MessageBody, MessageContext } from '../builders/index.ts'
import { ChatId, Text, createBodyValidator, validationError } from './validate-request.ts'

/** A message to send. */
export interface OutgoingMessage {
  /** The name of the method that was called. */
  readonly method: string
  readonly chatId: string
  readonly quotedMessageId?: string | undefined
  /** Builds the body of the message's notification. */
  write (build: Builders, context: MessageContext): MessageBody
}

/** GREEN-API's limits. */
const maxTextLength = 20_000
const maxButtons = 3
const maxButtonTextLength = 25

/** An optional string that may also be `null`. */
function Nullable (schema: ReturnType<typeof Type.String>) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

const Target = Type.Object({ chatId: ChatId, quotedMessageId: Nullable(Type.String()) })

const menuMembers = {
  ...Target.properties,
  header: Nullable(Type.String({ maxLength: maxTextLength })),
  body: Text(maxTextLength),
  footer: Nullable(Type.String({ maxLength: maxTextLength }))
}

const ReplyButton = Type.Object({ buttonId: Text(256), buttonText: Text(maxButtonTextLength) })

const Button = Type.Composite([ReplyButton, Type.Object({
  type: Type.Union([Type.Literal('copy'), Type.Literal('call'), Type.Literal('url'), Type.Literal('reply')]),
  copyCode: Nullable(Type.String()),
  phoneNumber: Nullable(Type.String()),
  url: Nullable(Type.String())
})])
type Button = Static<typeof Button>

const buttonCount = { minItems: 1, maxItems: maxButtons }

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
    createBodyValidator(Type.Composite([Target, Type.Object({
      message: Text(maxTextLength),
      linkPreview: Type.Optional(Type.Boolean())
    })])),
    // GREEN-API notifies a text sent with the API as extendedTextMessage, not textMessage.
    ({ message: text }, build, context) => context.quotedMessage === undefined
      ? build.extendedTextMessage({ text }, context)
      : build.quotedMessage({ text }, context)
  ),
  sendInteractiveButtons: defineSendMethod(
    createBodyValidator(Type.Object({ ...menuMembers, buttons: Type.Array(Button, buttonCount) })),
    (body, build, context) => build.interactiveButtons(
      { ...menuTexts(body), buttons: body.buttons.map(toButtonContent) },
      context
    )
  ),
  sendInteractiveButtonsReply: defineSendMethod(
    createBodyValidator(Type.Object({ ...menuMembers, buttons: Type.Array(ReplyButton, buttonCount) })),
    (body, build, context) => build.interactiveButtons({
      ...menuTexts(body),
      buttons: body.buttons.map(({ buttonId, buttonText }) => ({ type: 'reply', buttonId, buttonText }))
    }, context)
  ),
  sendPoll: defineSendMethod(
    createBodyValidator(Type.Composite([Target, Type.Object({
      message: Text(255),
      options: Type.Array(Type.Object({ optionName: Text(100) }), { minItems: 2, maxItems: 12 }),
      multipleAnswers: Type.Optional(Type.Boolean())
    })])),
    ({ message: name, options, multipleAnswers = false }, build, context) => build.pollMessage(
      { name, options, multipleAnswers },
      context
    )
  ),
  sendLocation: defineSendMethod(
    createBodyValidator(Type.Composite([Target, Type.Object({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
      nameLocation: Nullable(Type.String()),
      address: Nullable(Type.String())
    })])),
    ({ latitude, longitude, nameLocation, address }, build, context) => build.locationMessage(
      { latitude, longitude, nameLocation: nameLocation ?? undefined, address: address ?? undefined },
      context
    )
  ),
  sendFileByUrl: defineSendMethod(
    createBodyValidator(Type.Composite([Target, Type.Object({
      urlFile: Text(2048),
      fileName: Text(1024),
      caption: Nullable(Type.String({ maxLength: maxTextLength }))
    })])),
    ({ urlFile: downloadUrl, fileName, caption }, build, context) => build[fileMessageName(fileName)](
      { downloadUrl, fileName, caption: caption ?? undefined },
      context
    )
  )
}

/** Sends a template message. Only instances of the WhatsApp Business API have this method. */
export const sendTemplate = defineSendMethod(
  createBodyValidator(Type.Composite([Target, Type.Object({
    templateId: Text(1024),
    params: Type.Optional(Type.Array(Type.String()))
  })])),
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

function toButtonContent (button: Button, index: number): ButtonContent {
  const { type, buttonId, buttonText, copyCode, phoneNumber, url } = button
  switch (type) {
    case 'copy':
      return { type, buttonId, buttonText, copyCode: requireText(copyCode, `buttons[${index}].copyCode`) }
    case 'call':
      return { type, buttonId, buttonText, phoneNumber: requireText(phoneNumber, `buttons[${index}].phoneNumber`) }
    case 'url':
      return { type, buttonId, buttonText, url: requireText(url, `buttons[${index}].url`) }
    case 'reply':
      return { type, buttonId, buttonText }
  }
}

function requireText (value: string | null | undefined, name: string): string {
  if (value == null || value === '') throw validationError(`'${name}' is required`)
  return value
}

// By the extension: the emulator does not download the file.
function fileMessageName (fileName: string): 'imageMessage' | 'videoMessage' | 'audioMessage' | 'documentMessage' {
  if (/\.(?:jpe?g|png|gif|webp)$/i.test(fileName)) return 'imageMessage'
  if (/\.(?:mp4|mov|avi|mkv)$/i.test(fileName)) return 'videoMessage'
  return /\.(?:mp3|ogg|oga|opus|wav|m4a)$/i.test(fileName) ? 'audioMessage' : 'documentMessage'
}
