import type { Body } from '../body/limited-body.ts'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import { recognize, type RecognizedNotification } from './recognize.ts'
import { recognizeChannel } from '../diagnostics/channels.ts'
import type { RecognizeMessage } from '../diagnostics/messages.ts'

/** Recognizes what has arrived for an emitter, and tells of it whoever wants to hear of that. */
export function recognizeArrived (body: Body, source: RecognizeMessage['source'], emitter: GreenApiEmitter): RecognizedNotification {
  if (!recognizeChannel.hasSubscribers) return recognize(body)
  const message: RecognizeMessage = { emitter, source, ...typeof body === 'string' && { length: body.length } }
  // Not by traceSync, which would publish what the core alone is to know of a notification.
  return recognizeChannel.start.runStores(message, () => {
    const notification = recognize(body)
    message.event = notification.event
    recognizeChannel.end.publish(message)
    return notification
  })
}
