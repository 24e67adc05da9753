import type { OutcomeMessage } from '../diagnostics/messages.ts'
import type { Event, ListenableName, Unrecognized } from '../events/event-map.ts'
import { aboutWhat, type Watch } from './observe.ts'

/** A call of a listener. */
export interface ListenerCall {
  /** The name that the listener is registered under. */
  name: ListenableName
  /** The listener as it was registered, be it by `on` or by `once`. */
  listener: (event: never) => unknown
  /** In milliseconds, how long it took; absent where it is still at work. */
  duration?: number
  /** What it failed with; absent where it has not failed. */
  error?: unknown
}

/** What became of a notification, and what listeners did. */
export interface InjectResult {
  /** The notification as it was recognized; `undefined` where it was refused, turned away or answered unread. */
  event: Event | Unrecognized | undefined
  /**
   * `delivered`: every listener has succeeded, or there is none. `duplicate`: it was delivered before.
   * `failed`: a listener has failed or ran out of time, and another attempt will be made. `dead-letter`:
   * likewise, and it was the last attempt. `not-stored`: the inbox could not have it. `refused`: by
   * its token, or with an error by a hook of yours. `intercepted`: one of yours answered
   * without an error, before the plugin had it. `shutting-down`: the server began to close while the
   * request was under way.
   *
   * With an inbox, a `duplicate` is stored already, and maybe not delivered yet.
   */
  outcome: 'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'not-stored' | 'refused' | 'intercepted' | 'shutting-down'
  /** The calls of listeners, in the order in which they began; those of `failed` among them. */
  listeners: ListenerCall[]
}

/**
 * Finds out what became of a notification that was answered with this code. What an inbox has
 * stored is waited for, at most so many milliseconds.
 */
export async function toInjectResult (watch: Watch, statusCode: number, recognized: Recognized, timeout: number): Promise<InjectResult> {
  const arrival = arrivalIn(watch)
  if (arrival === undefined) {
    const shared = statusCode === 200 || statusCode === 503 ? endingsOf(watch, recognized).at(-1) : undefined
    return shared === undefined ? unread(statusCode) : { ...shared, listeners: callsFor(watch, shared.event) }
  }
  const { event, outcome } = arrival
  if (outcome !== 'stored') return { event, outcome, listeners: callsFor(watch, event, true) }
  const delivery = await watch.until(() => endingsOf(watch, event).find(({ outcome }) => outcome !== 'duplicate'), timeout)
  if (delivery === undefined) throw new Error(`the inbox has stored the notification, but not delivered it within ${timeout} ms: raise timeout, or look at what holds back its chat`)
  return { ...delivery, listeners: callsFor(watch, delivery.event) }
}

type Recognized = Event | Unrecognized

/** What the request itself has led to. From an inbox others may be delivered in its course, which have arrived before. */
function arrivalIn ({ outcomes }: Watch): OutcomeMessage | undefined {
  const own = outcomes.filter(({ own }) => own).map(({ message }) => message)
  return own.find(({ outcome }) => arrivals.has(outcome)) ?? own[0]
}

const arrivals = new Set<OutcomeMessage['outcome']>(['stored', 'not-stored', 'duplicate', 'shutting-down'])

/** What became of a notification, by whichever request it came. */
function endingsOf ({ outcomes }: Watch, notification: Recognized): Ending[] {
  return outcomes.flatMap(({ message: { event, outcome } }) => {
    return outcome !== 'stored' && isSame(event, notification) ? [{ event, outcome }] : []
  })
}

type Ending = Pick<InjectResult, 'outcome'> & { event: Recognized }

function callsFor ({ calls }: Watch, notification: Recognized, ownOnly = false): ListenerCall[] {
  const found = [...calls].filter(([{ event }, own]) => (own || !ownOnly) && isSame(aboutWhat(event), notification))
  return found.map(([message]) => {
    const { name, listener, duration } = message
    return { name, listener, ...duration !== undefined && { duration }, ...'error' in message && { error: message.error } }
  })
}

// Nothing was published of it: neither a listener nor an inbox has heard of it.
function unread (statusCode: number): InjectResult {
  const outcome = statusCode < 400 ? 'intercepted' : statusCode === 503 ? 'shutting-down' : 'refused'
  return { event: undefined, outcome, listeners: [] }
}

// An id is the same for every body that comes under it.
function isSame (one: Recognized | undefined, other: Recognized): boolean {
  return one?.id === other.id && (one.raw === other.raw || JSON.stringify(one.raw) === JSON.stringify(other.raw))
}
