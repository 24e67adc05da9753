import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler'
import type { Static, TSchema } from '@sinclair/typebox'
import type { ListenableName } from '../events.ts'
import type { Definition, MessageDefinition, WebhookDefinition } from './definition.ts'
import { buttonReply } from './button-reply.ts'
import { interactiveButtons } from './interactive-buttons.ts'
import { outgoingMessageStatus } from './outgoing-message-status.ts'
import { JournalRecord, MessageWebhook, Webhook } from './wire.ts'

/**
 * The map of notifications: every kind that is recognized, under the name of its event.
 *
 * Names, types and validators all derive from it. To add a kind, write its definition in a
 * file of its own and name it here.
 */
export const notifications = {
  interactiveButtons,
  buttonReply,
  outgoingMessageStatus
} as const satisfies Record<string, Definition>

/** The map's type. */
export type Notifications = typeof notifications

/** The `data` of the event with this name. */
export type DataOf<Name extends keyof Notifications> = Static<Notifications[Name]['data']>

/** The values of `typeWebhook` that announce a message, and what each says of its origin. */
export const origins = {
  incomingMessageReceived: { direction: 'incoming', sentBy: 'contact' },
  outgoingMessageReceived: { direction: 'outgoing', sentBy: 'phone' },
  outgoingAPIMessageReceived: { direction: 'outgoing', sentBy: 'api' }
} as const

/** What the values of `typeWebhook` say of a message's origin. */
export type Origins = typeof origins

/** A value of `typeWebhook` that announces a message. */
export type TypeWebhookOfMessage = keyof Origins

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

// Object.entries forgets the names of the keys.
const entries = Object.entries(notifications) as Array<[keyof Notifications, Definition]>

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

function namesByOrigin (...names: string[]): MessageKind['names'] {
  return {
    incomingMessageReceived: distinct('webhook', 'incomingMessageReceived', ...names),
    outgoingMessageReceived: distinct('webhook', 'outgoingMessageReceived', ...names),
    outgoingAPIMessageReceived: distinct('webhook', 'outgoingAPIMessageReceived', ...names),
    journal: distinct('webhook', ...names)
  }
}

// Every name comes from the map, from which the type of what can be listened to derives as well.
function distinct (...names: string[]): readonly ListenableName[] {
  return [...new Set(names)] as ListenableName[]
}
