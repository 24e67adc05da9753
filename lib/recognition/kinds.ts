import type { TSchema } from '@sinclair/typebox'
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import type { EventName, ListenableName, Reports } from '../events/index.ts'
import type { Definition, MessageDefinition, ServiceEventDefinition } from '../schemas/definition.ts'
import { MessageWebhook } from '../schemas/envelopes.ts'
import { notifications, origins, textNames, type TypeWebhookOfMessage } from '../schemas/index.ts'

/** Returns a compiled validator. It is compiled at the first call: most applications receive few kinds. */
type LazyValidator<Schema extends TSchema = TSchema> = () => TypeCheck<Schema>

/** A kind of message: its definition, its validator, and the names its events are emitted under. */
export interface MessageKind {
  readonly name: EventName
  readonly definition: MessageDefinition
  readonly validator: LazyValidator
  readonly names: Readonly<Record<
    TypeWebhookOfMessage | `journal-${MessageOrigin['direction']}`, readonly ListenableName[]
  >>
}

/** A kind of service event. */
export interface ServiceEventKind {
  readonly name: EventName
  readonly definition: ServiceEventDefinition
  readonly validator: LazyValidator
  readonly names: readonly ListenableName[]
}

/** A `typeWebhook` of messages, and the members of events that follow from it. */
export interface MessageOrigin {
  readonly typeWebhook: TypeWebhookOfMessage
  readonly direction: 'incoming' | 'outgoing'
  readonly sentBy: 'contact' | 'phone' | 'api'
}

export type NonEmptyArray<Item> = readonly [Item, ...Item[]]

/**
 * By type: the kinds that it can announce. The kind with the name of the type is the first.
 *
 * @internal exported for its test
 */
export class KindRegistry<Kind extends { readonly name: string }> extends Map<string, NonEmptyArray<Kind>> {
  add (type: string, kind: Kind): void {
    const kinds = this.get(type)
    if (kinds === undefined) this.set(type, [kind])
    else this.set(type, kind.name === type ? [kind, ...kinds] : [...kinds, kind])
  }

  /** Adds the kinds of the same types in `other` behind the kinds of this registry. */
  mergedWith (other: KindRegistry<Kind>): Map<string, NonEmptyArray<Kind>> {
    return new Map([...this].map(([type, kinds]) => [type, [...kinds, ...other.get(type) ?? []]]))
  }
}

// Object.keys does not keep the type of the keys.
const originNames = Object.keys(origins) as TypeWebhookOfMessage[]

/** By `typeWebhook`. */
export const messageOrigins: ReadonlyMap<string, MessageOrigin> = new Map(
  originNames.map((typeWebhook) => [typeWebhook, { typeWebhook, ...origins[typeWebhook] }])
)

/** The validator of a webhook body with a message, without the content. Other envelopes are not checked. */
export const messageEnvelope = compileLazily(MessageWebhook)

// Several kinds share a schema.
const validators = new Map<TSchema, LazyValidator>()

// Object.entries does not keep the type of the keys.
const definitions = Object.entries<Definition>(notifications) as Array<[EventName, Definition]>

/** By `typeMessage`: the kinds that it can announce, the likeliest first. */
export const messageKinds: ReadonlyMap<string, NonEmptyArray<MessageKind>> = registerMessages()

/** By `typeWebhook`: the kinds that it can announce, the likeliest first. */
export const serviceEventKinds: ReadonlyMap<string, NonEmptyArray<ServiceEventKind>> = registerServiceEvents()

/** By the `typeMessage` of a journal record: the kind of service event that it announces. */
export const journalServiceEventKinds: ReadonlyMap<string, ServiceEventKind> = registerJournalServiceEvents()

function registerMessages () {
  const owners = new KindRegistry<MessageKind>()
  const fallbacks = new KindRegistry<MessageKind>()
  for (const [name, definition] of definitions) {
    if (definition.kind !== 'message') continue
    const kind = { name, definition, validator: validatorOf(definition.wire) }
    for (const typeMessage of definition.typeMessages) {
      owners.add(typeMessage, { ...kind, names: namesByOrigin(name, typeMessage) })
    }
    for (const typeMessage of definition.fallbackTypeMessages) {
      fallbacks.add(typeMessage, { ...kind, names: namesByOrigin(name) })
    }
  }
  return owners.mergedWith(fallbacks)
}

function registerServiceEvents () {
  const owners = new KindRegistry<ServiceEventKind>()
  const fallbacks = new KindRegistry<ServiceEventKind>()
  for (const [name, definition] of definitions) {
    if (definition.kind !== 'service-event') continue
    const kind = { name, definition, validator: validatorOf(definition.wire) }
    for (const typeWebhook of definition.typeWebhooks) {
      owners.add(typeWebhook, { ...kind, names: distinct('webhook', typeWebhook, name) })
    }
    for (const typeWebhook of definition.fallbackTypeWebhooks) {
      fallbacks.add(typeWebhook, { ...kind, names: distinct('webhook', name) })
    }
  }
  return owners.mergedWith(fallbacks)
}

function registerJournalServiceEvents () {
  return new Map(definitions.flatMap(([name, definition]) => {
    if (definition.kind !== 'service-event') return []
    const kind = { name, definition, validator: validatorOf(definition.wire), names: distinct('webhook', name) }
    return definition.journalTypeMessages.map((typeMessage) => [typeMessage, kind] as const)
  }))
}

function validatorOf (schema: TSchema): LazyValidator {
  const validator = validators.get(schema) ?? compileLazily(schema)
  validators.set(schema, validator)
  return validator
}

function compileLazily<Schema extends TSchema> (schema: Schema): LazyValidator<Schema> {
  let compiled: TypeCheck<Schema> | undefined
  return () => (compiled ??= TypeCompiler.Compile(schema))
}

function namesByOrigin (name: EventName, typeMessage: string = name): MessageKind['names'] {
  const namesOf = (direction: MessageOrigin['direction'], ...typeWebhooks: string[]) => {
    const isIncomingText = direction === 'incoming' && textNames.some((text) => text === name)
    return distinct('webhook', ...typeWebhooks, typeMessage, name, ...isIncomingText ? ['incomingText'] : [])
  }
  const byOrigin = originNames.map((each) => [each, namesOf(origins[each].direction, each)])
  return {
    // Object.fromEntries does not keep the type of the keys.
    ...Object.fromEntries(byOrigin) as Record<TypeWebhookOfMessage, readonly ListenableName[]>,
    'journal-incoming': namesOf('incoming'),
    'journal-outgoing': namesOf('outgoing')
  }
}

/** Every name that listeners can subscribe to. */
export const listenableNames: readonly ListenableName[] = distinct(
  ...[...messageKinds.values()].flat().flatMap(({ names }) => Object.values(names).flat()),
  ...[...serviceEventKinds.values()].flat().flatMap(({ names }) => names),
  ...Object.keys({ unrecognized: true, failed: true, pollingStopped: true } satisfies Record<keyof Reports, true>)
)

function distinct (...names: string[]): readonly ListenableName[] {
  // Every name is from the definitions, and ListenableName derives from them.
  return [...new Set(names)] as ListenableName[]
}
