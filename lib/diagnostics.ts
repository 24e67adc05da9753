import { channel } from 'node:diagnostics_channel'
import type { GreenApiEmitter } from './emitter.ts'
import type { Event, EventMap, ListenableName, Unrecognized } from './events.ts'

/**
 * One call of a listener. The same object is published when the call begins and, completed, when
 * it has ended.
 */
export interface ListenerMessage {
  /** On which `app.greenApi`. */
  readonly emitter: GreenApiEmitter
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

/** What became of a notification, each time that this is settled for the moment or for good. */
export interface OutcomeMessage {
  /** On which `app.greenApi`. */
  readonly emitter: GreenApiEmitter
  /** The notification. */
  readonly event: Event | Unrecognized
  /**
   * `delivered` and `repeat`: there is nothing more to do. `failed`: an attempt has, and another one
   * will be made. `given up`: no other will be made, and the listeners of `failed` have been told.
   * `stored`: an inbox has it, whose delivery is told of too, maybe first. `not stored`: it could not
   * have it. `closing`: it was turned away. What is not taken care of, GREEN-API sends again.
   *
   * A repeat that finds the first still at work shares what becomes of that.
   */
  readonly outcome: 'delivered' | 'repeat' | 'failed' | 'given up' | 'stored' | 'not stored' | 'closing'
  /** How often it was tried, where that is known. */
  readonly attempts?: number
  /** What it failed with. */
  readonly error?: unknown
}

/** Each call of a listener when it begins. */
export const listenerStart = channel('fastify-green-api:listener:start')

/** Each call of a listener when it has ended. */
export const listenerEnd = channel('fastify-green-api:listener:end')

/** What becomes of each notification. */
export const outcomes = channel('fastify-green-api:outcome')

/** Whether anybody wants to hear of the calls of listeners. */
export function areCallsWatched (): boolean {
  return listenerStart.hasSubscribers || listenerEnd.hasSubscribers
}

/** Tells that a listener is called. What it returns is to be called when that has ended, with what it failed with if it did. */
export function announceCall (call: Omit<ListenerMessage, 'startedAt'>): (failure?: { error: unknown }) => void {
  const message: ListenerMessage = { ...call, startedAt: performance.now() }
  listenerStart.publish(message)
  return (failure) => {
    Object.assign(message, { duration: performance.now() - message.startedAt }, failure)
    listenerEnd.publish(message)
  }
}

/** Tells what became of a notification. Ask `outcomes.hasSubscribers` before, so that it costs nothing where nobody listens. */
export function announceOutcome (message: OutcomeMessage): void {
  outcomes.publish(message)
}
