import type { Static, TSchema } from '@sinclair/typebox'
import type { Content } from './wire.ts'

/** A kind of message: what it is called, where its content is, and how that is read. */
export interface MessageDefinition<
  TypeMessage extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema
> {
  kind: 'message'
  /** The values of `typeMessage` that announce it. Each can be listened to. */
  typeMessages: readonly TypeMessage[]
  /** Values of `typeMessage` that belong to another kind and under which this one was seen. */
  strayTypeMessages: readonly string[]
  /** Under which members the content may stand, the likeliest first. */
  members: readonly string[]
  /** The content as GREEN-API spells it, in all its spellings. */
  wire: Wire
  /** The content as listeners receive it. */
  data: Data
  /**
   * Reads the checked content, with what stands around it, as an event's `data`.
   *
   * Returns a sentence instead where the content passes its schema and yet says nothing.
   */
  read (wire: Static<Wire>, around: Content): Static<Data> | string
}

/** A notification that is no message: announced by its `typeWebhook`, its content flat beside it. */
export interface WebhookDefinition<
  TypeWebhook extends string = string,
  Wire extends TSchema = TSchema,
  Data extends TSchema = TSchema
> {
  kind: 'webhook'
  typeWebhook: TypeWebhook
  wire: Wire
  data: Data
  read (wire: Static<Wire>): Static<Data>
  /** What tells two notifications of one `idMessage` apart. */
  identity (data: Static<Data>): string
}

/** Any entry of the map of notifications. */
export type Definition = MessageDefinition | WebhookDefinition

/** Defines a kind of message; ties what `read` takes and returns to the schemas beside it. */
export function defineMessage<const TypeMessage extends string, Wire extends TSchema, Data extends TSchema> (
  definition: Omit<MessageDefinition<TypeMessage, Wire, Data>, 'kind' | 'strayTypeMessages'> & { strayTypeMessages?: readonly string[] }
): MessageDefinition<TypeMessage, Wire, Data> {
  return { kind: 'message', strayTypeMessages: [], ...definition }
}

/** Defines a notification that is no message. */
export function defineWebhook<const TypeWebhook extends string, Wire extends TSchema, Data extends TSchema> (
  definition: Omit<WebhookDefinition<TypeWebhook, Wire, Data>, 'kind'>
): WebhookDefinition<TypeWebhook, Wire, Data> {
  return { kind: 'webhook', ...definition }
}
