import { EventEmitter, once } from 'node:events'

/** Something to wait at until it is opened. */
export class Gate {
  readonly #emitter = new EventEmitter()
  readonly opened: Promise<unknown> = once(this.#emitter, 'open')

  open (): void {
    this.#emitter.emit('open')
  }
}

/** A promise of which one can see whether it is settled. */
export class Watched<Value> {
  readonly promise: Promise<Value>
  settled = false

  constructor (promise: Promise<Value>) {
    this.promise = promise
    // Where it rejects, whoever waits for it is told.
    const settle = () => { this.settled = true }
    promise.then(settle, settle)
  }
}
