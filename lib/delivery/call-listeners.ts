import {
  deliverChannel, listenerEndChannel, listenerStartChannel, type DeliverMessage, type ListenerMessage
} from '../diagnostics/index.ts'
import type { ListenableName } from '../events/index.ts'
import type { RecognizedNotification } from '../recognition/index.ts'
import { errorMessage } from '../util/error-message.ts'
import { timeoutError } from './attempt.ts'
import {
  countListeners, onceListeners, type AnyListener, type GreenApiEmitter, type Listener, type OnceListener
} from './emitter.ts'

/** The errors of all listeners that failed; `undefined` if every listener succeeded. */
export type DeliveryError = AggregateError | undefined

/** An attempt to deliver a notification. */
interface DeliveryAttempt {
  readonly emitter: GreenApiEmitter
  readonly notification: Pick<RecognizedNotification, 'event' | 'names'>
  /** Receives the errors of listeners as they occur. */
  readonly errors: unknown[]
  /** How long the attempt waits for its listeners, in milliseconds. */
  readonly timeout: number
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** When an inbox stored the notification: Unix time in milliseconds. Absent without an inbox. */
  readonly storedAt?: number
}

/** Calls the listeners like `callListeners`, and traces the attempt on `deliverChannel`. */
export function callListenersTraced (delivery: DeliveryAttempt): DeliveryError | Promise<DeliveryError> {
  const { emitter, notification: { event, names }, errors } = delivery
  if (!deliverChannel.hasSubscribers) return callListeners(emitter, names, event, errors)

  const { attempt, storedAt, timeout } = delivery
  const message: DeliverMessage = {
    emitter,
    event,
    attempt,
    listeners: countListeners(emitter, names),
    ...storedAt !== undefined && { storedAt },
    startedAt: performance.now()
  }
  // Not tracePromise: it would always return a promise, and does not publish an error that is returned.
  return deliverChannel.start.runStores(message, () => {
    const result = callListeners(emitter, names, event, errors)
    deliverChannel.end.publish(message)
    if (result instanceof Promise) publishEndOf(result, message, errors, timeout)
    else publishEnd(message, result)
    return result
  })
}

function publishEndOf (
  result: Promise<DeliveryError>,
  message: DeliverMessage,
  errors: readonly unknown[],
  timeout: number
): void {
  const timer = setTimeout(() => { publishEnd(message, timeoutError(errors, timeout)) }, timeout)
  result.then((error) => {
    clearTimeout(timer)
    const timedOut = message.duration !== undefined
    if (!timedOut) publishEnd(message, error)
  })
}

function publishEnd (message: DeliverMessage, error: DeliveryError): void {
  message.duration = performance.now() - message.startedAt
  if (error !== undefined) {
    message.error = error
    deliverChannel.error.publish(message)
  }
  deliverChannel.asyncStart.publish(message)
  deliverChannel.asyncEnd.publish(message)
}

/**
 * Calls every listener of these names with the event, in the order of the names, and waits for all of
 * them.
 *
 * Never throws and never rejects: a listener that fails does not stop the others. Adds the errors of
 * listeners to `errors` as they occur. Returns a promise only if a listener returned one.
 */
export function callListeners (
  emitter: GreenApiEmitter,
  names: readonly ListenableName[],
  event: unknown,
  errors: unknown[] = []
): DeliveryError | Promise<DeliveryError> {
  let running: Array<Promise<void>> | undefined
  for (const name of names) {
    // A copy, like Node's emit makes: listeners may be added and removed meanwhile. The map ties each
    // listener to its event; across names, TypeScript cannot.
    const listeners = emitter.listenerCount(name) === 0 ? none : emitter.rawListeners(name) as AnyListener[]
    for (const listener of listeners) {
      const once = onceListeners.get(listener)
      const call: ListenerCall = { emitter, name, listener: once?.listener ?? listener, event }
      const work = once === undefined ? callListener(call, errors) : callOnceListener(call, listener, once, errors)
      if (work !== undefined) (running ??= []).push(work)
    }
  }
  return running === undefined ? toDeliveryError(errors) : Promise.all(running).then(() => toDeliveryError(errors))
}

const none: readonly AnyListener[] = []

interface ListenerCall {
  readonly emitter: GreenApiEmitter
  readonly name: ListenableName
  readonly listener: AnyListener
  readonly event: unknown
}

// Returns a promise, which never rejects, while the listener is running.
function callListener (call: ListenerCall, errors: unknown[]): Promise<void> | undefined {
  const { emitter, listener, event } = call
  const message = isListenerTraced() ? publishListenerStart(call) : undefined
  const fail = (error: unknown) => {
    errors.push(error)
    if (message !== undefined) publishListenerEnd(message, { error })
  }
  try {
    const result = listener.call(emitter, event)
    if (isThenable(result)) {
      return Promise.resolve(result).then(message && (() => { publishListenerEnd(message) }), fail)
    }
    if (message !== undefined) publishListenerEnd(message)
  } catch (error) {
    fail(error)
  }
}

// The listener is removed when it succeeds. While it is running, it receives no other event.
function callOnceListener (
  call: ListenerCall,
  wrapper: AnyListener,
  once: OnceListener,
  errors: unknown[]
): Promise<void> | undefined {
  if (once.busy) return
  once.busy = true
  const ownErrors: unknown[] = []
  const finish = () => {
    once.busy = false
    // Node compares listeners by identity, whatever they accept.
    if (ownErrors.length === 0) call.emitter.off(call.name, wrapper as Listener<ListenableName>)
    else errors.push(...ownErrors)
  }
  const work = callListener(call, ownErrors)
  if (work !== undefined) return work.then(finish)
  finish()
}

function isListenerTraced (): boolean {
  return listenerStartChannel.hasSubscribers || listenerEndChannel.hasSubscribers
}

function publishListenerStart ({ emitter, name, event, listener }: ListenerCall): ListenerMessage {
  // callListeners passes each name its own event.
  const message: ListenerMessage = {
    emitter, name, event: event as ListenerMessage['event'], listener, startedAt: performance.now()
  }
  listenerStartChannel.publish(message)
  return message
}

function publishListenerEnd (message: ListenerMessage, failure?: { readonly error: unknown }): void {
  message.duration = performance.now() - message.startedAt
  // A listener may throw undefined: the member shows that it failed.
  if (failure !== undefined) message.error = failure.error
  listenerEndChannel.publish(message)
}

function isThenable (value: unknown): value is PromiseLike<void> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null &&
    'then' in value && typeof value.then === 'function'
}

function toDeliveryError (errors: unknown[]): DeliveryError {
  if (errors.length === 0) return undefined
  const messages = errors.map(errorMessage).join('; ')
  const subject = errors.length === 1 ? 'a listener' : `${errors.length} listeners`
  return new AggregateError(errors, `${subject} failed: ${messages}`)
}
