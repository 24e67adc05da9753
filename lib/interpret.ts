import { findContent } from './content.ts'
import type { Event, EventBase, ListenableName } from './events.ts'
import { idOf, identify, type Identity } from './identity.ts'
import { envelopes, messageOrigins, webhookKinds, type MessageOrigin, type WebhookKind } from './kinds.ts'
import { invalid, notANotification, unknownType, type Refusal } from './refusal.ts'
import { isObject, readText, readTimestamp, type Content } from './schemas/wire.ts'

/** A parsed body as the event it announces, and the names that the event is emitted under. */
export interface Interpreted {
  /** Its `id` is `''` where it has no identity. */
  readonly event: Event
  /** `undefined` where the body has no id to make one of. */
  readonly identity: Identity | undefined
  readonly names: readonly ListenableName[]
}

/**
 * Finds, by `typeWebhook` and `typeMessage`, the one kind of notification that a parsed body
 * can be, checks the body against that kind's schemas, and reads it.
 */
export function interpret (raw: unknown): Interpreted | Refusal {
  if (!isObject(raw)) return notANotification
  const { typeWebhook, typeMessage } = raw
  if (typeof typeWebhook === 'string') {
    const origin = messageOrigins.get(typeWebhook)
    if (origin !== undefined) return interpretMessage(raw, origin)
    const kind = webhookKinds.get(typeWebhook)
    return kind === undefined ? unknownType : interpretWebhook(raw, kind)
  }
  return typeof typeMessage === 'string' ? interpretRecord(raw) : notANotification
}

function interpretMessage (raw: Content, { typeWebhook, direction, sentBy }: MessageOrigin): Interpreted | Refusal {
  if (!envelopes.message.Check(raw)) return invalid(envelopes.message, raw)
  const { typeMessage } = raw.messageData
  const found = findContent(typeMessage, raw.messageData, '/messageData')
  if ('reason' in found) return found

  const idInstance = readText(raw.instanceData?.idInstance)
  const identity = identify(raw.idMessage, idInstance, typeWebhook)
  return announce(found.kind.names[typeWebhook], identity, {
    name: found.kind.name,
    id: idOf(identity),
    revision: 1,
    typeWebhook,
    typeMessage,
    idInstance,
    timestamp: readTimestamp(raw.timestamp),
    idMessage: readText(raw.idMessage),
    chatId: readText(raw.senderData?.chatId),
    sender: readText(raw.senderData?.sender),
    direction,
    sentBy,
    data: found.data,
    raw
  })
}

function interpretRecord (raw: Content): Interpreted | Refusal {
  if (!envelopes.record.Check(raw)) return invalid(envelopes.record, raw)
  const { type, typeMessage, statusMessage } = raw
  const found = findContent(typeMessage, raw, '')
  if ('reason' in found) return found

  // Older records do not say their direction, but only outgoing ones have a status.
  const direction = type === 'incoming' || type === 'outgoing' ? type : statusMessage == null ? 'incoming' : 'outgoing'
  const idInstance = readText(raw.instanceData?.idInstance)
  const identity = identify(raw.idMessage, idInstance, `journal-${direction}`, statusMessage ?? '')
  return announce(found.kind.names.journal, identity, {
    name: found.kind.name,
    id: idOf(identity),
    revision: 1,
    typeMessage,
    idInstance,
    timestamp: readTimestamp(raw.timestamp),
    idMessage: readText(raw.idMessage),
    chatId: readText(raw.chatId),
    sender: readText(raw.senderId),
    direction,
    sentBy: direction === 'incoming' ? 'contact' : raw.sendByApi === true ? 'api' : 'phone',
    ...statusMessage != null && { statusMessage },
    data: found.data,
    raw
  })
}

function interpretWebhook (raw: Content, { name, definition, validator, names }: WebhookKind): Interpreted | Refusal {
  if (!envelopes.webhook.Check(raw)) return invalid(envelopes.webhook, raw)
  if (!validator.Check(raw)) return invalid(validator, raw)
  const data = definition.read(raw)
  const idInstance = readText(raw.instanceData?.idInstance)
  const identity = identify(raw.idMessage, idInstance, definition.typeWebhook, definition.identity(data))
  return announce(names, identity, {
    name,
    id: idOf(identity),
    revision: 1,
    typeWebhook: raw.typeWebhook,
    idInstance,
    timestamp: readTimestamp(raw.timestamp),
    idMessage: readText(raw.idMessage),
    chatId: readText(raw.chatId),
    data,
    raw
  })
}

function announce<Announced extends EventBase> (names: readonly ListenableName[], identity: Identity | undefined, event: Announced): Interpreted {
  // The map ties each name to its members; of what is put together at run time no compiler knows.
  return { event: event as EventBase as Event, identity, names }
}
