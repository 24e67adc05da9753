import type { Known } from './schemas/values.ts'
import type { Notifications, Origins, StaticData, TypeWebhookOfMessage } from './schemas/index.ts'

/** The name of a recognized notification: what an event's `name` can be. */
export type EventName = keyof Notifications

/** What a kind of notification says, as its listeners receive it. */
export type DataOf<Name extends EventName> = ReadOnly<StaticData<Name>>

/** The network that an instance is on: those known today complete in the editor. `''` where the body does not say. */
export type TypeInstance = Known<'whatsapp' | 'v3' | 'telegram'>

/** What a chat or a sender is: those known today complete in the editor. `''` where the body does not say. */
export type ChatType = Known<'user' | 'group' | 'supergroup' | 'channel' | 'bot'>

/** What every event has, recognized or not. */
export interface EventBase {
  /**
   * Identity of the notification: the same for every redelivery of it, so the key under which
   * a listener can tell that it has done its work already.
   */
  readonly id: string
  /** 1, then one more for each repeat of the notification that came with a changed body. */
  readonly revision: number
  /** The instance that sent it; `''` where the body names none, as in a journal record. */
  readonly idInstance: string
  /** Unix time in seconds, as sent; 0 where the body has none. */
  readonly timestamp: number
  /** The parsed notification as it came, without the queue envelope; treat it as read-only. */
  readonly raw: unknown
}

/** What every event about a message has besides. */
export interface MessageBase extends EventBase {
  /** The network: `whatsapp`, `v3` (MAX), `telegram`; `''` where the body does not say. */
  readonly typeInstance: TypeInstance
  /** The instance's own account; `''` where the body does not say, or while it is not authorized. */
  readonly wid: string
  /** The message's id; `''` where the wire has none. */
  readonly idMessage: string
  /** The chat it stands in: `…@c.us`, `…@g.us`, `…@lid` and others; `''` where the wire has none. */
  readonly chatId: string
  /** The chat's name; `''` where the wire has none. */
  readonly chatName: string
  /** Of what type the chat is; of MAX and Telegram, elsewhere `''`. */
  readonly chatType: ChatType
  /** The account that wrote it; `''` where the wire has none. */
  readonly sender: string
  /** The name that the sender goes by; `''` where the wire has none. */
  readonly senderName: string
  /** The name under which the instance knows the sender; `''` where the wire has none. */
  readonly senderContactName: string
  /** Of what type the sender is; of MAX and Telegram, elsewhere `''`. */
  readonly senderType: ChatType
  /** The sender's telephone number; of MAX and Telegram, where it is known, else `''`. */
  readonly senderPhoneNumber: string
  /** Whether it was forwarded; `false` where the wire does not say. */
  readonly isForwarded: boolean
  /** How often it was forwarded; 0 where the wire does not say. */
  readonly forwardingScore: number
  /** The message that it answers, or is about, where the wire quotes it. */
  readonly quotedMessage?: QuotedMessage
  /** What became of it, where a journal record says so. */
  readonly statusMessage?: string
  /** Whether it was edited since, where a journal record says so. */
  readonly isEdited?: boolean
  /** Whether it was deleted since, where a journal record says so. */
  readonly isDeleted?: boolean
}

/** The name of an event about a message. */
export type MessageName = { [Name in EventName]: Notifications[Name]['kind'] extends 'message' ? Name : never }[EventName]

/** The name of an event about anything else. */
export type NoticeName = Exclude<EventName, MessageName>

