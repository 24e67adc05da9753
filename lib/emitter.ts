import { EventEmitter } from 'node:events'
import type { EventMap, ListenableName } from './events.ts'

/** What is called with an event. Where it returns a promise, the answer waits for it. */
export type Listener<Name extends ListenableName> = (event: EventMap[Name][0]) => void | Promise<void>

/** What a delivery came to: nothing where every listener succeeded, else what they failed with. */
export type Outcome = AggregateError | undefined

/** The typed half of Node's interface: a name that is not in the map does not compile. */
export interface GreenApiEmitter {
  on<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  once<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  off<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  addListener<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  removeListener<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  prependListener<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  prependOnceListener<Name extends ListenableName> (name: Name, listener: Listener<Name>): this
  emit<Name extends ListenableName> (name: Name, ...event: EventMap[Name]): boolean
}

/**
 * Node's `EventEmitter`, typed, with a delivery that can be awaited.
 *
 * `emit` is Node's own, which waits for nobody; notifications go through `deliver`.
 */
export class GreenApiEmitter extends EventEmitter {
  constructor () {
    super()
    // An application may well have a listener for each of its features.
    this.setMaxListeners(0)
  }

  /**
   * Calls every listener of the names with the event, in the order of the names, and waits
   * for all of them.
   *
   * A listener that throws or rejects keeps no other from being called; one registered with
   * `once` that does so is put back. Never throws and never rejects. Where every listener is
   * synchronous the outcome is returned as it is, without a promise.
   *
   * What the listeners fail with is added to `errors` as it happens.
   */
  deliver (names: readonly ListenableName[], event: unknown, errors: unknown[] = []): Outcome | Promise<Outcome> {
    let pending: Array<Promise<void>> | undefined
    for (const name of names) {
      // Copying the list of listeners, as Node does, lets them come and go meanwhile.
      const listeners = this.listenerCount(name) === 0 ? none : this.rawListeners(name) as Called[]
      for (const listener of listeners) {
        try {
          const result = listener.call(this, event)
          if (isThenable(result)) {
            pending ??= []
            pending.push(Promise.resolve(result).then(undefined, (error) => {
              errors.push(error)
              this.#putBack(name, listener)
            }))
          }
        } catch (error) {
          errors.push(error)
          this.#putBack(name, listener)
        }
      }
    }
    return pending === undefined ? outcome(errors) : Promise.all(pending).then(() => outcome(errors))
  }

  // Node's wrapper of a `once` listener has removed itself by now, and holds the listener.
  #putBack (name: ListenableName, { listener }: Called) {
    if (listener !== undefined) this.once(name, listener)
  }
}

// The types of the map hold for each name by itself; here, where any name passes, they cannot.
interface Called {
  (event: unknown): unknown
  listener?: Listener<ListenableName>
}

const none: readonly Called[] = []

function isThenable (value: unknown): value is PromiseLike<void> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function outcome (errors: unknown[]): Outcome {
  if (errors.length === 0) return undefined
  return new AggregateError(errors, errors.length === 1 ? 'a listener failed' : `${errors.length} listeners failed`)
}
