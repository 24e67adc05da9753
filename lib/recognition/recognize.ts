import { crc32 } from 'node:zlib'
import {
  OversizedBody, envelopePrefix, minifyJson, quoteLongIntegers, sliceEnvelopeBody, unwrapEnvelope,
  unwrapInvalidEnvelope, type Body
} from '../body/index.ts'
import type { Event, ListenableName, Unrecognized, UnrecognizedReason, ValidationIssue } from '../events/index.ts'
import { readChatKind } from '../schemas/chat-kind.ts'
import {
  isObject, readFirst, readText, readTexts, readTimestamp, takeLostDigits, type Content
} from '../schemas/values.ts'
import { idNames } from './id-names.ts'
import { digest, identifyContent, type Identity } from './identity.ts'
import { journalServiceEventKinds, messageOrigins, serviceEventKinds } from './kinds.ts'
import { objectOf, readJournalDirection, recognizeJournalRecord, recognizeMessage } from './message.ts'
import { isRecoveredRecord, type RecoveredRecord } from './recovered-record.ts'
import { notANotification, unknownType, type RecognitionFailure, type Recognized } from './result.ts'
import { recognizeJournalServiceEvent, recognizeServiceEvent } from './service-event.ts'

/**
 * The checksum of a body; `null` for a recovered notification. A journal record differs from every webhook body of the
 * same message, so it counts as equal to each of them.
 */
export type Checksum = number | null

/** A body as an event. */
export interface RecognizedNotification {
  readonly event: Event | Unrecognized
  /** The names that the event is emitted under. */
  readonly names: readonly ListenableName[]
  readonly identity: Identity
  /** CRC-32 of the content without the queue envelope: a redelivery with another checksum is another revision. */
  readonly checksum: Checksum
}

/**
 * Turns a body into an event: a webhook body, one in the queue envelope `{ receiptId, body }`, a journal record, or the
 * body of a recovered notification.
 *
 * Never throws. If GREEN-API does not get 200, it resends the notification for a day and holds back all later ones.
 * So a body that cannot be recognized is an event too: `unrecognized`.
 */
export function recognize (body: Body): RecognizedNotification {
  if (body instanceof OversizedBody) return unrecognized('too-large', body.digest, undefined)

  const json = body.startsWith(byteOrderMark) ? body.slice(1) : body
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    const text = unwrapInvalidEnvelope(body)
    return unrecognized('not-json', digest(text), text)
  }

  if (isRecoveredRecord(parsed)) return recognizeRecovered(parsed)
  const raw = unwrapEnvelope(parsed)
  const text = canonicalText(json, raw !== parsed)
  // Another reader can have left it set.
  takeLostDigits()
  const notification = recognizeContent(raw, text)
  if (!takeLostDigits()) return notification
  // Rare, and so not worth a reviver for every body. The event keeps the body as it was parsed.
  const exact = unwrapEnvelope(JSON.parse(quoteLongIntegers(text, idNames)))
  const { event, ...rest } = recognizeContent(exact, text)
  return { ...rest, event: { ...event, raw } }
}

function recognizeContent (raw: unknown, text: string): RecognizedNotification {
  const result = recognizeParsed(raw, text)
  if ('reason' in result) {
    return unrecognized(result.reason, digest(text.slice(envelopePrefix(text).length)), raw, result.errors)
  }
  const { event, names, identity } = result
  return { event, names, identity, checksum: crc32(text) }
}

function recognizeRecovered ({ recoveredFrom, record }: RecoveredRecord): RecognizedNotification {
  const { typeMessage } = record
  const text = JSON.stringify(record)
  const raw = { ...record, instanceData: recoveredFrom }
  const result = typeof typeMessage === 'string' ? recognizeRecord(raw, typeMessage, text, true) : notANotification
  if ('reason' in result) return unrecognized(result.reason, digest(text), record, result.errors)
  const { event, names, identity } = result
  return { event: { ...event, raw: record, recovered: true }, names, identity, checksum: null }
}

/** The notification with this revision: itself if its event has that revision, else a copy. */
export function withRevision (notification: RecognizedNotification, revision: number): RecognizedNotification {
  if (notification.event.revision === revision) return notification
  return { ...notification, event: { ...notification.event, revision } }
}

const byteOrderMark = '\uFEFF'

// The part of a body that is the same for every delivery: without the envelope and without white space. It is cut from
// the text because a parsed number can lose digits.
function canonicalText (json: string, enveloped: boolean): string {
  if (enveloped) return sliceEnvelopeBody(json)
  return isMinified(json) ? json : minifyJson(json)
}

// GREEN-API writes no white space between tokens. The first tokens show whether a sender does.
function isMinified (json: string): boolean {
  return json.startsWith('{"') && json[json.indexOf(':') + 1] !== ' '
}

function recognizeParsed (raw: unknown, text: string): Recognized | RecognitionFailure {
  if (!isObject(raw)) return notANotification
  const { typeWebhook, typeMessage } = raw
  if (typeof typeWebhook === 'string') {
    const origin = messageOrigins.get(typeWebhook)
    if (origin !== undefined) return recognizeMessage(raw, origin, text)
    const kinds = serviceEventKinds.get(typeWebhook)
    return kinds === undefined ? unknownType : recognizeServiceEvent(raw, typeWebhook, kinds, text)
  }
  return typeof typeMessage === 'string' ? recognizeRecord(raw, typeMessage, text, false) : notANotification
}

function recognizeRecord (
  raw: Content, typeMessage: string, text: string, isRecovered: boolean
): Recognized | RecognitionFailure {
  const kind = journalServiceEventKinds.get(typeMessage)
  if (kind !== undefined) return recognizeJournalServiceEvent(raw, typeMessage, kind, text, isRecovered)
  return recognizeJournalRecord(raw, typeMessage, text, isRecovered)
}

function unrecognized (
  reason: UnrecognizedReason, id: string, raw: unknown, errors: readonly ValidationIssue[] = []
): RecognizedNotification {
  const event: Unrecognized = { name: 'unrecognized', id, revision: 1, reason, ...partialFields(raw), errors, raw }
  return { event, names: ['unrecognized'], identity: identifyContent(id), checksum: 0 }
}

function partialFields (raw: unknown) {
  const body = objectOf(raw)
  const { typeWebhook } = body
  const messageData = isObject(body.messageData) ? body.messageData : body
  const { typeMessage } = messageData
  const senderData = objectOf(body.senderData)
  const chatId = readFirst(senderData.chatId, body.chatId, body.from)
  const direction = typeof typeWebhook === 'string'
    ? messageOrigins.get(typeWebhook)?.direction
    : typeof typeMessage === 'string' ? readJournalDirection(body) : undefined
  return {
    idInstance: readText(objectOf(body.instanceData).idInstance),
    timestamp: readTimestamp(body.timestamp),
    ...typeof typeWebhook === 'string' && { typeWebhook },
    ...typeof typeMessage === 'string' && { typeMessage },
    ...readTexts(body, ['idMessage']),
    ...chatId !== '' && { chatId, chatKind: readChatKind(chatId, readFirst(senderData.chatType, body.chatType)) },
    ...readTexts({
      sender: readFirst(senderData.sender, body.senderId),
      senderName: readFirst(senderData.senderName, body.senderName)
    }, ['sender', 'senderName']),
    ...direction !== undefined && { direction }
  }
}
