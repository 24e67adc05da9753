import type { PollingError } from '../errors.ts'
import type { TextName, TypeWebhookOfMessage } from '../schemas/index.ts'
import type {
  ChatKind, EventBase, EventName, IncomingJournalMessage, JournalServiceEvent, JournalServiceEventName, MessageName,
  OutgoingJournalMessage, OwnTypeMessage, OwnTypeWebhook, ServiceEvent, ServiceEventName, WebhookMessage
} from './event-types.ts'

/** A `typeMessage` that is recognized. */
export type TypeMessage = { [Name in EventName]: OwnTypeMessage<Name> }[EventName]

/** A `typeWebhook` that is recognized. */
export type TypeWebhook = TypeWebhookOfMessage | { [Name in EventName]: OwnTypeWebhook<Name> }[EventName]

/**
 * Why a body is not recognized:
 *
 * - `not-json`: it is not JSON.
 * - `not-a-notification`: it has neither a `typeWebhook` nor the form of a journal message.
 * - `unknown-type`: its `typeWebhook` or `typeMessage` is unknown.
 * - `invalid`: its type is known, but a member is missing or has a wrong type; see `errors`.
 * - `too-large`: it is larger than `bodyLimit`.
 */
export type UnrecognizedReason = 'not-json' | 'not-a-notification' | 'unknown-type' | 'invalid' | 'too-large'

/** One validation error of a body. It never contains a value of the body. */
export interface ValidationIssue {
  /** A JSON pointer into `raw`, to the invalid or missing member. */
  readonly path: string
  /** What was expected there. */
  readonly message: string
}

/**
 * A body that is not recognized. It is answered 200 like any other notification, so it does not block the queue.
 *
 * The members about the message are read from the parts of the body that have the usual form. They are absent if the
 * body does not contain them.
 */
export interface Unrecognized extends EventBase {
  /** Distinguishes it from other events. */
  readonly name: 'unrecognized'
  /** Why it is not recognized. */
  readonly reason: UnrecognizedReason
  /** GREEN-API's `typeWebhook`, if it is a string. */
  readonly typeWebhook?: string
  /** GREEN-API's `typeMessage`, if it is a string. */
  readonly typeMessage?: string
  /** The id of the message, if the body contains it. */
  readonly idMessage?: string
  /** The id of the chat, if the body contains it. */
  readonly chatId?: string
  /** The kind of the chat, as in messages, if the body contains the chat. */
  readonly chatKind?: ChatKind
  /** The account that wrote the message, if the body contains it. */
  readonly sender?: string
  /** The name of the sender, if the body contains it. */
  readonly senderName?: string
  /** Whether the instance received or sent the message, if it is one. */
  readonly direction?: 'incoming' | 'outgoing'
  /** The validation errors if the reason is `invalid`, at most ten. */
  readonly errors: readonly ValidationIssue[]
}

/** A notification whose attempts all failed: a dead letter. */
export interface Failed {
  /** Distinguishes it from other events. */
  readonly name: 'failed'
  /** The event that was not delivered. */
  readonly event: Event | Unrecognized
  /** The errors of the listeners in the last attempt. */
  readonly error: AggregateError
  /** The number of attempts that were made. */
  readonly attempts: number
}

/** An instance that is not polled any more until the server restarts. */
export interface PollingStopped {
  /** Distinguishes it from other events. */
  readonly name: 'pollingStopped'
  /** The id of the instance. */
  readonly idInstance: string
  /** The reason, and the fix. */
  readonly error: PollingError
}

/** A message from any source; `direction`, `sentBy` and `typeWebhook` distinguish them. */
type Message<Name extends MessageName> =
  | { [Type in TypeWebhookOfMessage]: WebhookMessage<Name, Type> }[TypeWebhookOfMessage]
  | IncomingJournalMessage<Name>
  | OutgoingJournalMessage<Name>

type IncomingText<Name extends MessageName> =
  Name extends TextName ? WebhookMessage<Name, 'incomingMessageReceived'> | IncomingJournalMessage<Name> : never

/** The events of kind `Name` that are emitted under `Type`. */
type Emitted<Name extends EventName, Type> =
  Name extends MessageName
    ? Type extends 'webhook' | Name | OwnTypeMessage<Name> ? Message<Name>
      : Type extends TypeWebhookOfMessage ? WebhookMessage<Name, Type>
        : Type extends 'incomingText' ? IncomingText<Name>
          : never
    : Name extends ServiceEventName
      ? Type extends 'webhook' | Name | OwnTypeWebhook<Name>
        ? ServiceEvent<Name> | (Name extends JournalServiceEventName ? JournalServiceEvent<Name> : never)
        : never
      : never

/**
 * The event that a listener for `Type` receives: a union if several kinds are emitted under it, distinguished
 * by `name`. Without `Type`, any recognized notification.
 *
 * @example
 * function save (event: Event<'interactiveButtons'>) { … }
 */
export type Event<Type extends ListenableName = 'webhook'> =
  | { [Name in EventName]: Emitted<Name, Type> }[EventName]
  | (Type extends keyof Reports ? Reports[Type] : never)

/** The events about notifications that did not reach their listeners, or do not arrive any more. */
export interface Reports {
  unrecognized: Unrecognized
  failed: Failed
  pollingStopped: PollingStopped
}

type ByType = { [Type in EventName | TypeMessage | TypeWebhook]: [event: Event<Type>] }

/** The names that listeners can subscribe to, and what they receive. */
export interface EventMap extends ByType {
  /** Every recognized notification. */
  webhook: [event: Event]
  /**
   * A text that the instance received: a `textMessage`, `extendedTextMessage` or `quotedMessage`. It is not emitted for
   * messages that the instance sent or for an `editedMessage`.
   */
  incomingText: [event: Event<'incomingText'>]
  /** A body that is not recognized. */
  unrecognized: [event: Unrecognized]
  /** A notification whose attempts all failed. */
  failed: [event: Failed]
  /** An instance that is not polled any more. */
  pollingStopped: [event: PollingStopped]
  /** @deprecated This is GREEN-API's type for some menus, not for taps. Use `buttonReply` or `interactiveButtons`. */
  interactiveButtonsReply: [event: Event<'interactiveButtonsReply'>]
  /** @deprecated This is GREEN-API's type for some menus, not for taps. Use `buttonReply` or `interactiveButtons`. */
  interactiveButtonReply: [event: Event<'interactiveButtonReply'>]
}

/** GREEN-API's types for some menus, whose names look like those of taps. */
export type MisleadingName = 'interactiveButtonsReply' | 'interactiveButtonReply'

/** A name that listeners can subscribe to. */
export type ListenableName = EventName | TypeMessage | TypeWebhook | 'webhook' | 'incomingText' | keyof Reports