/** The values of `typeMessage` that announce the kind, and those that were seen to. */
type OwnTypeMessage<Name extends EventName> =
  Notifications[Name] extends { typeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never
type StrayTypeMessage<Name extends EventName> =
  Notifications[Name] extends { strayTypeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never

/** The values of `typeWebhook` that announce the kind, and those that were seen to. */
type OwnTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { typeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never
type StrayTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { strayTypeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never

interface MessageContent<Name extends MessageName> extends MessageBase {
  /** What it is; tells the members of a union apart. */
  readonly name: Name
  /** As on the wire. */
  readonly typeMessage: OwnTypeMessage<Name> | StrayTypeMessage<Name>
  /** What it says, in one shape, however the wire spells it. */
  readonly data: DataOf<Name>
}

/** A message that a webhook body brought; its `typeWebhook` says from which side, by whose hand. */
export interface PostedMessage<Name extends MessageName, TypeWebhook extends TypeWebhookOfMessage> extends MessageContent<Name> {
  /** As on the wire. */
  readonly typeWebhook: TypeWebhook
  /** From which side. */
  readonly direction: Origins[TypeWebhook]['direction']
  /** By whose hand. */
  readonly sentBy: Origins[TypeWebhook]['sentBy']
}

/** A message to the instance, from its journal. */
export interface IncomingRecord<Name extends MessageName> extends MessageContent<Name> {
  /** A journal record has none. */
  readonly typeWebhook?: undefined
  /** From which side. */
  readonly direction: 'incoming'
  /** By whose hand. */
  readonly sentBy: 'contact'
}

/** A message from the instance, from its journal. */
export interface OutgoingRecord<Name extends MessageName> extends MessageContent<Name> {
  /** A journal record has none. */
  readonly typeWebhook?: undefined
  /** From which side. */
  readonly direction: 'outgoing'
  /** By whose hand; `phone` also where the record does not say, as old ones do not. */
  readonly sentBy: 'phone' | 'api'
}

/** A notification that is no message. */
export interface Notice<Name extends NoticeName> extends EventBase {
  /** What it is; tells the members of a union apart. */
  readonly name: Name
  /** As on the wire. */
  readonly typeWebhook: OwnTypeWebhook<Name> | StrayTypeWebhook<Name>
  /** The network: `whatsapp`, `v3` (MAX), `telegram`; `''` where the body does not say. */
  readonly typeInstance: TypeInstance
  /** The instance's own account; `''` where the body does not say, or while it is not authorized. */
  readonly wid: string
  /** The message or the call that it is about; `''` where the wire does not say. */
  readonly idMessage: string
  /** The chat that it is about; `''` where the wire does not say. */
  readonly chatId: string
  /** Of messages only, so that events of every kind can be asked for it. */
  readonly typeMessage?: undefined
  /** Of messages only. */
  readonly direction?: undefined
  /** Of messages only. */
  readonly sentBy?: undefined
  /** What it says, in one shape, however the wire spells it. */
  readonly data: DataOf<Name>
}

interface QuotedReference {
  /** The `idMessage` of the quoted message; `''` where the wire does not say. */
  readonly stanzaId: string
  /** Who wrote it; `''` where the wire does not say. */
  readonly participant: string
  /** As on the wire, where it says it. */
  readonly typeMessage?: string
}

/** A quoted message of a known kind, with its content in the same shape as if it had come by itself. */
export interface QuotedContent<Name extends MessageName> extends QuotedReference {
  readonly name: Name
  readonly data: DataOf<Name>
}

/** A quoted message of which the wire tells no more, or nothing that is known. */
export interface QuotedUnknown extends QuotedReference {
  readonly name?: undefined
  readonly data?: undefined
}

/** A message that another one answers, or is about; `name` tells what its `data` is, where there is any. */
export type QuotedMessage = { [Name in MessageName]: QuotedContent<Name> }[MessageName] | QuotedUnknown

/** Every `typeMessage` that is recognized. */
export type TypeMessage = { [Name in EventName]: OwnTypeMessage<Name> }[EventName]

/** Every `typeWebhook` that is recognized. */
export type TypeWebhook = TypeWebhookOfMessage | { [Name in EventName]: OwnTypeWebhook<Name> }[EventName]

/** Why a body could not be recognized. */
export type UnrecognizedReason = 'not-json' | 'not-a-notification' | 'unknown-type' | 'invalid' | 'too-large'

/** One thing that is wrong with a body: where, and what was expected there. Never holds a value of the body. */
export interface WireError {
  /** JSON pointer into `raw`: where it is, or where it was expected. */
  readonly path: string
  readonly message: string
}

/** A body that could not be recognized. It was answered like any other, so that it does not come again. */
export interface Unrecognized extends EventBase {
  /** Tells it from other events. */
  readonly name: 'unrecognized'
  /** Why it could not be recognized. */
  readonly reason: UnrecognizedReason
  /** As on the wire, where it is a string. */
  readonly typeWebhook?: string
  /** As on the wire, where it is a string. */
  readonly typeMessage?: string
  /** What is wrong, where the reason is `invalid`; at most ten. */
  readonly errors: readonly WireError[]
}

/** A notification that was given up, its listeners having failed too often. */
export interface Failed {
  /** Tells it from other events. */
  readonly name: 'failed'
  /** The event that could not be delivered. */
  readonly event: Event | Unrecognized
  /** What its listeners failed with in the last attempt. */
  readonly error: AggregateError
  /** How often it was tried. */
  readonly attempts: number
}

/** A message, however it came; `direction`, `sentBy` and `typeWebhook` tell. */
type Message<Name extends MessageName> = { [TypeWebhook in TypeWebhookOfMessage]: PostedMessage<Name, TypeWebhook> }[TypeWebhookOfMessage] | IncomingRecord<Name> | OutgoingRecord<Name>

/** What a listener to `Type` receives of the kind `Name`. */
type Announced<Name extends EventName, Type> =
  Name extends MessageName
    ? Type extends 'webhook' | Name | OwnTypeMessage<Name> ? Message<Name>
      : Type extends TypeWebhookOfMessage ? PostedMessage<Name, Type>
        : never
    : Name extends NoticeName
      ? Type extends 'webhook' | Name | OwnTypeWebhook<Name> ? Notice<Name> : never
      : never

/**
 * What a listener to this name receives: of several kinds, a union that `name` tells apart;
 * without a name, any recognized notification.
 *
 * @example
 * function remember (event: Event<'interactiveButtons'>) { … }
 */
export type Event<Type extends EventName | TypeMessage | TypeWebhook | 'webhook' | keyof Reports = 'webhook'> =
  { [Name in EventName]: Announced<Name, Type> }[EventName] | (Type extends keyof Reports ? Reports[Type] : never)

/** What tells of notifications that did not reach their listeners. */
interface Reports {
  unrecognized: Unrecognized
  failed: Failed
}

type ByType = { [Type in EventName | TypeMessage | TypeWebhook]: [event: Event<Type>] }

/** What can be listened to, and what each listener receives. */
export interface EventMap extends ByType {
  /** Every recognized notification. */
  webhook: [event: Event]
  /** What could not be recognized. */
  unrecognized: [event: Unrecognized]
  /** What was given up. */
  failed: [event: Failed]
}

/** A name that can be listened to. */
export type ListenableName = keyof EventMap

type ReadOnly<T> = T extends string | number | boolean | null | undefined ? T
  : T extends ReadonlyArray<infer Item> ? ReadonlyArray<ReadOnly<Item>>
    : T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T
