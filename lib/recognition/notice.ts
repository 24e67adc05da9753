import { idOf, identify } from './identity.ts'
import { announce, type Interpreted } from './interpreted.ts'
import type { NoticeKind } from './kinds.ts'
import { invalid, type Refusal } from './result.ts'
import { isObject, readText, readTimestamp, type Content } from '../schemas/values.ts'
import type { AtLeastOne } from './type-index.ts'

/** Reads a notice: a webhook body that is about no message, or about one without holding it. */
export function interpretNotice (raw: Content, typeWebhook: string, kinds: AtLeastOne<NoticeKind>): Interpreted | Refusal {
  const [likeliest, ...others] = kinds
  const first = readNotice(raw, typeWebhook, likeliest)
  if ('event' in first) return first
  for (const kind of others) {
    const found = readNotice(raw, typeWebhook, kind)
    if ('event' in found) return found
  }
  return first
}

function readNotice (raw: Content, typeWebhook: string, { name, definition, validator, names }: NoticeKind): Interpreted | Refusal {
  if (!validator.Check(raw)) return invalid(validator, raw)
  const data = definition.read(raw)
  if (typeof data === 'string') return { reason: 'invalid', errors: [{ path: '', message: data }] }
  const instanceData: Content = isObject(raw.instanceData) ? raw.instanceData : {}
  const idInstance = readText(instanceData.idInstance)
  const { id, state = '' } = definition.identity?.(raw, data) ?? {}
  const identity = identify(id, idInstance, typeWebhook, state)
  return announce(names, identity, {
    name,
    id: idOf(identity),
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
