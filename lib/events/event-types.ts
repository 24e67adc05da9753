import type { Notifications, Origins, StaticData, TypeWebhookOfMessage } from '../schemas/index.ts'
import type { Button } from '../schemas/buttons.ts'
import type { ChatKind } from '../schemas/chat-kind.ts'
import type { Known } from '../schemas/values.ts'

/** The `name` of a recognized event. */
export type EventName = keyof Notifications

/** The content of an event, its `data`. */
export type DataOf<Name extends EventName> = ReadOnly<StaticData<Name>>

/**
 * The network of an instance: `whatsapp`, `waba` (WhatsApp Business API), `v3` (MAX), `telegram`, or any other text
 * that GREEN-API adds. `''` if the body does not contain it.
 */
export type TypeInstance = Known<'whatsapp' | 'waba' | 'v3' | 'telegram'>

/**
 * The type of a chat or sender: `user`, `group`, `supergroup`, `channel`, `bot`, or any other text that GREEN-API
 * adds. `''` if the body does not contain it.
 */
export type ChatType = Known<'user' | 'group' | 'supergroup' | 'channel' | 'bot'>

export type { ChatKind }

/** The members of every event about a notification, recognized or not. */
export interface EventBase {
  /**
   * The identity of the notification, the same for every redelivery. Together with `revision` it is the
   * idempotency key: a listener can use it to skip work that it has already done.
   */
  readonly id: string
  /** 1 for the first body of the notification, and one more for each redelivery with a changed body. */
  readonly revision: number
  /** The instance that sent the notification; `''` if the body does not contain it, as in a journal message. */
  readonly idInstance: string
  /** GREEN-API's timestamp: Unix time in seconds; 0 if the body does not contain it. */
  readonly timestamp: number
  /**
   * `true` if no notification brought the message or call, and the option `recover` found it in GREEN-API's journals.
   * Otherwise absent. `raw` is then the journal record.
   */
  readonly recovered?: true
  /** The parsed notification as it arrived, without the queue envelope. Treat it as read-only. */
  readonly raw: unknown
}

/** The members of every event about a message. */
export interface MessageBase extends EventBase {
  /** The network: `whatsapp`, `waba`, `v3` (MAX), `telegram`; `''` if the body does not contain it. */
  readonly typeInstance: TypeInstance
  /** The account of the instance; `''` if the body does not contain it, or the instance is not authorized. */
  readonly wid: string
  /** The id of the message; `''` if the body does not contain it. */
  readonly idMessage: string
  /** The id of the chat: `…@c.us`, `…@g.us`, `…@lid` and others; `''` if the body does not contain it. */
  readonly chatId: string
  /** The name of the chat; `''` if the body does not contain it. */
  readonly chatName: string
  /** The type of the chat, for MAX and Telegram; otherwise `''`. */
  readonly chatType: ChatType
  /**
   * The kind of the chat, from `chatType` or the form of `chatId`:
   *
   * - `private`: a chat with one account, also `…@lid`.
   * - `group`: a group or supergroup.
   * - `channel`: a channel, `…@newsletter` on WhatsApp.
   * - `story`: a status, `status@broadcast`.
   * - `broadcast`: a broadcast list.
   * - `unknown`: the body does not contain the chat, or its id has another form.
   */
  readonly chatKind: ChatKind
  /** The account that wrote the message; `''` if the body does not contain it. */
  readonly sender: string
  /** The name of the sender, as chosen by the sender; `''` if the body does not contain it. */
  readonly senderName: string
  /** The name of the sender in the contacts of the instance; `''` if the body does not contain it. */
  readonly senderContactName: string
  /** The type of the sender, for MAX and Telegram; otherwise `''`. */
  readonly senderType: ChatType
  /** The phone number of the sender, for MAX and Telegram; otherwise, or if it is not known, `''`. */
  readonly senderPhoneNumber: string
  /** Whether the message was forwarded; `false` if the body does not contain it. */
  readonly isForwarded: boolean
  /** How many times the message was forwarded; 0 if the body does not contain it. */
  readonly forwardingScore: number
  /** The message that this one answers or is about, if the body quotes it. */
  readonly quotedMessage?: QuotedMessage
  /** The delivery status, if a journal message contains it. */
  readonly statusMessage?: string
  /** Whether the message was edited later, if a journal message contains it. */
  readonly isEdited?: boolean
  /** Whether the message was deleted later, if a journal message contains it. */
  readonly isDeleted?: boolean
}

/** The `name` of an event about a message. */
export type MessageName = {
  [Name in EventName]: Notifications[Name]['kind'] extends 'message' ? Name : never
}[EventName]

/** The `name` of a service event: an event that is not a message. */
export type ServiceEventName = Exclude<EventName, MessageName>

