import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import type { TSchema } from '@sinclair/typebox'
import type { EventName } from '../events/event-types.ts'
import type { ListenableName } from '../events/event-map.ts'
import type { Definition, MessageDefinition, ServiceEventDefinition } from '../schemas/definition.ts'
import { MessageWebhook } from '../schemas/envelopes.ts'
import { notifications, origins, type TypeWebhookOfMessage } from '../schemas/index.ts'
import { KindRegistry, type NonEmptyArray } from './type-index.ts'

/** A message's definition made ready: its validator, and the names it is emitted under. */
export interface MessageKind {
  readonly name: EventName
  readonly definition: MessageDefinition
  readonly validator: TypeCheck<TSchema>
  readonly names: Readonly<Record<TypeWebhookOfMessage | 'journal', readonly ListenableName[]>>
}

/** A notice's definition made ready. */
export interface ServiceEventKind {
  readonly name: EventName
  readonly definition: ServiceEventDefinition
  readonly validator: TypeCheck<TSchema>
  readonly names: readonly ListenableName[]
}

/** A value of `typeWebhook` that announces a message, and what it says of its origin. */
export interface MessageOrigin {
  readonly typeWebhook: TypeWebhookOfMessage
  readonly direction: 'incoming' | 'outgoing'
  readonly sentBy: 'contact' | 'phone' | 'api'
}

const originNames = Object.keys(origins) as TypeWebhookOfMessage[]

/** By `typeWebhook`, the origins of messages. */
export const messageOrigins: ReadonlyMap<string, MessageOrigin> = new Map(
  originNames.map((typeWebhook) => [typeWebhook, { typeWebhook, ...origins[typeWebhook] }])
)

/** The validator of what surrounds a posted message; whatever else surrounds a content is only described. */
export const messageEnvelope = TypeCompiler.Compile(MessageWebhook)

// Several kinds have one schema in common.
const validators = new Map<TSchema, TypeCheck<TSchema>>()

// Of an object's keys, TypeScript forgets the names.
const entries = Object.entries<Definition>(notifications) as Array<[EventName, Definition]>

/** By `typeMessage`, the kinds of message that it announces, the owner of the name first. */
export const messageKinds: ReadonlyMap<string, NonEmptyArray<MessageKind>> = indexMessages()

/** By `typeWebhook`, the kinds of notice that it announces, the owners of the name first. */
export const serviceEventKinds: ReadonlyMap<string, NonEmptyArray<ServiceEventKind>> = indexNotices()

function indexMessages () {
  const owners = new KindRegistry<MessageKind>()
  const fallbacks = new KindRegistry<MessageKind>()
  for (const [name, definition] of entries) {
    if (definition.kind !== 'message') continue
    const kind = { name, definition, validator: compile(definition.wire) }
    for (const typeMessage of definition.typeMessages) owners.add(typeMessage, { ...kind, names: namesByOrigin(typeMessage, name) })
    for (const typeMessage of definition.fallbackTypeMessages) fallbacks.add(typeMessage, { ...kind, names: namesByOrigin(name) })
  }
  return owners.mergedWith(fallbacks)
}

function indexNotices () {
  const owners = new KindRegistry<ServiceEventKind>()
  const fallbacks = new KindRegistry<ServiceEventKind>()
  for (const [name, definition] of entries) {
    if (definition.kind !== 'service-event') continue
    const kind = { name, definition, validator: compile(definition.wire) }
    for (const typeWebhook of definition.typeWebhooks) owners.add(typeWebhook, { ...kind, names: distinct('webhook', typeWebhook, name) })
    for (const typeWebhook of definition.fallbackTypeWebhooks) fallbacks.add(typeWebhook, { ...kind, names: distinct('webhook', name) })
  }
  return owners.mergedWith(fallbacks)
}

function compile (schema: TSchema): TypeCheck<TSchema> {
  const validator = validators.get(schema) ?? TypeCompiler.Compile(schema)
  validators.set(schema, validator)
  return validator
}

function namesByOrigin (...names: string[]) {
  const byWebhook = originNames.map((typeWebhook) => [typeWebhook, distinct('webhook', typeWebhook, ...names)])
  return { ...Object.fromEntries(byWebhook), journal: distinct('webhook', ...names) } as MessageKind['names']
}

// Every name comes from the map, from which the type of what can be listened to derives as well.
function distinct (...names: string[]): readonly ListenableName[] {
  return [...new Set(names)] as ListenableName[]
}
