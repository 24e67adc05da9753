import { EventEmitter } from 'node:events'
import { InboxError } from '../errors.ts'
import type { EventMap, ListenableName, MisleadingName } from '../events/index.ts'
import type { InboxControl } from '../inbox/index.ts'
import { listenableNames } from '../recognition/index.ts'
import { assertKnownName } from '../util/check-options.ts'

/**
 * A listener for the event `Name`. If it returns a promise, the delivery waits for it.
 *
 * A listener that throws, or whose promise rejects, fails the attempt to deliver the notification.
 */
export type Listener<Name extends ListenableName> = (event: EventMap[Name][0]) => void | Promise<void>

/** The methods of Node's `EventEmitter`, typed: a name that is not in `EventMap` does not compile. */
export interface GreenApiEmitter {
  /** Node's own `emit`: calls the listeners without waiting for their promises. The plugin does not use it. */
  emit<Name extends ListenableName> (name: Name, ...event: EventMap[Name]): boolean
}

/**
 * Emits the notifications of a scope, as `app.greenApi`. It is Node's `EventEmitter` with typed events.
 *
 * The plugin waits for the promises of all listeners before it answers a notification, or, with an inbox,
 * before it marks the notification as delivered.
 *
 * The methods that add or remove listeners throw an `InvalidOptionError` if a name is unknown. Symbols and the events
 * of Node's `EventEmitter` are known.
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

  /** @deprecated This is GREEN-API's type for some menus, not for taps. Use `buttonReply` or `interactiveButtons`. */
  override on<Name extends MisleadingName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Adds a listener for several events. It is called once for each of the names that a notification has. */
  override on<Name extends ListenableName> (
    names: readonly Name[],
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Adds a listener, which is called with each event of this name. */
  override on<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  override on (names: Names, listener: AnyListener): this {
    for (const name of toKnownNames(names)) super.on(name, listener)
    return this
  }

  /** Removes a listener from several events. */
  override off<Name extends ListenableName> (
    names: readonly Name[],
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Removes a listener. */
  override off<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  override off (names: Names, listener: AnyListener): this {
    for (const name of toKnownNames(names)) super.off(name, listener)
    return this
  }

  /** Same as `on` with one name. */
  override addListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    return this.on(name, listener)
  }

  /** Same as `off` with one name. */
  override removeListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    return this.off(name, listener)
  }

  /** Adds a listener before those that are registered already. */
  override prependListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    for (const known of toKnownNames(name)) super.prependListener(known, listener)
    return this
  }

  /** @deprecated This is GREEN-API's type for some menus, not for taps. Use `buttonReply` or `interactiveButtons`. */
  override once<Name extends MisleadingName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Adds a listener for one event of each name. */
  override once<Name extends ListenableName> (
    names: readonly Name[],
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  /** Adds a listener for one event. It is removed when it succeeds; if it fails, it receives the next attempt. */
  override once<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this
  override once (names: Names, listener: AnyListener): this {
    for (const name of toKnownNames(names)) super.on(name, this.#wrapOnce(name, listener))
    return this
  }

  /** Same as `once` with one name, but adds the listener before those that are registered already. */
  override prependOnceListener<Name extends ListenableName> (
    name: Name,
    listener: (event: EventMap[Name][0]) => void | Promise<void>
  ): this {
    // callListeners passes each listener the event of its own name.
    for (const known of toKnownNames(name)) super.prependListener(known, this.#wrapOnce(known, listener as AnyListener))
    return this
  }

  #wrapOnce (name: string | symbol, listener: AnyListener): AnyListener {
    // Only Node's emit calls the wrapper. Node's off finds it by its member `listener`.
    const wrapper = Object.assign((event: unknown) => {
      super.off(name, wrapper)
      return listener.call(this, event)
    }, { listener })
    onceListeners.set(wrapper, { listener, busy: false })
    return wrapper
  }
}

/** One or several names, as JavaScript programs pass them: also those of Node's own events. */
type Names = string | symbol | ReadonlyArray<string | symbol>

/** The events of Node's own that every emitter has. */
const nodeNames = ['error', 'newListener', 'removeListener']

const knownNames: ReadonlySet<string | symbol> = new Set([...listenableNames, ...nodeNames])

function toKnownNames (names: Names): ReadonlyArray<string | symbol> {
  const list = typeof names === 'object' ? names : [names]
  for (const name of list) {
    if (typeof name !== 'symbol' && !knownNames.has(name)) assertKnownName(String(name), 'event', listenableNames)
  }
  return list
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
