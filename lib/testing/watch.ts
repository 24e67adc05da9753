import { AsyncLocalStorage } from 'node:async_hooks'
import { listenerEnd, listenerStart, outcomes } from '../diagnostics/channels.ts'
import type { ListenerMessage, OutcomeMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter } from '../emitter.ts'
import { inTime } from '../in-time.ts'

/** A message of a channel, and whether it was published in the course of the watched work itself. */
export interface Watched<Message> {
  readonly message: Message
  readonly own: boolean
}

const watches = new AsyncLocalStorage<Watch>()

/** Keeps what the diagnostics channels tell of one emitter. */
export class Watch {
  /** The calls of listeners, in the order in which they began. */
  readonly calls: Array<Watched<ListenerMessage>> = []
  /** What became of notifications, in that order. */
  readonly outcomes: Array<Watched<OutcomeMessage>> = []
  readonly #emitter: GreenApiEmitter
  #changed = () => {}

  constructor (emitter: GreenApiEmitter) {
    this.#emitter = emitter
    listenerStart.subscribe(this.#onCall)
    listenerEnd.subscribe(this.#onCall)
    outcomes.subscribe(this.#onOutcome)
  }

  /** Does the work; of what is published in its course, however long after, it is known that it is its own. */
  during<Result> (work: () => Result): Result {
    return watches.run(this, work)
  }

  /** Waits at most so many milliseconds until something is found in what was watched. */
  async until<Found> (find: () => Found | undefined, milliseconds: number): Promise<Found | undefined> {
    const found = find()
    if (found !== undefined) return found
    let later: Found | undefined
    await inTime(new Promise<void>((resolve) => {
      this.#changed = () => {
        later ??= find()
        if (later !== undefined) resolve()
      }
    }), milliseconds)
    return later
  }

  /** Watches no longer. */
  end (): void {
    listenerStart.unsubscribe(this.#onCall)
    listenerEnd.unsubscribe(this.#onCall)
    outcomes.unsubscribe(this.#onOutcome)
  }

  readonly #onCall = (message: unknown): void => {
    // The channels carry nothing else.
    const call = message as ListenerMessage
    if (call.emitter !== this.#emitter || this.calls.some(({ message }) => message === call)) return
    this.calls.push({ message: call, own: watches.getStore() === this })
  }

  readonly #onOutcome = (message: unknown): void => {
    const outcome = message as OutcomeMessage
    if (outcome.emitter !== this.#emitter) return
    this.outcomes.push({ message: outcome, own: watches.getStore() === this })
    this.#changed()
  }
}
