import type { PollingError } from '../errors.ts'
import type {
  EventBase, EventName, IncomingJournalMessage, MessageName, ServiceEvent, ServiceEventName, OutgoingJournalMessage, OwnTypeMessage, OwnTypeWebhook, WebhookMessage
} from './event-types.ts'
import type { TypeWebhookOfMessage } from '../schemas/index.ts'

/** Every `typeMessage` that is recognized. */
export type TypeMessage = { [Name in EventName]: OwnTypeMessage<Name> }[EventName]

/** Every `typeWebhook` that is recognized. */
export type TypeWebhook = TypeWebhookOfMessage | { [Name in EventName]: OwnTypeWebhook<Name> }[EventName]

/** Why a body could not be recognized. */
export type UnrecognizedReason = 'not-json' | 'not-a-notification' | 'unknown-type' | 'invalid' | 'too-large'

/** One thing that is wrong with a body: where, and what was expected there. Never holds a value of the body. */
export interface ValidationIssue {
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
  readonly errors: readonly ValidationIssue[]
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

/** An instance that is no longer polled, and will not be until the server is started anew. */
export interface PollingStopped {
  /** Tells it from other events. */
  readonly name: 'pollingStopped'
  /** The instance. */
  readonly idInstance: string
  /** Why, and what to do. */
  readonly error: PollingError
}

/** A message, however it came; `direction`, `sentBy` and `typeWebhook` tell. */
type Message<Name extends MessageName> = { [TypeWebhook in TypeWebhookOfMessage]: WebhookMessage<Name, TypeWebhook> }[TypeWebhookOfMessage] | IncomingJournalMessage<Name> | OutgoingJournalMessage<Name>

/** What a listener to `Type` receives of the kind `Name`. */
type Announced<Name extends EventName, Type> =
  Name extends MessageName
    ? Type extends 'webhook' | Name | OwnTypeMessage<Name> ? Message<Name>
      : Type extends TypeWebhookOfMessage ? WebhookMessage<Name, Type>
        : never
    : Name extends ServiceEventName
      ? Type extends 'webhook' | Name | OwnTypeWebhook<Name> ? ServiceEvent<Name> : never
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

/** What tells of notifications that did not reach their listeners, or no longer come. */
interface Reports {
  unrecognized: Unrecognized
  failed: Failed
  pollingStopped: PollingStopped
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
  /** An instance that is no longer polled. */
  pollingStopped: [event: PollingStopped]
}

/** A name that can be listened to. */
export type ListenableName = keyof EventMap
