import { EventEmitter } from 'node:events'
import { announceCall, areCallsWatched } from '../diagnostics/announce.ts'
import { InboxError } from '../errors.ts'
import type { EventMap, ListenableName } from '../events/event-map.ts'
import type { InboxControl } from '../inbox/control.ts'
import { errorMessage } from '../util/error-message.ts'

/** What is called with an event. Where it returns a promise, the answer waits for it. */
export type Listener<Name extends ListenableName> = (event: EventMap[Name][0]) => void | Promise<void>

/** What a delivery came to: nothing where every listener succeeded, else what they failed with. */
export type DeliveryError = AggregateError | undefined

/** Node's interface, typed: a name that is not in the map does not compile. */
export interface GreenApiEmitter {
  /** Adds a listener, which is called with each event of this name. */
  on<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** Removes a listener. */
  off<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** As `on`. */
  addListener<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** As `off`. */
  removeListener<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** As `on`, before the listeners that are there. */
  prependListener<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this
  /** Node's own, which waits for nobody. */
  emit<Name extends ListenableName> (name: Name, ...event: EventMap[Name]): boolean
}

/**
 * Node's `EventEmitter`, typed, with a delivery that can be awaited.
 *
 * `emit` is Node's own, which waits for nobody; notifications go through `deliver`.
 */
export class GreenApiEmitter extends EventEmitter {
  /** What is registered for one event: the listener itself, and whether it is at work on that event. */
  readonly #once = new WeakMap<Called, Once>()

  readonly #inbox: InboxControl | undefined

  constructor (inbox?: InboxControl) {
    super()
    this.#inbox = inbox
    // An application may well have a listener for each of its features.
    this.setMaxListeners(0)
  }

  /**
   * What waits in the inbox, and what was given up.
   *
   * @throws {InboxError} where the plugin was registered without one
   */
  get inbox (): InboxControl {
    if (this.#inbox === undefined) throw new InboxError('there is no inbox: register the plugin with the option inbox, such as lmdbInbox({ path }) makes one')
    return this.#inbox
  }

  /** As Node's; a listener that fails stays, so that the next attempt reaches it. */
  override once<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this {
    return this.on(name, this.#onlyOnce(name, listener))
  }

  /** As Node's; a listener that fails stays, so that the next attempt reaches it. */
  override prependOnceListener<Name extends ListenableName> (name: Name, listener: (event: EventMap[Name][0]) => void | Promise<void>): this {
    return this.prependListener(name, this.#onlyOnce(name, listener))
  }

  /** How many listeners these names have in all. */
  countListeners (names: readonly ListenableName[]): number {
    let count = 0
    for (const name of names) count += this.listenerCount(name)
    return count
  }

  /**
   * Calls every listener of the names with the event, in the order of the names, and waits
   * for all of them.
   *
   * A listener that throws or rejects keeps no other from being called. Never throws and never
   * rejects. Where every listener is synchronous the outcome is returned as it is, without a
   * promise. What the listeners fail with is added to `errors` as it happens.
   */
  deliver (names: readonly ListenableName[], event: unknown, errors: unknown[] = []): DeliveryError | Promise<DeliveryError> {
    let pending: Array<Promise<void>> | undefined
    for (const name of names) {
      // Copying the list of listeners, as Node does, lets them come and go meanwhile.
      const listeners = this.listenerCount(name) === 0 ? none : this.rawListeners(name) as Called[]
      for (const listener of listeners) {
        const once = this.#once.get(listener)
        const work = once === undefined
          ? this.#call(name, listener, event, errors)
          : this.#callOnce(name, once, () => { this.off(name, listener as Listener<typeof name>) }, event, errors)
        if (work !== undefined) (pending ??= []).push(work)
      }
    }
    return pending === undefined ? outcome(errors) : Promise.all(pending).then(() => outcome(errors))
  }

  // A promise where the listener is still at work; it never rejects.
  #call (name: ListenableName, listener: Called, event: unknown, errors: unknown[]): Promise<void> | undefined {
    const end = areCallsWatched() ? announceCall({ emitter: this, name, event: event as EventMap[typeof name][0], listener }) : undefined
    try {
      const result = listener.call(this, event)
      if (isThenable(result)) return Promise.resolve(result).then(end && (() => { end() }), (error) => { fail(error, errors, end) })
      end?.()
    } catch (error) {
      fail(error, errors, end)
    }
  }

  // It stays registered until it has succeeded, and takes no other event meanwhile.
  #callOnce (name: ListenableName, once: Once, remove: () => void, event: unknown, errors: unknown[]): Promise<void> | undefined {
    if (once.busy) return
    once.busy = true
    const own: unknown[] = []
    const finish = () => {
      once.busy = false
      if (own.length === 0) remove()
      else errors.push(...own)
    }
    const work = this.#call(name, once.listener, event, own)
    if (work !== undefined) return work.then(finish)
    finish()
  }

  #onlyOnce<Name extends ListenableName> (name: Name, listener: Listener<Name>): Listener<Name> {
    // Called by Node's own emit alone. Node finds it by its member when told to remove the listener.
    const wrapped = Object.assign((event: EventMap[Name][0]) => {
      this.off(name, wrapped)
      return listener.call(this, event)
    }, { listener })
    this.#once.set(wrapped as Called, { listener: listener as Called, busy: false })
    return wrapped
  }
}

interface Once {
  readonly listener: Called
  busy: boolean
}

// A listener where any name passes: what it takes is known for each name by itself only.
type Called = (event: unknown) => unknown

const none: readonly Called[] = []

function isThenable (value: unknown): value is PromiseLike<void> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && 'then' in value && typeof value.then === 'function'
}

function fail (error: unknown, errors: unknown[], end: ReturnType<typeof announceCall> | undefined): void {
  errors.push(error)
  end?.({ error })
}

function outcome (errors: unknown[]): DeliveryError {
  if (errors.length === 0) return undefined
  const messages = errors.map(errorMessage).join('; ')
  return new AggregateError(errors, `${errors.length === 1 ? 'a listener' : `${errors.length} listeners`} failed: ${messages}`)
}
