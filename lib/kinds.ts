import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import type { TSchema } from '@sinclair/typebox'
import type { ListenableName } from './events.ts'
import type { Definition, MessageDefinition, WebhookDefinition } from './schemas/definition.ts'
import { notifications, origins, type Notifications, type TypeWebhookOfMessage } from './schemas/index.ts'
import { JournalRecord, MessageWebhook, Webhook } from './schemas/wire.ts'

/** A message's definition made ready: its validator, and the names it is emitted under. */
export interface MessageKind {
  readonly name: keyof Notifications
  readonly definition: MessageDefinition
  readonly validator: TypeCheck<TSchema>
  readonly names: Readonly<Record<TypeWebhookOfMessage | 'journal', readonly ListenableName[]>>
}

/** A definition of what is no message, made ready. */
export interface WebhookKind {
  readonly name: keyof Notifications
  readonly definition: WebhookDefinition
  readonly validator: TypeCheck<TSchema>
  readonly names: readonly ListenableName[]
}

// Of an object's keys, TypeScript forgets the names.
const entries = Object.entries(notifications) as Array<[keyof Notifications, Definition]>

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

/** The validators of what surrounds the content. */
export const envelopes = {
  message: TypeCompiler.Compile(MessageWebhook),
  webhook: TypeCompiler.Compile(Webhook),
  record: TypeCompiler.Compile(JournalRecord)
}

/** By `typeMessage`, the kinds of message that it announces, the owner of the name first. */
export const messageKinds: ReadonlyMap<string, readonly MessageKind[]> = indexMessages()

/** By `typeWebhook`, the kinds of notification that are no message. */
export const webhookKinds: ReadonlyMap<string, WebhookKind> = indexWebhooks()

function indexMessages () {
  const owners = new Map<string, MessageKind>()
  const strays = new Map<string, MessageKind[]>()
  for (const [name, definition] of entries) {
    if (definition.kind !== 'message') continue
    const validator = TypeCompiler.Compile(definition.wire)
    for (const typeMessage of definition.typeMessages) {
      owners.set(typeMessage, { name, definition, validator, names: namesByOrigin(typeMessage, name) })
    }
    for (const typeMessage of definition.strayTypeMessages) {
      strays.set(typeMessage, [...strays.get(typeMessage) ?? [], { name, definition, validator, names: namesByOrigin(name) }])
    }
  }
  return new Map([...owners].map(([typeMessage, owner]) => [typeMessage, [owner, ...strays.get(typeMessage) ?? []]]))
}

function indexWebhooks () {
  const index = new Map<string, WebhookKind>()
  for (const [name, definition] of entries) {
    if (definition.kind !== 'webhook') continue
    const validator = TypeCompiler.Compile(definition.wire)
    index.set(definition.typeWebhook, { name, definition, validator, names: distinct('webhook', definition.typeWebhook, name) })
  }
  return index
}

function namesByOrigin (...names: string[]) {
  const byWebhook = originNames.map((typeWebhook) => [typeWebhook, distinct('webhook', typeWebhook, ...names)])
  return { ...Object.fromEntries(byWebhook), journal: distinct('webhook', ...names) } as MessageKind['names']
}

// Every name comes from the map, from which the type of what can be listened to derives as well.
function distinct (...names: string[]): readonly ListenableName[] {
  return [...new Set(names)] as ListenableName[]
}
