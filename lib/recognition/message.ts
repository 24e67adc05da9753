import { findContent, type Found } from './message-content.ts'
import type { EventBase } from '../events/event-types.ts'
import { formatIdentity, identify } from './identity.ts'
import { recognized, type Recognized } from './interpreted.ts'
import { messageEnvelope, type MessageOrigin } from './kinds.ts'
import { readQuotedMessage } from './quoted-message.ts'
import { invalid, type RecognitionFailure } from './result.ts'
import type { ContentContext } from '../schemas/definition.ts'
import { isQuote } from '../schemas/envelopes.ts'
import { isObject, readBoolean, readBooleans, readFirst, readNumber, readText, readTexts, readTimestamp, type Content } from '../schemas/values.ts'

const nothing: Content = {}

/** A message whose content was found, and what the way it came says of it. */
interface Received {
  readonly raw: Content
  readonly body: Content
  readonly instanceData: Content
  readonly typeWebhook?: string
  readonly typeMessage: string
  readonly senderData: Content
  readonly direction: 'incoming' | 'outgoing'
  readonly sentBy: 'contact' | 'phone' | 'api'
  readonly id: string
}

/** Reads a webhook body about a message. */
export function interpretMessage (raw: Content, { typeWebhook, direction, sentBy }: MessageOrigin): Recognized | RecognitionFailure {
  const body = withMessageData(raw)
  if (!messageEnvelope.Check(body)) return invalid(messageEnvelope, body)
  const { typeMessage } = body.messageData
  const found = findContent(typeMessage, surround(body.messageData, raw.quotedMessage), body === raw ? '/messageData' : '')
  if ('reason' in found) return found

  const instanceData = objectOf(body.instanceData)
  const identity = identify(body.idMessage, readText(instanceData.idInstance), typeWebhook)
  const senderData = objectOf(body.senderData)
  const message = readMessage({ raw, body, instanceData, typeWebhook, typeMessage, senderData, direction, sentBy, id: formatIdentity(identity) }, found)
  return recognized(found.kind.names[typeWebhook], identity, message)
}

/** Reads a journal record, which stands for a message in a flat spelling. */
export function interpretRecord (raw: Content, typeMessage: string): Recognized | RecognitionFailure {
  const { type } = raw
  const found = findContent(typeMessage, surround(raw), '')
  if ('reason' in found) return found

  const statusMessage = readText(raw.statusMessage)
  // Older records do not say their direction, but only outgoing ones have a status.
  const direction = type === 'incoming' || type === 'outgoing' ? type : statusMessage === '' ? 'incoming' : 'outgoing'
  const sentBy = direction === 'incoming' ? 'contact' : readBoolean(raw.sendByApi) === true ? 'api' : 'phone'
  const instanceData = objectOf(raw.instanceData)
  const identity = identify(raw.idMessage, readText(instanceData.idInstance), `journal-${direction}`, statusMessage)
  const senderData = { ...raw, sender: raw.senderId }
  const message = readMessage({ raw, body: raw, instanceData, typeMessage, senderData, direction, sentBy, id: formatIdentity(identity) }, found)
  return recognized(found.kind.names.journal, identity, {
    ...message,
    ...readTexts(raw, ['statusMessage']),
    ...readBooleans(raw, ['isEdited', 'isDeleted'])
  })
}

// Written out member by member: to spread one object into another would take longer than all the rest of a webhook body.
function readMessage (received: Received, { kind, wire, around, data }: Found): EventBase {
  const { raw, body, instanceData, typeWebhook, typeMessage, senderData, direction, sentBy, id } = received
  const message: EventBase & { [member: string]: unknown } = {
    name: kind.name,
    id,
    revision: 1,
    typeMessage,
    idInstance: readText(instanceData.idInstance),
    typeInstance: readText(instanceData.typeInstance),
    wid: readText(instanceData.wid),
    timestamp: readTimestamp(body.timestamp),
    idMessage: readText(body.idMessage),
    chatId: readFirst(senderData.chatId, body.chatId),
    chatName: readText(senderData.chatName),
    chatType: readText(senderData.chatType),
    sender: readText(senderData.sender),
    senderName: readText(senderData.senderName),
    senderContactName: readText(senderData.senderContactName),
    senderType: readText(senderData.senderType),
    senderPhoneNumber: readPhoneNumber(senderData.senderPhoneNumber),
    direction,
    sentBy,
    // These stand in the content's own object or beside it.
    isForwarded: readBoolean(wire.isForwarded ?? around.content.isForwarded) ?? false,
    forwardingScore: readNumber(wire.forwardingScore ?? around.content.forwardingScore) ?? 0,
    data,
    raw
  }
  if (typeWebhook !== undefined) message.typeWebhook = typeWebhook
  const quotedMessage = readQuotedMessage(around.quotedMessage, kind.definition.quoted?.(wire, around) ?? nothing)
  if (quotedMessage !== undefined) message.quotedMessage = quotedMessage
  return message
}

// Old pages print the quoted message beside messageData rather than in it.
function surround (content: Content, quotedBeside?: unknown): ContentContext {
  const { quotedMessage } = content
  return { content, quotedMessage: isQuote(quotedMessage) ? quotedMessage : isQuote(quotedBeside) ? quotedBeside : nothing }
}

// One page prints a body whose messageData has come apart.
function withMessageData (raw: Content): Content {
  return raw.messageData === undefined && typeof raw.typeMessage === 'string' ? { ...raw, messageData: raw } : raw
}

function objectOf (value: unknown): Content {
  return isObject(value) ? value : nothing
}

// A number that is not known is 0.
function readPhoneNumber (value: unknown): string {
  const number = readText(value)
  return number === '0' ? '' : number
}
