import type { LightMyRequestResponse } from 'fastify'
import type { ListenerMessage, OutcomeMessage } from '../diagnostics/index.ts'
import { ListenerTimeoutError } from '../errors.ts'
import type { Event, ListenableName, Unrecognized } from '../events/index.ts'
import { notificationOf, type NotificationObserver } from './observe.ts'

/** A call of a listener. */
export interface ListenerCall {
  /** The event name that the listener is registered for. */
  name: ListenableName
  /** The listener as it was passed to `on` or `once`. */
  listener: (event: never) => unknown
  /** How long the call took, in milliseconds; absent while the listener is running. */
  duration?: number
  /**
   * The error that the listener threw or rejected with, or a `ListenerTimeoutError` if it timed out; absent if it did
   * not fail.
   */
  error?: unknown
}

/** The result of `inject`: the response, the outcome and the calls of listeners. */
export interface InjectResult {
  /** The HTTP status of the response. */
  statusCode: number
  /** The whole response. */
  response: LightMyRequestResponse
  /** The recognized notification; `undefined` if the plugin did not read the request. */
  event: Event | Unrecognized | undefined
  /**
   * - `delivered`: all listeners succeeded, or there is none.
   * - `duplicate`: the same notification was received before. With an inbox, it can still be waiting for delivery.
   * - `failed`: a listener failed or timed out, and another attempt follows.
   * - `dead-letter`: a listener failed or timed out in the last attempt.
   * - `not-stored`: the inbox could not store the notification.
   * - `refused`: the token is wrong, one of your hooks answered with an error, or the body was read before the route.
   * - `intercepted`: one of your hooks answered without an error before the plugin read the request.
   * - `shutting-down`: the server started to close during the request.
   */
  outcome:
    'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'not-stored' | 'refused' | 'intercepted' | 'shutting-down'
  /** The calls of listeners in the order of their start, including listeners of `failed`. */
  listeners: ListenerCall[]
}

type Notification = Event | Unrecognized
type Ending = Pick<InjectResult, 'outcome'> & Pick<OutcomeMessage, 'event' | 'error'>

/**
 * Combines the response with what was observed.
 *
 * @throws {Error} if an inbox has stored the notification and does not deliver it within `timeout` milliseconds
 */
export async function toInjectResult (
  observer: NotificationObserver,
  response: LightMyRequestResponse,
  recognized: Notification,
  { timeout, closing }: { timeout: number, closing: boolean }
): Promise<InjectResult> {
  const { statusCode } = response
  const arrival = findArrival(observer)
  if (arrival === undefined) {
    // The request can share the outcome of the same notification in another request.
    const shared = statusCode === 200 || statusCode === 503 ? findEndings(observer, recognized).at(-1) : undefined
    if (shared !== undefined) return withCalls(shared)
    return { statusCode, response, event: undefined, outcome: unreadOutcome(statusCode, closing), listeners: [] }
  }
  const { event, outcome, error } = arrival
  if (outcome !== 'stored') return withCalls({ event, outcome, error }, true)
  const findDelivery = () => findEndings(observer, event).find(({ outcome }) => outcome !== 'duplicate')
  const delivery = await observer.waitFor(findDelivery, timeout)
  if (delivery === undefined) {
    throw new Error(`The inbox did not deliver the notification within ${timeout} ms. ` +
      'Raise `timeout`, or check what blocks its chat.')
  }
  return withCalls(delivery)

  function withCalls (ending: Ending, ownOnly = false): InjectResult {
    const { event, outcome } = ending
    return { statusCode, response, event, outcome, listeners: callsFor(observer, ending, ownOnly) }
  }
}

/** The outcome of the request itself. During the request, an inbox can also deliver earlier notifications. */
function findArrival ({ outcomes }: NotificationObserver): OutcomeMessage | undefined {
  const own = outcomes.filter(({ own }) => own).map(({ message }) => message)
  return own.find(({ outcome }) => arrivals.has(outcome)) ?? own[0]
}

const arrivals = new Set<OutcomeMessage['outcome']>(['stored', 'not-stored', 'duplicate', 'shutting-down'])

/** The outcomes of a notification in any request. */
function findEndings ({ outcomes }: NotificationObserver, notification: Notification): Ending[] {
  return outcomes.flatMap(({ message: { event, outcome, error } }) => {
    return outcome !== 'stored' && isSame(event, notification) ? [{ event, outcome, error }] : []
  })
}

function callsFor ({ calls }: NotificationObserver, ending: Ending, ownOnly: boolean): ListenerCall[] {
  const matches = [...calls].filter(([{ event }, own]) => {
    return (own || !ownOnly) && isSame(notificationOf(event), ending.event)
  })
  return matches.map(([message]) => {
    const { name, listener, duration } = message
    return { name, listener, ...duration !== undefined && { duration }, ...errorOf(message, ending) }
  })
}

function errorOf (message: ListenerMessage, { outcome, error }: Ending): Pick<ListenerCall, 'error'> {
  if ('error' in message) return { error: message.error }
  // An attempt fails before its listeners are done only if they time out.
  const timedOut = message.duration === undefined && (outcome === 'failed' || outcome === 'dead-letter')
  if (!timedOut) return {}
  const errors: unknown[] = error instanceof AggregateError ? error.errors : []
  // A timeout of listeners of `failed` is not published.
  return {
    error: errors.find((each) => each instanceof ListenerTimeoutError) ??
      new ListenerTimeoutError(Math.floor(performance.now() - message.startedAt))
  }
}

// The plugin published nothing, so neither a listener nor an inbox received the notification.
function unreadOutcome (statusCode: number, closing: boolean): InjectResult['outcome'] {
  if (statusCode < 400) return 'intercepted'
  return statusCode === 503 && closing ? 'shutting-down' : 'refused'
}

// Revisions of a notification have the same id and different bodies.
function isSame (one: Notification | undefined, other: Notification): boolean {
  return one?.id === other.id && (one.raw === other.raw || JSON.stringify(one.raw) === JSON.stringify(other.raw))
}
