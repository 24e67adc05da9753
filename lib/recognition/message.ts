import type { EventBase } from '../events/index.ts'
import type { ContentContext } from '../schemas/definition.ts'
import { readChatKind } from '../schemas/chat-kind.ts'
import { isQuote } from '../schemas/envelopes.ts'
import {
  isObject, readBoolean, readBooleans, readFirst, readNumber, readText, readTexts, readTimestamp, type Content
} from '../schemas/values.ts'
import { formatIdentity, identify, identifyMessage, type Identity } from './identity.ts'
import { messageEnvelope, messageOrigins, type MessageOrigin } from './kinds.ts'
import { findContent, type FoundContent } from './message-content.ts'
import { readQuotedMessage } from './quoted-message.ts'
import { mismatch, recognized, type RecognitionFailure, type Recognized } from './result.ts'

const nothing: Content = {}

/** Recognizes a webhook body with a message. */
export function recognizeMessage (
  raw: Content, { typeWebhook, direction, sentBy }: MessageOrigin, text: string
): Recognized | RecognitionFailure {
  const body = withMessageData(raw)
  const envelope = messageEnvelope()
  if (!envelope.Check(body)) return mismatch(envelope, body)
  const { typeMessage } = body.messageData
  const context = contextOf(body.messageData, raw.quotedMessage)
  const found = findContent(typeMessage, context, body === raw ? '/messageData' : '')
  if ('reason' in found) return found

  const instanceData = objectOf(body.instanceData)
  const idInstance = readText(instanceData.idInstance)
  const identity = identifyMessage(body.idMessage, idInstance, direction, found.kind.name, text)
  const senderData = objectOf(body.senderData)
  const event = buildMessage({
    raw, body, instanceData, typeWebhook, typeMessage, senderData, direction, sentBy, identity
  }, found)
  return recognized(found.kind.names[typeWebhook], identity, event)
}

/**
 * Recognizes a journal record: a message whose content is beside its other members.
 *
 * @param isRecovered whether the event is to be that of a webhook body, with its `typeWebhook`, names and identity
 */
export function recognizeJournalRecord (
  raw: Content, typeMessage: string, text: string, isRecovered: boolean
): Recognized | RecognitionFailure {
  const found = findContent(typeMessage, contextOf(raw), '')
  if ('reason' in found) return found

  const statusMessage = readText(raw.statusMessage)
  const direction = readJournalDirection(raw)
  const sentBy = direction === 'incoming' ? 'contact' : readBoolean(raw.sendByApi) === true ? 'api' : 'phone'
  const typeWebhook = isRecovered ? typeWebhookOf(sentBy) : undefined
  const instanceData = objectOf(raw.instanceData)
  const idInstance = readText(instanceData.idInstance)
  const identity = isRecovered
    ? identifyMessage(raw.idMessage, idInstance, direction, found.kind.name, text)
    : identify(raw.idMessage, idInstance, `journal-${direction}`, statusMessage, text)
  const senderData = { ...raw, sender: raw.senderId }
  const message = buildMessage({
    raw, body: raw, instanceData, typeWebhook, typeMessage, senderData, direction, sentBy, identity
  }, found)
  return recognized(found.kind.names[typeWebhook ?? `journal-${direction}`], identity, {
    ...message,
    ...readTexts(raw, ['statusMessage']),
    ...readBooleans(raw, ['isEdited', 'isDeleted'])
  })
}

function typeWebhookOf (sentBy: MessageOrigin['sentBy']): MessageOrigin['typeWebhook'] | undefined {
  return [...messageOrigins.values()].find((origin) => origin.sentBy === sentBy)?.typeWebhook
}

/** Reads the direction of a journal record. Older records have none, but only outgoing ones have a status. */
export function readJournalDirection ({ type, statusMessage }: Content): 'incoming' | 'outgoing' {
  if (type === 'incoming' || type === 'outgoing') return type
  return readText(statusMessage) === '' ? 'incoming' : 'outgoing'
}

// One of GREEN-API's pages prints a body whose messageData is not an object of its own.
function withMessageData (raw: Content): Content {
  return raw.messageData === undefined && typeof raw.typeMessage === 'string' ? { ...raw, messageData: raw } : raw
}

// Old pages print the quoted message beside messageData rather than in it.
function contextOf (content: Content, quotedBeside?: unknown): ContentContext {
  const { quotedMessage } = content
  if (isQuote(quotedMessage)) return { content, quotedMessage }
  return { content, quotedMessage: isQuote(quotedBeside) ? quotedBeside : nothing }
}

/** The value, or an empty object if it is not an object. */
export function objectOf (value: unknown): Content {
  return isObject(value) ? value : nothing
}

/** The parts of a message that a webhook body and a journal record have in different places. */
interface MessageParts {
  readonly raw: Content
  readonly body: Content
  readonly instanceData: Content
  readonly typeWebhook?: string | undefined
  readonly typeMessage: string
  readonly senderData: Content
  readonly direction: 'incoming' | 'outgoing'
  readonly sentBy: 'contact' | 'phone' | 'api'
  readonly identity: Identity
}

// Each member is written out: spreading one object into another would take longer than everything else here.
function buildMessage (parts: MessageParts, { kind, wire, context, data }: FoundContent): EventBase {
  const { raw, body, instanceData, typeWebhook, typeMessage, senderData, direction, sentBy, identity } = parts
  const chatId = readFirst(senderData.chatId, body.chatId)
  const chatType = readText(senderData.chatType)
  const message: EventBase & { [member: string]: unknown } = {
    name: kind.name,
    id: formatIdentity(identity),
    revision: 1,
    typeMessage,
    idInstance: readText(instanceData.idInstance),
    typeInstance: readText(instanceData.typeInstance),
    wid: readText(instanceData.wid),
    timestamp: readTimestamp(body.timestamp),
    idMessage: readText(body.idMessage),
    chatId,
    chatName: readText(senderData.chatName),
    chatType,
    chatKind: readChatKind(chatId, chatType),
    sender: readText(senderData.sender),
    senderName: readText(senderData.senderName),
    senderContactName: readText(senderData.senderContactName),
    senderType: readText(senderData.senderType),
    senderPhoneNumber: readPhoneNumber(senderData.senderPhoneNumber),
    direction,
    sentBy,
    // Some kinds have these in the object of the content, others beside it.
    isForwarded: readBoolean(wire.isForwarded ?? context.content.isForwarded) ?? false,
    forwardingScore: readNumber(wire.forwardingScore ?? context.content.forwardingScore) ?? 0,
    data,
    raw
  }
  if (typeWebhook !== undefined) message.typeWebhook = typeWebhook
  const quoted = kind.definition.quoted?.(wire, context) ?? nothing
  const quotedMessage = readQuotedMessage(context.quotedMessage, quoted)
  if (quotedMessage !== undefined) message.quotedMessage = quotedMessage
  return message
}

// An unknown number is 0.
function readPhoneNumber (value: unknown): string {
  const number = readText(value)
  return number === '0' ? '' : number
}
