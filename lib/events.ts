import type { DataOf, Notifications, Origins, TypeWebhookOfMessage } from './schemas/index.ts'

/** The name of a recognized notification: what an event's `name` can be. */
export type EventName = keyof Notifications

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
  /** The message's id; `''` where the wire has none. */
  readonly idMessage: string
  /** The chat it stands in: `…@c.us`, `…@g.us`, `…@lid` and others; `''` where the wire has none. */
  readonly chatId: string
  /** The account that wrote it; `''` where the wire has none. */
  readonly sender: string
  /** What became of it, where a journal record says so. */
  readonly statusMessage?: string
}

type MessageName = { [Name in EventName]: Notifications[Name]['kind'] extends 'message' ? Name : never }[EventName]
type OwnTypeMessage<Name extends EventName> =
  Notifications[Name] extends { typeMessages: ReadonlyArray<infer TypeMessage> } ? TypeMessage : never

/** How a message came: through which webhook, from which side, by whose hand. */
type Origin =
  | { [TypeWebhook in TypeWebhookOfMessage]: { readonly typeWebhook: TypeWebhook } & Readonly<Origins[TypeWebhook]> }[TypeWebhookOfMessage]
  | { readonly typeWebhook?: undefined, readonly direction: 'incoming', readonly sentBy: 'contact' }
  | { readonly typeWebhook?: undefined, readonly direction: 'outgoing', readonly sentBy: 'phone' | 'api' }

interface MessageContent<Name extends MessageName> extends MessageBase {
  readonly name: Name
  /** As on the wire. */
  readonly typeMessage: TypeMessage
  readonly data: ReadOnly<DataOf<Name>>
}

interface WebhookContent<Name extends EventName> extends EventBase {
  readonly name: Name
  /** As on the wire. */
  readonly typeWebhook: Notifications[Name] extends { typeWebhook: infer TypeWebhook } ? TypeWebhook : never
  /** The message that it is about; `''` where the wire does not say. */
  readonly idMessage: string
  /** The chat that it is about; `''` where the wire does not say. */
  readonly chatId: string
  readonly data: ReadOnly<DataOf<Name>>
}

/** Every `typeMessage` that is recognized. */
export type TypeMessage = { [Name in EventName]: OwnTypeMessage<Name> }[EventName]

type Recognized<Name extends EventName> = Name extends MessageName
  ? Origin extends infer Each ? Each extends unknown ? MessageContent<Name> & Each : never : never
  : WebhookContent<Name>

/** Why a body could not be recognized. */
export type UnrecognizedReason = 'not-json' | 'not-a-notification' | 'unknown-type' | 'invalid' | 'too-large'

/** One thing that is wrong with a body: where, and what was expected there. Never holds a value of the body. */
export interface WireError {
  /** JSON pointer into `raw`. */
  readonly path: string
  readonly message: string
}

/** A body that could not be recognized. It was answered like any other, so that it does not come again. */
export interface Unrecognized extends EventBase {
  readonly name: 'unrecognized'
  readonly reason: UnrecognizedReason
  /** As on the wire, where it is a string. */
  readonly typeWebhook?: string
  /** As on the wire, where it is a string. */
  readonly typeMessage?: string
  /** At most ten. */
  readonly errors: readonly WireError[]
}

/** A notification that was given up, its listeners having failed too often. */
export interface Failed {
  readonly name: 'failed'
  /** The event that could not be delivered. */
  readonly event: Event | Unrecognized
  /** What its listeners failed with in the last attempt. */
  readonly error: AggregateError
  /** How often it was tried. */
  readonly attempts: number
}

/**
 * An event: with a name, that one; without, any recognized notification, a union that
 * `name` tells apart.
 *
 * @example
 * function remember (event: Event<'interactiveButtons'>) { … }
 */
export type Event<Name extends EventName | 'unrecognized' | 'failed' = EventName> =
  Name extends EventName ? Recognized<Name>
    : Name extends 'unrecognized' ? Unrecognized
      : Failed

type ByName = { [Name in EventName]: [event: Event<Name>] }
type ByTypeWebhook = { [TypeWebhook in TypeWebhookOfMessage]: [event: Extract<Event<MessageName>, { typeWebhook: TypeWebhook }>] }
type ByTypeMessage = {
  [Own in TypeMessage]: [event: { [Name in EventName]: Own extends OwnTypeMessage<Name> ? Event<Name> : never }[EventName]]
}

/** What can be listened to, and what each listener receives. */
export interface EventMap extends ByName, ByTypeWebhook, ByTypeMessage {
  /** Every recognized notification. */
  webhook: [event: Event]
  /** What could not be recognized. */
  unrecognized: [event: Event<'unrecognized'>]
  /** What was given up. */
  failed: [event: Event<'failed'>]
}

/** A name that can be listened to. */
export type ListenableName = keyof EventMap

type ReadOnly<T> = T extends string | number | boolean | null | undefined ? T
  : T extends ReadonlyArray<infer Item> ? ReadonlyArray<ReadOnly<Item>>
    : T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> }
      : T
