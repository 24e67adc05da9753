import type { GreenApiEmitter } from '../delivery/emitter.ts'
import type { Event, EventMap, ListenableName, Unrecognized } from '../events/event-map.ts'

/** What every message tells. */
interface Message {
  /** On which `app.greenApi`. */
  readonly emitter: GreenApiEmitter
}

/**
 * The recognition of one notification that has arrived. The same object is published when it
 * begins and, completed, when it has ended.
 *
 * What an inbox reads again to deliver it is not told of, what is refused for its token is: until
 * it is recognized nobody knows whose it is.
 */
export interface RecognizeMessage extends Message {
  /** Whether it was posted to the route, or asked for by polling. */
  readonly source: 'route' | 'poll'
  /** How long the text is, in UTF-16 code units, the envelope of a polled one included; absent where it was too large to be kept. */
  readonly length?: number
  /** What it was recognized as, once it was: `unrecognized`, with its `reason`, where it was not. */
  event?: Event | Unrecognized
}

/**
 * One attempt to deliver a notification: its listeners are called, and it ends when all of them are
 * done or the time to wait for them is over. The same object is published all along.
 */
export interface DeliverMessage extends Message {
  /** The notification. */
  readonly event: Event | Unrecognized
  /** Which attempt it is, from 1. */
  readonly attempt: number
  /** How many listeners it has, under all of its names. */
  readonly listeners: number
  /** When an inbox stored it, or it was sent again: Unix time in milliseconds; absent without an inbox. */
  readonly storedAt?: number
  /** When it began, as `performance.now` says. */
  readonly startedAt: number
  /** In milliseconds, how long it took; absent while it lasts. */
  duration?: number
  /** What the listeners failed with, or that they are still at work; absent where they have not failed. */
  error?: AggregateError
}

/**
 * One call of a listener. The same object is published when the call begins and, completed, when
 * it has ended.
 */
export interface ListenerMessage extends Message {
  /** The name that the listener is registered under. */
  readonly name: ListenableName
  /** What it is called with. */
  readonly event: EventMap[ListenableName][0]
  /** The listener as it was registered, be it by `on` or by `once`. */
  readonly listener: (event: never) => unknown
  /** When it was called, as `performance.now` says. */
  readonly startedAt: number
  /** In milliseconds, how long it took; absent while it is at work. */
  duration?: number
  /** What it failed with; absent where it has not failed. */
  error?: unknown
}

/** A request that was answered 401: its token speaks for nobody, or not for the instance that the body names. */
export interface UnauthorizedMessage extends Message {
  /** The instance that the token does not speak for; absent where it was refused before the body was read. */
  readonly idInstance?: string
}

/** What became of a notification, each time that this is settled for the moment or for good. */
export interface OutcomeMessage extends Message {
  /** The notification. */
  readonly event: Event | Unrecognized
  /**
   * `delivered` and `duplicate`: there is nothing more to do. `failed`: an attempt has, and another one
   * will be made. `dead-letter`: no other will be made, and the listeners of `failed` have been told.
   * `stored`: an inbox has it, whose delivery is told of too, maybe first. `not-stored`: it could not
   * have it. `shutting-down`: it was turned away. What is not taken care of, GREEN-API sends again.
   *
   * A repeat that finds the first still at work shares what becomes of that.
   */
  readonly outcome: 'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'stored' | 'not-stored' | 'shutting-down'
  /** How often it was tried, where that is known. */
  readonly attempts?: number
  /** What it failed with. */
  readonly error?: unknown
}
