import { Type, type Static } from '@sinclair/typebox'
import type { MessageContext } from '../builders/event-context.ts'
import type { MessageBody } from '../builders/bodies.ts'
import type { Builders } from '../builders/create-builders.ts'
import type { ButtonContent } from '../builders/content.ts'
import { ApiError } from './api-error.ts'
import { ChatId, PersonalChatId, Text, validator } from './validate-request.ts'

/** A message that was asked to be sent: to which chat, and what it says. */
export interface Outgoing {
  readonly chatId: string
  readonly quotedMessageId?: string | undefined
  /** The message as it comes back. */
  write (build: Builders, around: MessageContext): MessageBody
}

/** How many buttons a message may have, and how many characters there may be on one. */
export const buttonLimits = { buttons: 3, characters: 25 } as const

const longestText = 20_000

/** A member that may as well be `null`. */
function Maybe<Schema extends ReturnType<typeof Type.String>> (schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

const Address = Type.Object({ chatId: ChatId, quotedMessageId: Maybe(Type.String()) })

const menu = {
  chatId: PersonalChatId,
  header: Maybe(Type.String({ maxLength: longestText })),
  body: Text(longestText),
  footer: Maybe(Type.String({ maxLength: longestText }))
}

const ReplyButton = Type.Object({ buttonId: Text(256), buttonText: Text(buttonLimits.characters) })

const WireButton = Type.Composite([ReplyButton, Type.Object({
  type: Type.Union([Type.Literal('copy'), Type.Literal('call'), Type.Literal('url'), Type.Literal('reply')]),
  copyCode: Maybe(Type.String()),
  phoneNumber: Maybe(Type.String()),
  url: Maybe(Type.String())
})])
type WireButton = Static<typeof WireButton>

const bounds = { minItems: 1, maxItems: buttonLimits.buttons }

/** Makes a method of a check of its body, and of what the message says. */
function method<Body extends { chatId: string, quotedMessageId?: string | null }> (check: (body: unknown) => Body, write: (body: Body, build: Builders, around: MessageContext) => MessageBody) {
  return (body: unknown): Outgoing => {
    const checked = check(body)
    return {
      chatId: checked.chatId,
      quotedMessageId: checked.quotedMessageId ?? undefined,
      write: (build, around) => write(checked, build, around)
    }
  }
}

/** The methods that send a message, each from a request's body to what is to be sent. */
export const sendMethods = {
  sendMessage: method(
    validator(Type.Composite([Address, Type.Object({ message: Text(longestText), linkPreview: Type.Optional(Type.Boolean()) })])),
    // A text that is sent through the API comes back under the other type.
    ({ message: text }, build, around) => around.quotedMessage === undefined ? build.extendedTextMessage({ text }, around) : build.quotedMessage({ text }, around)
  ),
  sendInteractiveButtons: method(
    validator(Type.Object({ ...menu, buttons: Type.Array(WireButton, bounds) })),
    (body, build, around) => build.interactiveButtons({ ...texts(body), buttons: body.buttons.map(readButton) }, around)
  ),
  sendInteractiveButtonsReply: method(
    validator(Type.Object({ ...menu, buttons: Type.Array(ReplyButton, bounds) })),
    (body, build, around) => build.interactiveButtons({ ...texts(body), buttons: body.buttons.map(({ buttonId, buttonText }) => ({ type: 'reply', buttonId, buttonText })) }, around)
  ),
  sendPoll: method(
    validator(Type.Composite([Address, Type.Object({
      message: Text(255),
      options: Type.Array(Type.Object({ optionName: Text(100) }), { minItems: 2, maxItems: 12 }),
      multipleAnswers: Type.Optional(Type.Boolean())
    })])),
    ({ message: name, options, multipleAnswers = false }, build, around) => build.pollMessage({ name, options, multipleAnswers }, around)
  ),
  sendLocation: method(
    validator(Type.Composite([Address, Type.Object({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
      nameLocation: Maybe(Type.String()),
      address: Maybe(Type.String())
    })])),
    ({ latitude, longitude, nameLocation, address }, build, around) => build.locationMessage({ latitude, longitude, nameLocation: nameLocation ?? undefined, address: address ?? undefined }, around)
  ),
  sendFileByUrl: method(
    validator(Type.Composite([Address, Type.Object({ urlFile: Text(2048), fileName: Text(1024), caption: Maybe(Type.String({ maxLength: longestText })) })])),
    ({ urlFile: downloadUrl, fileName, caption }, build, around) => build[kindOf(fileName)]({ downloadUrl, fileName, caption: caption ?? undefined }, around)
  )
}

function texts ({ header, body, footer }: { header?: string | null, body: string, footer?: string | null }) {
  return { header: header ?? undefined, body, footer: footer ?? undefined }
}

function readButton ({ type, buttonId, buttonText, copyCode, phoneNumber, url }: WireButton, index: number): ButtonContent {
  const label = { buttonId, buttonText }
  switch (type) {
    case 'copy': return { type, ...label, copyCode: need(copyCode, `buttons[${index}].copyCode`) }
    case 'call': return { type, ...label, phoneNumber: need(phoneNumber, `buttons[${index}].phoneNumber`) }
    case 'url': return { type, ...label, url: need(url, `buttons[${index}].url`) }
    case 'reply': return { type, ...label }
  }
}

function need (value: string | null | undefined, name: string): string {
  if (value == null || value === '') throw new ApiError(400, `Validation failed. Details: '${name}' is required`)
  return value
}

// As the name ends; the file itself is not looked at.
function kindOf (fileName: string): 'imageMessage' | 'videoMessage' | 'audioMessage' | 'documentMessage' {
  if (/\.(?:jpe?g|png|gif|webp)$/i.test(fileName)) return 'imageMessage'
  if (/\.(?:mp4|mov|avi|mkv)$/i.test(fileName)) return 'videoMessage'
  return /\.(?:mp3|ogg|oga|opus|wav|m4a)$/i.test(fileName) ? 'audioMessage' : 'documentMessage'
}
