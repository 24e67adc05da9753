import type { Static, TInteger, TString } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import type { CallButton, CopyButton, ReplyButton as TypedReplyButton, UrlButton } from '../schemas/buttons.ts'

/** GREEN-API's limits, in characters unless the name says otherwise. */
const maxTextLength = 20_000
const maxButtonTextLength = 25
const maxButtons = 3

/**
 * GREEN-API does not document how long a `buttonId` may be. This limit, in bytes of UTF-8, is known to arrive
 * unchanged.
 */
export const maxButtonIdBytes = 256

/** An optional member that may also be `null`. */
function Nullable<Schema extends TString | TInteger> (schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

/** A string that is not empty. */
export function Text (maxLength: number) {
  return Type.String({ minLength: 1, maxLength })
}

/** The id of any chat. An old group has a hyphen in its id. */
export const ChatId = Type.String({
  pattern: '^(?:\\d+@(?:c\\.us|lid)|\\d+(?:-\\d+)?@g\\.us|-?\\d+)$',
  description: 'must be a chat id such as 79001234567@c.us or 120363000000000001@g.us'
})

const HttpUrl = Type.String({
  pattern: '^https?://[^\\s/]',
  maxLength: 2048,
  description: 'must be a URL that begins with http:// or https://'
})

const MessageId = Text(100)

const typing = {
  /** How long the chat shows that the account is typing: 1000 to 20 000 ms. */
  typingTime: Nullable(Type.Integer({ minimum: 1000, maximum: 20_000 }))
}

const target = {
  /** The chat, such as `79001234567@c.us`. */
  chatId: ChatId,
  /** The `idMessage` of a message of the same chat, which the new one quotes. */
  quotedMessageId: Nullable(Type.String()),
  ...typing
}

const menu = {
  ...target,
  /** At most 20 000 characters. */
  header: Nullable(Type.String({ maxLength: maxTextLength })),
  /** 1 to 20 000 characters. */
  body: Text(maxTextLength),
  /** At most 20 000 characters. */
  footer: Nullable(Type.String({ maxLength: maxTextLength }))
}

const file = {
  ...target,
  /** The name with its extension, which decides how the file is shown. At most 1024 characters. */
  fileName: Text(1024),
  /** At most 20 000 characters. */
  caption: Nullable(Type.String({ maxLength: maxTextLength }))
}

const label = {
  /** What a tap refers to, at most 256 bytes. */
  buttonId: Text(256),
  /** 1 to 25 characters. */
  buttonText: Text(maxButtonTextLength)
}

/** A button of the method `sendInteractiveButtons`. */
export type RequestButton = CopyButton | CallButton | UrlButton | TypedReplyButton

// `findIssue` checks the members that depend on the type.
const Button = Type.Unsafe<RequestButton>(Type.Object({
  ...label,
  type: Type.Union([Type.Literal('copy'), Type.Literal('call'), Type.Literal('url'), Type.Literal('reply')]),
  copyCode: Nullable(Type.String()),
  phoneNumber: Nullable(Type.String()),
  url: Nullable(Type.String())
}))

const buttonCount = { minItems: 1, maxItems: maxButtons }

const change = {
  /** The chat, such as `79001234567@c.us`. */
  chatId: ChatId,
  /** The message to change. */
  idMessage: MessageId
}

/**
 * The request bodies of GREEN-API's methods that send something, as schemas. `sendFileByUpload` also has a file.
 *
 * @see https://green-api.com/en/docs/api/sending/
 */
export const sendRequests = {
  sendMessage: Type.Object({
    ...target,
    /** 1 to 20 000 characters. */
    message: Text(maxTextLength),
    /** Whether a link in the text has a preview. Default: `true`. */
    linkPreview: Type.Optional(Type.Boolean()),
    /** The size of the preview. Default: `'small'`. */
    typePreview: Type.Optional(Type.Union([Type.Literal('large'), Type.Literal('small')]))
  }),
  sendInteractiveButtons: Type.Object({
    ...menu,
    /** 1 to 3 buttons. */
    buttons: Type.Array(Button, buttonCount)
  }),
  sendInteractiveButtonsReply: Type.Object({
    ...menu,
    /** 1 to 3 buttons. */
    buttons: Type.Array(Type.Object(label), buttonCount)
  }),
  sendPoll: Type.Object({
    ...target,
    /** The question: 1 to 255 characters. */
    message: Text(255),
    /** 2 to 12 options of 1 to 100 characters. */
    options: Type.Array(Type.Object({ optionName: Text(100) }), { minItems: 2, maxItems: 12 }),
    /** Whether a voter can choose several options. Default: `false`. */
    multipleAnswers: Type.Optional(Type.Boolean())
  }),
  sendLocation: Type.Object({
    ...target,
    /** In degrees, from -90 to 90. */
    latitude: Type.Number({ minimum: -90, maximum: 90 }),
    /** In degrees, from -180 to 180. */
    longitude: Type.Number({ minimum: -180, maximum: 180 }),
    /** The name of the place. */
    nameLocation: Nullable(Type.String()),
    /** The address of the place. */
    address: Nullable(Type.String())
  }),
  sendContact: Type.Object({
    ...target,
    /** One of the names is required. */
    contact: Type.Object({
      /** The phone number in international format, 7 to 15 digits without `+`. */
      phoneContact: Type.Integer({ minimum: 1_000_000, maximum: 999_999_999_999_999 }),
      firstName: Nullable(Type.String()),
      middleName: Nullable(Type.String()),
      lastName: Nullable(Type.String()),
      company: Nullable(Type.String())
    })
  }),
  sendFileByUrl: Type.Object({
    ...file,
    /** GREEN-API downloads the file from here. */
    urlFile: HttpUrl
  }),
  sendFileByUpload: Type.Object(file),
  forwardMessages: Type.Object({
    /** The chat to forward to. */
    chatId: ChatId,
    /** The chat that has the messages. */
    chatIdFrom: ChatId,
    /** The ids of the messages. */
    messages: Type.Array(MessageId, { minItems: 1 }),
    ...typing
  }),
  editMessage: Type.Object({
    ...change,
    /** The new text: 1 to 20 000 characters. */
    message: Text(maxTextLength)
  }),
  deleteMessage: Type.Object({
    ...change,
    /** Whether the message is deleted only for the account itself. Default: `false`. */
    onlySenderDelete: Type.Optional(Type.Boolean())
  }),
  readChat: Type.Object({
    /** The chat, such as `79001234567@c.us`. */
    chatId: ChatId,
    /** The message to mark as read. Default: all messages of the chat. */
    idMessage: Nullable(MessageId)
  }),
  sendTyping: Type.Object({
    /** The chat, such as `79001234567@c.us`. */
    chatId: ChatId,
    ...typing,
    /** Shows that the account is recording a voice message. Default: typing. */
    typingType: Type.Optional(Type.Literal('recording'))
  })
}

/** A method that sends something. */
export type SendMethod = keyof typeof sendRequests

export function isSendMethod (method: string): method is SendMethod {
  return Object.hasOwn(sendRequests, method)
}

// A member that can be absent can be undefined as well: JSON leaves it out.
type Input<T> = T extends ReadonlyArray<infer Item> ? ReadonlyArray<Input<Item>>
  : T extends object
    ? { readonly [Key in keyof T]: object extends Pick<T, Key> ? Input<T[Key]> | undefined : Input<T[Key]> }
    : T

/** The body of a request of the method. */
export type SendRequest<Method extends SendMethod> = Input<Static<typeof sendRequests[Method]>>

/** What is wrong with a member of a request. */
export interface RequestIssue {
  /** Such as `buttons[0].url`. */
  readonly member: string
  /** In GREEN-API's words, such as `is required`. */
  readonly problem: string
}

/** Returns the first mistake in a valid body that its schema does not describe. */
export function findIssue (body: object): RequestIssue | undefined {
  const { buttons = [], contact }: Partial<Checked> = body
  for (const [index, button] of buttons.entries()) {
    const issue = findButtonIssue(button)
    if (issue !== undefined) return { ...issue, member: `buttons[${index}].${issue.member}` }
  }
  if (contact === undefined) return undefined
  const { firstName, middleName, lastName, company } = contact
  const isNamed = [firstName, middleName, lastName, company].some((name) => name != null && name !== '')
  return isNamed ? undefined : { member: 'contact', problem: 'must contain a name: firstName, lastName or company' }
}

interface Checked {
  readonly buttons: ReadonlyArray<Partial<RequestButton>>
  readonly contact: SendRequest<'sendContact'>['contact']
}

/** The member that a type of button requires, and what it must be. */
const requiredMembers = {
  copy: { member: 'copyCode', pattern: /^/, problem: '' },
  call: {
    member: 'phoneNumber',
    pattern: /^\+?\d{3,16}$/,
    problem: 'must be a phone number in international format, digits only, such as 79001234567'
  },
  url: { member: 'url', pattern: /^https?:\/\/[^\s/]/i, problem: 'must be a URL that begins with http:// or https://' }
} as const

function findButtonIssue (button: Partial<RequestButton>): RequestIssue | undefined {
  const { type = 'reply', buttonId = '' } = button
  if (Buffer.byteLength(buttonId) > maxButtonIdBytes) {
    return { member: 'buttonId', problem: `length must be less than or equal to ${maxButtonIdBytes} bytes` }
  }
  if (type === 'reply') return undefined
  const { member, pattern, problem } = requiredMembers[type]
  const value: unknown = Reflect.get(button, member)
  if (typeof value !== 'string' || value === '') return { member, problem: 'is required' }
  return pattern.test(value) ? undefined : { member, problem }
}

/** Converts a JSON pointer to the name of a member, such as `buttons[0].type`; `body` for the whole body. */
export function memberName (pointer: string): string {
  const parts = pointer.slice(1).split('/')
  return parts.map((part, index) => {
    if (/^\d+$/.test(part)) return `[${part}]`
    return index === 0 ? part : `.${part}`
  }).join('') || 'body'
}
