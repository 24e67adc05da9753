import { formatIdentity, identify } from './identity.ts'
import { recognized, type Recognized } from './interpreted.ts'
import type { ServiceEventKind } from './kinds.ts'
import { invalid, type RecognitionFailure } from './result.ts'
import { isObject, readText, readTimestamp, type Content } from '../schemas/values.ts'
import type { NonEmptyArray } from './type-index.ts'

/** Reads a notice: a webhook body that is about no message, or about one without holding it. */
export function interpretServiceEvent (raw: Content, typeWebhook: string, kinds: NonEmptyArray<ServiceEventKind>): Recognized | RecognitionFailure {
  const [likeliest, ...others] = kinds
  const first = readServiceEvent(raw, typeWebhook, likeliest)
  if ('event' in first) return first
  for (const kind of others) {
    const found = readServiceEvent(raw, typeWebhook, kind)
    if ('event' in found) return found
  }
  return first
}

function readServiceEvent (raw: Content, typeWebhook: string, { name, definition, validator, names }: ServiceEventKind): Recognized | RecognitionFailure {
  if (!validator.Check(raw)) return invalid(validator, raw)
  const data = definition.read(raw)
  if (typeof data === 'string') return { reason: 'invalid', errors: [{ path: '', message: data }] }
  const instanceData: Content = isObject(raw.instanceData) ? raw.instanceData : {}
  const idInstance = readText(instanceData.idInstance)
  const { id, state = '' } = definition.identity?.(raw, data) ?? {}
  const identity = identify(id, idInstance, typeWebhook, state)
  return recognized(names, identity, {
    name,
    id: formatIdentity(identity),
    revision: 1,
    typeWebhook,
    idInstance,
    typeInstance: readText(instanceData.typeInstance),
    wid: readText(instanceData.wid),
    timestamp: readTimestamp(raw.timestamp),
    idMessage: readText(raw.idMessage),
    chatId: readText(raw.chatId) || (definition.chatId?.(data) ?? ''),
    data,
    raw
  })
}
