import { EventEmitter, once } from 'node:events'

/** A promise that resolves when `open` is called. */
export class Gate {
  readonly #emitter = new EventEmitter()
  readonly opened: Promise<unknown> = once(this.#emitter, 'open')

  open (): void {
    this.#emitter.emit('open')
  }
}

/** A promise whose state can be read. */
export class TrackedPromise<Value> {
  readonly promise: Promise<Value>
  settled = false

  constructor (promise: Promise<Value>) {
    this.promise = promise
    // Handles a rejection here too, so that it is never unhandled before somebody awaits `promise`.
    const settle = () => { this.settled = true }
    promise.then(settle, settle)
  }
}
