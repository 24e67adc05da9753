import type { Static, TSchema } from '@sinclair/typebox'
import type { Content } from './values.ts'

interface DefinitionBase {
  /** A short noun phrase for the README and OpenAPI documents, such as `'a poll'`. */
  readonly summary: string
  /** The URL of GREEN-API's documentation. */
  readonly page: string
}

/** The message that a content is part of. */
export interface ContentContext {
  /** `messageData` of a webhook body, a whole journal record, or a quoted message without its id. */
  readonly content: Content
  /** The message that this message quotes or refers to; empty if there is none. */
  readonly quotedMessage: Content
}

/** A kind of message: how it is recognized, where its content is and how the content is read. */
export interface MessageDefinition<
  TypeMessage extends string = string,
  Fallback extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema
> extends DefinitionBase {
  readonly kind: 'message'
  /** The values of `typeMessage` of this kind. Each is also an event name. */
  readonly typeMessages: readonly TypeMessage[]
  /** Values of `typeMessage` of another kind under which this kind was also seen. */
  readonly fallbackTypeMessages: readonly Fallback[]
  /** The members that can contain the content, the most likely first. */
  readonly members: readonly string[]
  /** Members that show that the content is flat, which it can be in journal records and quoted messages. */
  readonly flat: readonly string[]
  /** The schema of the content on the wire, in all its variants. */
  readonly wire: Wire
  /** The schema of an event's `data`. */
  readonly data: Data
  /** Reads content that passed `wire` as `data`. Returns an error message if the content is meaningless. */
  read (wire: Static<Wire>, context: ContentContext): Static<Data> | string
  /** Whether `data` is so empty that another member with content is preferred. Default: never. */
  isEmpty? (data: Static<Data>): boolean
  /** The reference to the quoted message in the content itself. It overrides `quotedMessage`. */
  quoted? (wire: Static<Wire>, context: ContentContext): Content
}

/** A kind of service event: a notification that is not a message. Its content is flat in the webhook body. */
export interface ServiceEventDefinition<
  TypeWebhook extends string = string,
  Fallback extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema,
  JournalType extends string = string
> extends DefinitionBase {
  readonly kind: 'service-event'
  /** The values of `typeWebhook` of this kind. Each is also an event name. */
  readonly typeWebhooks: readonly TypeWebhook[]
  /** Values of `typeWebhook` of another kind under which this kind was also seen. */
  readonly fallbackTypeWebhooks: readonly Fallback[]
  /** The values of `typeMessage` of journal records of this kind, such as those of calls. */
  readonly journalTypeMessages: readonly JournalType[]
  /** The schema of the body's members on the wire. */
  readonly wire: Wire
  /** The schema of an event's `data`. */
  readonly data: Data
  /** Reads a body that passed `wire` as `data`. Returns an error message if the body is meaningless. */
  read (wire: Static<Wire>): Static<Data> | string
  /** The chat id, if the body does not have it in `chatId`. */
  chatId? (data: Static<Data>): string
  /**
   * Two notifications are the same if they have the same instance, `typeWebhook`, id and state. Without this function,
   * or if the body has no id, the whole content is compared.
   */
  identity? (body: Content, data: Static<Data>): { id: unknown, state: string }
}

/** A kind of notification. */
export type Definition = MessageDefinition | ServiceEventDefinition

/**
 * Defines a kind of message. It ties the types of `read` to the schemas.
 *
 * The returned type omits the type of `wire`, which nobody needs and which would slow down the user's compiler.
 */
export function defineMessage<
  const TypeMessage extends string, Wire extends TSchema, Data extends TSchema, const Fallback extends string = never
> (
  definition: Omit<MessageDefinition<TypeMessage, Fallback, Wire, Data>, 'kind' | 'fallbackTypeMessages' | 'flat'> &
    Partial<Pick<MessageDefinition<TypeMessage, Fallback, Wire, Data>, 'fallbackTypeMessages' | 'flat'>>
): MessageDefinition<TypeMessage, Fallback, TSchema, Data> {
  return { kind: 'message', fallbackTypeMessages: [], flat: [], ...definition }
}

/** Defines a kind of service event. The returned type omits the type of `wire`, as that of `defineMessage` does. */
export function defineServiceEvent<
  const TypeWebhook extends string, Wire extends TSchema, Data extends TSchema, const Fallback extends string = never,
  const JournalType extends string = never
> (
  definition: Omit<ServiceEventDefinition<TypeWebhook, Fallback, Wire, Data, JournalType>, 'kind' | Optional> &
    Partial<Pick<ServiceEventDefinition<TypeWebhook, Fallback, Wire, Data, JournalType>, Optional>>
): ServiceEventDefinition<TypeWebhook, Fallback, TSchema, Data, JournalType> {
  return { kind: 'service-event', fallbackTypeWebhooks: [], journalTypeMessages: [], ...definition }
}

type Optional = 'fallbackTypeWebhooks' | 'journalTypeMessages'
