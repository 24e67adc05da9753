import type { Static, TSchema } from '@sinclair/typebox'
import type { Content } from './values.ts'

/** What every kind of notification says of itself. */
interface DefinitionBase {
  /** What it is, in a few words: README and the OpenAPI description show them. */
  readonly summary: string
  /** GREEN-API's page about it. */
  readonly page: string
}

/** What stands around a message's content. */
export interface MessageContext {
  /** `messageData` of a webhook body, or a whole journal record; of a quoted message what stands beside its id. */
  readonly content: Content
  /** The message that this one quotes or is about; empty where the wire has none. */
  readonly quotedMessage: Content
}

/** A kind of message: what it is called, where its content is, and how that is read. */
export interface MessageDefinition<
  TypeMessage extends string = string,
  Fallback extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema
> extends DefinitionBase {
  readonly kind: 'message'
  /** The values of `typeMessage` that announce it. Each can be listened to. */
  readonly typeMessages: readonly TypeMessage[]
  /** Values of `typeMessage` that belong to another kind and under which this one was seen. */
  readonly fallbackTypeMessages: readonly Fallback[]
  /** Under which members the content may stand, the likeliest first. */
  readonly members: readonly string[]
  /** Which members tell that it stands flat instead, as it may in journal records and quotes. */
  readonly flat: readonly string[]
  /** The content as GREEN-API spells it, in all its spellings. */
  readonly wire: Wire
  /** The content as listeners receive it. */
  readonly data: Data
  /**
   * Reads the checked content, with what stands around it, as an event's `data`.
   *
   * Returns a sentence instead where the content passes its schema and yet says nothing.
   */
  read (wire: Static<Wire>, around: MessageContext): Static<Data> | string
  /**
   * Whether what was read says next to nothing, so that another member which says more is to be
   * preferred. Absent where nothing that is read does.
   */
  isEmpty? (data: Static<Data>): boolean
  /** What the content itself says of the message it quotes or is about, which wins over `quotedMessage`. */
  quoted? (wire: Static<Wire>, around: MessageContext): Content
}

/** A notice, which is a notification that is no message: announced by its `typeWebhook`, its content flat beside it. */
export interface ServiceEventDefinition<
  TypeWebhook extends string = string,
  Fallback extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema
> extends DefinitionBase {
  readonly kind: 'service-event'
  /** The values of `typeWebhook` that announce it. Each can be listened to. */
  readonly typeWebhooks: readonly TypeWebhook[]
  /** Values of `typeWebhook` that belong to another kind and under which this one was seen. */
  readonly fallbackTypeWebhooks: readonly Fallback[]
  /** The members of the body that say it, as GREEN-API spells them. */
  readonly wire: Wire
  /** What they say, as listeners receive it. */
  readonly data: Data
  /**
   * Reads the checked body as an event's `data`.
   *
   * Returns a sentence instead where the body passes its schema and yet says nothing.
   */
  read (wire: Static<Wire>): Static<Data> | string
  /** Which chat it is about, where the body does not say that in `chatId`. */
  chatId? (data: Static<Data>): string
  /**
   * What makes two of them the same, besides the instance and `typeWebhook`: an id, and a state
   * of what has that id. Without it, or where the body lacks the id, its whole content does.
   */
  identity? (body: Content, data: Static<Data>): { id: unknown, state: string }
}

/** Any entry of the map of notifications. */
export type Definition = MessageDefinition | ServiceEventDefinition

/**
 * Defines a kind of message; ties what `read` takes and returns to the schemas beside it. What is
 * published of it forgets the type of `wire`, which nobody asks for and every compiler would read.
 */
export function defineMessage<
  const TypeMessage extends string, Wire extends TSchema, Data extends TSchema, const Fallback extends string = never
> (
  definition: Omit<MessageDefinition<TypeMessage, Fallback, Wire, Data>, 'kind' | 'fallbackTypeMessages' | 'flat'> &
    Partial<Pick<MessageDefinition<TypeMessage, Fallback, Wire, Data>, 'fallbackTypeMessages' | 'flat'>>
): MessageDefinition<TypeMessage, Fallback, TSchema, Data> {
  return { kind: 'message', fallbackTypeMessages: [], flat: [], ...definition }
}

/** Defines a kind of notice, likewise. */
export function defineServiceEvent<
  const TypeWebhook extends string, Wire extends TSchema, Data extends TSchema, const Fallback extends string = never
> (
  definition: Omit<ServiceEventDefinition<TypeWebhook, Fallback, Wire, Data>, 'kind' | 'fallbackTypeWebhooks'> &
    Partial<Pick<ServiceEventDefinition<TypeWebhook, Fallback, Wire, Data>, 'fallbackTypeWebhooks'>>
): ServiceEventDefinition<TypeWebhook, Fallback, TSchema, Data> {
  return { kind: 'service-event', fallbackTypeWebhooks: [], ...definition }
}
