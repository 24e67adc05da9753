import type { TSchema } from '@sinclair/typebox'
import type { TypeCheck } from '@sinclair/typebox/compiler'
import type { Event, ListenableName, UnrecognizedReason, WireError } from './events.ts'
import { envelopes, messageKinds, webhookKinds, type MessageKind, type WebhookKind } from './kinds.ts'
import { origins, type TypeWebhookOfMessage } from './schemas/index.ts'
import { isObject, readId, readTimestamp, type Content } from './schemas/wire.ts'

/** A parsed body as the event it announces, and the names that the event is emitted under. */
export interface Interpreted {
  /** Its `id` is `''` where the body has no id to make one of. */
  readonly event: Event
  readonly names: readonly ListenableName[]
}

/** Why a parsed body announces no event. */
export interface NotInterpreted {
  readonly reason: UnrecognizedReason
  readonly errors: readonly WireError[]
}

/**
 * Finds, by `typeWebhook` and `typeMessage`, the one kind of notification that a parsed body
 * can be, checks the body against that kind's schemas, and reads it.
 */
export function interpret (raw: unknown): Interpreted | NotInterpreted {
  if (!isObject(raw)) return notANotification
  const { typeWebhook, typeMessage } = raw
  if (typeof typeWebhook === 'string') {
    if (isOrigin(typeWebhook)) return interpretMessage(raw, typeWebhook)
    const kind = webhookKinds.get(typeWebhook)
    return kind === undefined ? unknownType : interpretWebhook(raw, kind)
  }
  return typeof typeMessage === 'string' ? interpretRecord(raw) : notANotification
}

const notANotification: NotInterpreted = { reason: 'not-a-notification', errors: [] }
const unknownType: NotInterpreted = { reason: 'unknown-type', errors: [] }

function isOrigin (typeWebhook: string): typeWebhook is TypeWebhookOfMessage {
  return Object.hasOwn(origins, typeWebhook)
}

function interpretMessage (raw: Content, typeWebhook: TypeWebhookOfMessage): Interpreted | NotInterpreted {
  if (!envelopes.message.Check(raw)) return invalid(envelopes.message, raw)
  const { typeMessage } = raw.messageData
  const found = findContent(typeMessage, raw.messageData, '/messageData')
  if ('reason' in found) return found

  const { direction, sentBy } = origins[typeWebhook]
  const idInstance = readId(raw.instanceData?.idInstance)
  const idMessage = readId(raw.idMessage)
  const event = {
    name: found.kind.name,
    id: idMessage === '' ? '' : `${idInstance}:${typeWebhook}:${idMessage}`,
    revision: 1,
    typeWebhook,
    typeMessage,
    idInstance,
    timestamp: readTimestamp(raw.timestamp),
    idMessage,
    chatId: readId(raw.senderData?.chatId),
    sender: readId(raw.senderData?.sender),
    direction,
    sentBy,
    data: found.data,
    raw
  }
  return { event: event as Event, names: found.kind.names[typeWebhook] }
}

function interpretRecord (raw: Content): Interpreted | NotInterpreted {
  if (!envelopes.record.Check(raw)) return invalid(envelopes.record, raw)
  const { type, typeMessage, statusMessage } = raw
  const found = findContent(typeMessage, raw, '')
  if ('reason' in found) return found

  // Older records do not say their direction, but only outgoing ones have a status.
  const incoming = type == null ? statusMessage == null : type === 'incoming'
  const idMessage = readId(raw.idMessage)
  const event = {
    name: found.kind.name,
    id: idMessage === '' ? '' : `${type ?? ''}:${idMessage}:${statusMessage ?? ''}`,
    revision: 1,
    typeMessage,
    idInstance: '',
    timestamp: readTimestamp(raw.timestamp),
    idMessage,
    chatId: readId(raw.chatId),
    sender: readId(raw.senderId),
    direction: incoming ? 'incoming' : 'outgoing',
    sentBy: incoming ? 'contact' : raw.sendByApi === true ? 'api' : 'phone',
    ...statusMessage != null && { statusMessage },
    data: found.data,
    raw
  }
  return { event: event as Event, names: found.kind.names.journal }
}

function interpretWebhook (raw: Content, { name, definition, validator, names }: WebhookKind): Interpreted | NotInterpreted {
  if (!envelopes.webhook.Check(raw)) return invalid(envelopes.webhook, raw)
  if (!validator.Check(raw)) return invalid(validator, raw)
  const data = definition.read(raw)
  const idInstance = readId(raw.instanceData?.idInstance)
  const idMessage = readId(raw.idMessage)
  const event = {
    name,
    id: idMessage === '' ? '' : `${idInstance}:${raw.typeWebhook}:${idMessage}:${definition.identity(data)}`,
    revision: 1,
    typeWebhook: raw.typeWebhook,
    idInstance,
    timestamp: readTimestamp(raw.timestamp),
    idMessage,
    chatId: readId(raw.chatId),
    data,
    raw
  }
  return { event: event as Event, names }
}

// The first member that holds what one of the kinds can read; the errors of the likeliest otherwise.
function findContent (typeMessage: string, content: Content, path: string): { kind: MessageKind, data: unknown } | NotInterpreted {
  const kinds = messageKinds.get(typeMessage)
  if (kinds === undefined) return unknownType
  let refusal: NotInterpreted | undefined
  for (const kind of kinds) {
    for (const member of kind.definition.members) {
      const wire = content[member]
      if (wire == null) continue
      if (!kind.validator.Check(wire)) {
        refusal ??= invalid(kind.validator, wire, `${path}/${member}`)
        continue
      }
      const data = kind.definition.read(wire, content)
      if (typeof data !== 'string') return { kind, data }
      refusal ??= { reason: 'invalid', errors: [{ path: `${path}/${member}`, message: data }] }
    }
  }
  return refusal ?? { reason: 'invalid', errors: [{ path: `${path}/${typeMessage}`, message: 'Expected the content of the message' }] }
}

function invalid (validator: TypeCheck<TSchema>, value: unknown, path = ''): NotInterpreted {
  const found = validator.Errors(value)[Symbol.iterator]()
  const errors: WireError[] = []
  while (errors.length < 10) {
    const { done, value: error } = found.next()
    if (done === true) break
    errors.push({ path: path + error.path, message: error.message })
  }
  return { reason: 'invalid', errors }
}