/** The values of `typeMessage` that are documented for the kind. */
export type OwnTypeMessage<Name extends EventName> =
  Notifications[Name] extends { typeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never
/** The values of `typeMessage` of other kinds under which the kind was seen as well. */
type FallbackTypeMessage<Name extends EventName> =
  Notifications[Name] extends { fallbackTypeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never

/** The values of `typeWebhook` that are documented for the kind. */
export type OwnTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { typeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never
/** The values of `typeWebhook` of other kinds under which the kind was seen as well. */
type FallbackTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { fallbackTypeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never

/** The values of `typeMessage` of journal records of a service event. */
type JournalType<Name extends EventName> =
  Notifications[Name] extends { journalTypeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never

interface MessageContent<Name extends MessageName> extends MessageBase {
  /** The kind of message. It distinguishes the members of a union. */
  readonly name: Name
  /** GREEN-API's `typeMessage`. */
  readonly typeMessage: OwnTypeMessage<Name> | FallbackTypeMessage<Name>
  /** The content, in one shape for all variants that GREEN-API sends. */
  readonly data: DataOf<Name>
}

/** A message from a notification. Its `typeWebhook` determines `direction` and `sentBy`. */
export interface WebhookMessage<
  Name extends MessageName, TypeWebhook extends TypeWebhookOfMessage
> extends MessageContent<Name> {
  /** GREEN-API's `typeWebhook`. */
  readonly typeWebhook: TypeWebhook
  /** Whether the instance received or sent the message. */
  readonly direction: Origins[TypeWebhook]['direction']
  /** Who sent the message: a `contact`, the `phone` of the instance, or the `api`. */
  readonly sentBy: Origins[TypeWebhook]['sentBy']
}

/** A message that the instance received, from GREEN-API's journal. */
export interface IncomingJournalMessage<Name extends MessageName> extends MessageContent<Name> {
  /** A journal message has none. */
  readonly typeWebhook?: undefined
  /** The instance received the message. */
  readonly direction: 'incoming'
  /** A contact sent the message. */
  readonly sentBy: 'contact'
}

/** A message that the instance sent, from GREEN-API's journal. */
export interface OutgoingJournalMessage<Name extends MessageName> extends MessageContent<Name> {
  /** A journal message has none. */
  readonly typeWebhook?: undefined
  /** The instance sent the message. */
  readonly direction: 'outgoing'
  /** Who sent the message: the `phone` of the instance, or the `api`. `phone` if the journal does not contain it. */
  readonly sentBy: 'phone' | 'api'
}

interface ServiceEventContent<Name extends ServiceEventName> extends EventBase {
  /** The kind of event. It distinguishes the members of a union. */
  readonly name: Name
  /** The network: `whatsapp`, `waba`, `v3` (MAX), `telegram`; `''` if the body does not contain it. */
  readonly typeInstance: TypeInstance
  /** The account of the instance; `''` if the body does not contain it, or the instance is not authorized. */
  readonly wid: string
  /** The id of the message or call that the event is about; `''` if the body does not contain it. */
  readonly idMessage: string
  /** The id of the chat that the event is about; `''` if the body does not contain it. */
  readonly chatId: string
  /** The kind of the chat, from the form of `chatId`, as in messages; `unknown` if there is no chat. */
  readonly chatKind: ChatKind
  /** Messages only. It is declared here so that `direction` can be read from every event. */
  readonly direction?: undefined
  /** Messages only. */
  readonly sentBy?: undefined
  /** The content, in one shape for all variants that GREEN-API sends. */
  readonly data: DataOf<Name>
}

/** A service event: an event that is not a message. */
export interface ServiceEvent<Name extends ServiceEventName> extends ServiceEventContent<Name> {
  /** GREEN-API's `typeWebhook`. */
  readonly typeWebhook: OwnTypeWebhook<Name> | FallbackTypeWebhook<Name>
  /** Messages and journal records only. It is declared here so that `typeMessage` can be read from every event. */
  readonly typeMessage?: undefined
}

/** The `name` of a service event that GREEN-API's journals contain: a call. */
export type JournalServiceEventName = {
  [Name in ServiceEventName]: [JournalType<Name>] extends [never] ? never : Name
}[ServiceEventName]

/** A service event from GREEN-API's journals: a call. */
export interface JournalServiceEvent<Name extends JournalServiceEventName> extends ServiceEventContent<Name> {
  /** A journal record has none. */
  readonly typeWebhook?: undefined
  /** GREEN-API's `typeMessage`. */
  readonly typeMessage: JournalType<Name>
}

interface QuotedReference {
  /** The `idMessage` of the quoted message; `''` if the body does not contain it. */
  readonly stanzaId: string
  /** The account that wrote the quoted message; `''` if the body does not contain it. */
  readonly participant: string
  /** GREEN-API's `typeMessage`, if the body contains it. */
  readonly typeMessage?: string
}

/** A quoted message of a known kind. Its `data` has the same shape as in an event of that kind. */
export interface QuotedContent<Name extends MessageName> extends QuotedReference {
  /** The kind of the quoted message. */
  readonly name: Name
  /** The content of the quoted message. */
  readonly data: DataOf<Name>
}

/** A quoted message without content, or of an unknown kind. */
export interface UnknownQuotedMessage extends QuotedReference {
  /** Unknown. */
  readonly name?: undefined
  /** Unknown. */
  readonly data?: undefined
}

/** The message that another one answers or is about. Its `name` determines the shape of its `data`. */
export type QuotedMessage = { [Name in MessageName]: QuotedContent<Name> }[MessageName] | UnknownQuotedMessage

// Buttons are read-only already. Editors then show their type as `Button`.
type ReadOnly<T> = T extends string | number | boolean | null | undefined | Button ? T
  : T extends ReadonlyArray<infer Item> ? ReadonlyArray<ReadOnly<Item>>
    : T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T
