import type { Known } from '../schemas/values.ts'
import type { Button } from '../schemas/buttons.ts'
import type { Notifications, Origins, StaticData, TypeWebhookOfMessage } from '../schemas/index.ts'

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
export type ServiceEventName = Exclude<EventName, MessageName>

/** The values of `typeMessage` that announce the kind, and those that were seen to. */
export type OwnTypeMessage<Name extends EventName> =
  Notifications[Name] extends { typeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never
type FallbackTypeMessage<Name extends EventName> =
  Notifications[Name] extends { fallbackTypeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never

/** The values of `typeWebhook` that announce the kind, and those that were seen to. */
export type OwnTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { typeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never
type FallbackTypeWebhook<Name extends EventName> =
  Notifications[Name] extends { fallbackTypeWebhooks: ReadonlyArray<infer TypeWebhook> } ? TypeWebhook : never

interface MessageContent<Name extends MessageName> extends MessageBase {
  /** What it is; tells the members of a union apart. */
  readonly name: Name
  /** As on the wire. */
  readonly typeMessage: OwnTypeMessage<Name> | FallbackTypeMessage<Name>
  /** What it says, in one shape, however the wire spells it. */
  readonly data: DataOf<Name>
}

/** A message that a webhook body brought; its `typeWebhook` says from which side, by whose hand. */
export interface WebhookMessage<Name extends MessageName, TypeWebhook extends TypeWebhookOfMessage> extends MessageContent<Name> {
  /** As on the wire. */
  readonly typeWebhook: TypeWebhook
  /** From which side. */
  readonly direction: Origins[TypeWebhook]['direction']
  /** By whose hand. */
  readonly sentBy: Origins[TypeWebhook]['sentBy']
}

/** A message to the instance, from its journal. */
export interface IncomingJournalMessage<Name extends MessageName> extends MessageContent<Name> {
  /** A journal record has none. */
  readonly typeWebhook?: undefined
  /** From which side. */
  readonly direction: 'incoming'
  /** By whose hand. */
  readonly sentBy: 'contact'
}

/** A message from the instance, from its journal. */
export interface OutgoingJournalMessage<Name extends MessageName> extends MessageContent<Name> {
  /** A journal record has none. */
  readonly typeWebhook?: undefined
  /** From which side. */
  readonly direction: 'outgoing'
  /** By whose hand; `phone` also where the record does not say, as old ones do not. */
  readonly sentBy: 'phone' | 'api'
}

/** A notification that is no message. */
export interface ServiceEvent<Name extends ServiceEventName> extends EventBase {
  /** What it is; tells the members of a union apart. */
  readonly name: Name
  /** As on the wire. */
  readonly typeWebhook: OwnTypeWebhook<Name> | FallbackTypeWebhook<Name>
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
export interface UnknownQuotedMessage extends QuotedReference {
  readonly name?: undefined
  readonly data?: undefined
}

/** A message that another one answers, or is about; `name` tells what its `data` is, where there is any. */
export type QuotedMessage = { [Name in MessageName]: QuotedContent<Name> }[MessageName] | UnknownQuotedMessage

// Buttons are read-only already, and an editor shows their names.
type ReadOnly<T> = T extends string | number | boolean | null | undefined | Button ? T
  : T extends ReadonlyArray<infer Item> ? ReadonlyArray<ReadOnly<Item>>
    : T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T
