import { interpretMessage, interpretRecord } from './message.ts'
import { interpretNotice } from './notice.ts'
import type { Interpreted } from './interpreted.ts'
import { messageOrigins, noticeKinds } from './kinds.ts'
import { notANotification, unknownType, type Refusal } from './result.ts'
import { isObject } from '../schemas/values.ts'

/**
 * Finds, by `typeWebhook` and `typeMessage`, the kinds of notification that a parsed body can
 * be, checks the body against their schemas, and reads it.
 */
export function interpret (raw: unknown): Interpreted | Refusal {
  if (!isObject(raw)) return notANotification
  const { typeWebhook, typeMessage } = raw
  if (typeof typeWebhook === 'string') {
    const origin = messageOrigins.get(typeWebhook)
    if (origin !== undefined) return interpretMessage(raw, origin)
    const kinds = noticeKinds.get(typeWebhook)
    return kinds === undefined ? unknownType : interpretNotice(raw, typeWebhook, kinds)
  }
  return typeof typeMessage === 'string' ? interpretRecord(raw, typeMessage) : notANotification
}
