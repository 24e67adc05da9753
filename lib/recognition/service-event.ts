import { readChatKind } from '../schemas/chat-kind.ts'
import { isObject, readText, readTimestamp, type Content } from '../schemas/values.ts'
import { formatIdentity, identify } from './identity.ts'
import type { NonEmptyArray, ServiceEventKind } from './kinds.ts'
import { invalid, mismatch, recognized, type RecognitionFailure, type Recognized } from './result.ts'

/** Recognizes a webhook body that is not a message, as the first of `kinds` that can read it. */
export function recognizeServiceEvent (
  raw: Content, typeWebhook: string, kinds: NonEmptyArray<ServiceEventKind>, text: string
): Recognized | RecognitionFailure {
  const [likeliest, ...others] = kinds
  const type = { typeWebhook }
  const first = readServiceEvent(raw, type, typeWebhook, likeliest, text)
  if ('event' in first) return first
  for (const kind of others) {
    const result = readServiceEvent(raw, type, typeWebhook, kind, text)
    if ('event' in result) return result
  }
  return first
}

/** Recognizes a journal record that is not a message, such as that of a call. */
export function recognizeJournalServiceEvent (
  raw: Content, typeMessage: string, kind: ServiceEventKind, text: string, isRecovered: boolean
): Recognized | RecognitionFailure {
  if (!isRecovered) return readServiceEvent(raw, { typeMessage }, `journal-${typeMessage}`, kind, text)
  // The kinds that journals have are named after their typeWebhook.
  const { name } = kind
  return readServiceEvent(raw, { typeWebhook: name }, name, kind, text)
}

function readServiceEvent (
  raw: Content,
  type: { typeWebhook: string } | { typeMessage: string },
  identityType: string,
  kind: ServiceEventKind,
  text: string
): Recognized | RecognitionFailure {
  const { name, definition, names } = kind
  const validator = kind.validator()
  if (!validator.Check(raw)) return mismatch(validator, raw)
  const data = definition.read(raw)
  if (typeof data === 'string') return invalid('', data)
  const instanceData: Content = isObject(raw.instanceData) ? raw.instanceData : {}
  const idInstance = readText(instanceData.idInstance)
  const { id, state = '' } = definition.identity?.(raw, data) ?? {}
  const identity = identify(id, idInstance, identityType, state, text)
  const chatId = readText(raw.chatId) || (definition.chatId?.(data) ?? '')
  const event = {
    name,
    id: formatIdentity(identity),
    revision: 1,
    ...type,
    idInstance,
    typeInstance: readText(instanceData.typeInstance),
    wid: readText(instanceData.wid),
    timestamp: readTimestamp(raw.timestamp),
    idMessage: readText(raw.idMessage),
    chatId,
    chatKind: readChatKind(chatId),
    data,
    raw
  }
  return recognized(names, identity, event)
}
