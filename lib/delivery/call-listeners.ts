import { timeoutError } from './attempt.ts'
import type { GreenApiEmitter, DeliveryError } from './emitter.ts'
import type { RecognizedNotification } from '../recognition/recognize.ts'
import { deliverChannel } from '../diagnostics/channels.ts'
import type { DeliverMessage } from '../diagnostics/messages.ts'

/** One attempt to deliver a notification. */
interface Delivering {
  readonly emitter: GreenApiEmitter
  readonly notification: Pick<RecognizedNotification, 'event' | 'names'>
  /** What the listeners fail with is added as it happens. */
  readonly errors: unknown[]
  /** In milliseconds: how long it waits for its listeners. */
  readonly timeout: number
  /** Which one it is, from 1. */
  readonly attempt: number
  /** With an inbox, when it was stored: Unix time in milliseconds. */
  readonly storedAt?: number
}

/** Calls the listeners as `emitter.deliver` does, and tells of the attempt whoever wants to hear of that. */
export function callListeners (delivering: Delivering): DeliveryError | Promise<DeliveryError> {
  const { emitter, notification: { event, names }, errors } = delivering
  if (!deliverChannel.hasSubscribers) return emitter.deliver(names, event, errors)

  const { attempt, storedAt, timeout } = delivering
  const listeners = emitter.countListeners(names)
  const message: DeliverMessage = { emitter, event, attempt, listeners, ...storedAt !== undefined && { storedAt }, startedAt: performance.now() }
  // Not by tracePromise, which would make a promise where there is none, and takes no failure that is returned.
  return deliverChannel.start.runStores(message, () => {
    const outcome = emitter.deliver(names, event, errors)
    deliverChannel.end.publish(message)
    if (outcome instanceof Promise) awaitEnd(message, outcome, errors, timeout)
    else end(message, outcome)
    return outcome
  })
}

function awaitEnd (message: DeliverMessage, outcome: Promise<DeliveryError>, errors: readonly unknown[], timeout: number): void {
  const timer = setTimeout(() => { end(message, timeoutError(errors, timeout)) }, timeout)
  outcome.then((error) => {
    clearTimeout(timer)
    // Its time may have been over before.
    if (message.duration === undefined) end(message, error)
  })
}

function end (message: DeliverMessage, error: DeliveryError): void {
  message.duration = performance.now() - message.startedAt
  if (error !== undefined) {
    message.error = error
    deliverChannel.error.publish(message)
  }
  deliverChannel.asyncStart.publish(message)
  deliverChannel.asyncEnd.publish(message)
}
