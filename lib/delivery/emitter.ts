import { EventEmitter } from 'node:events'
import { InboxError } from '../errors.ts'
import type { EventMap, ListenableName } from '../events/index.ts'
import type { InboxControl } from '../inbox/index.ts'

/**
 * A listener for the event `Name`. If it returns a promise, the delivery waits for it.
 *
 * A listener that throws, or whose promise rejects, fails the attempt to deliver the notification.
 */
export type Listener<Name extends ListenableName> = (event: EventMap[Name][0]) => void | Promise<void>

/** The methods of Node's `EventEmitter`, typed: a name that is not in `EventMap` does not compile. */
export interface GreenApiEmitter {
  /** Adds a listener, which is called with each event of this name. */
  on<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** Removes a listener. */
  off<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** Same as `on`. */
  addListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Same as `off`. */
  removeListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Adds a listener before those that are registered already. */
  prependListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Node's own `emit`: calls the listeners without waiting for their promises. The plugin does not use it. */
  emit<Name extends ListenableName> (name: Name, ...event: EventMap[Name]): boolean
}

/**
 * Emits the notifications of a scope, as `app.greenApi`. It is Node's `EventEmitter` with typed events.
 *
 * The plugin waits for the promises of all listeners before it answers a notification, or, with an inbox,
 * before it marks the notification as delivered.
 */
export class GreenApiEmitter extends EventEmitter {
  readonly #inbox: InboxControl | undefined

  constructor (inbox?: InboxControl) {
    super()
    this.#inbox = inbox
    // An application may have one listener for each of its features.
    this.setMaxListeners(0)
  }

  /**
   * The inbox of the scope: pending notifications and dead letters.
   *
   * @throws {InboxError} if the plugin is registered without an inbox
   */
  get inbox (): InboxControl {
    if (this.#inbox !== undefined) return this.#inbox
    throw new InboxError(
      'There is no inbox. Register the plugin with the option `inbox`, such as sqliteInbox({ path })'
    )
  }

  /** Adds a listener for one event. It is removed when it succeeds; if it fails, it receives the next attempt. */
  override once<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    return this.on(name, this.#wrapOnce(name, listener))
  }

  /** Same as `once`, but adds the listener before those that are registered already. */
  override prependOnceListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    return this.prependListener(name, this.#wrapOnce(name, listener))
  }

  #wrapOnce<Name extends ListenableName> (name: Name, listener: Listener<Name>): Listener<Name> {
    // Only Node's emit calls the wrapper. Node's off finds it by its member `listener`.
    const wrapper = Object.assign((event: EventMap[Name][0]) => {
      this.off(name, wrapper)
      return listener.call(this, event)
    }, { listener })
    // callListeners passes each listener the event of its own name.
    onceListeners.set(wrapper, { listener: listener as AnyListener, busy: false })
    return wrapper
  }
}

/** A listener of any name. */
export type AnyListener = (event: unknown) => unknown

/** What `once` registered. */
export interface OnceListener {
  readonly listener: AnyListener
  /** Whether the listener is running. */
  busy: boolean
}

/** The listeners that `once` registered, by the wrapper that Node's emitter holds. */
export const onceListeners = new WeakMap<object, OnceListener>()

/** Returns the number of listeners under these names. */
export function countListeners (emitter: GreenApiEmitter, names: readonly ListenableName[]): number {
  let count = 0
  for (const name of names) count += emitter.listenerCount(name)
  return count
}

/**
 * Returns the emitter of a Fastify instance.
 *
 * @throws {Error} if the instance does not have the plugin
 */
export function emitterOf ({ greenApi }: { readonly greenApi?: unknown }): GreenApiEmitter {
  if (greenApi instanceof GreenApiEmitter) return greenApi
  throw new Error(
    'This instance does not have fastify-green-api. Register the plugin in it, or pass the scope that has it'
  )
}
