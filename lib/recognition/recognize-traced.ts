import type { Body } from '../body/index.ts'
import { recognizeChannel, type RecognizeMessage } from '../diagnostics/index.ts'
import { recognize, type RecognizedNotification } from './recognize.ts'

/** Recognizes a body that has just arrived for an emitter, and publishes that on the recognize channel. */
export function recognizeTraced (
  body: Body, source: RecognizeMessage['source'], emitter: RecognizeMessage['emitter']
): RecognizedNotification {
  if (!recognizeChannel.hasSubscribers) return recognize(body)
  const message: RecognizeMessage = { emitter, source, ...typeof body === 'string' && { length: body.length } }
  // Node's traceSync would publish the whole result: identity and checksum are internal.
  return recognizeChannel.start.runStores(message, () => {
    const notification = recognize(body)
    message.event = notification.event
    recognizeChannel.end.publish(message)
    return notification
  })
}
