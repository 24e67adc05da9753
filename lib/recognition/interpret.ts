import { interpretMessage, interpretRecord } from './message.ts'
import { interpretServiceEvent } from './service-event.ts'
import type { Recognized } from './interpreted.ts'
import { messageOrigins, serviceEventKinds } from './kinds.ts'
import { notANotification, unknownType, type RecognitionFailure } from './result.ts'
import { isObject } from '../schemas/values.ts'

/**
 * Finds, by `typeWebhook` and `typeMessage`, the kinds of notification that a parsed body can
 * be, checks the body against their schemas, and reads it.
 */
export function interpret (raw: unknown): Recognized | RecognitionFailure {
  if (!isObject(raw)) return notANotification
  const { typeWebhook, typeMessage } = raw
  if (typeof typeWebhook === 'string') {
    const origin = messageOrigins.get(typeWebhook)
    if (origin !== undefined) return interpretMessage(raw, origin)
    const kinds = serviceEventKinds.get(typeWebhook)
    return kinds === undefined ? unknownType : interpretServiceEvent(raw, typeWebhook, kinds)
  }
  return typeof typeMessage === 'string' ? interpretRecord(raw, typeMessage) : notANotification
}
