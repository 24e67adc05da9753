import type { ListenerMessage, OutcomeMessage } from '../diagnostics/messages.ts'
import type { GreenApiEmitter } from '../delivery/emitter.ts'
import { settlesWithin } from '../util/settles-within.ts'

/** An outcome, and whether it was published in the course of the watched work itself. */
export interface Watched {
  readonly message: OutcomeMessage
  readonly own: boolean
}

/** Keeps what is told of one notification, and what is published in the course of the watched work. */
export class Watch {
  readonly emitter: GreenApiEmitter
  /** By which ids the notification is known. */
  readonly ids = new Set<string>()
  /** The calls of listeners, in the order in which they began, and whether they are the work's own. */
  readonly calls = new Map<ListenerMessage, boolean>()
  /** What became of notifications, in that order. */
  readonly outcomes: Watched[] = []
  #changed = () => {}

  constructor (emitter: GreenApiEmitter) {
    this.emitter = emitter
  }

  /** Notes a call of a listener, when it begins or when it has ended. */
  noteCall (message: ListenerMessage, own: boolean): void {
    if (!this.calls.has(message)) this.calls.set(message, own)
  }

  /** Notes what became of a notification. */
  noteOutcome (message: OutcomeMessage, own: boolean): void {
    this.outcomes.push({ message, own })
    this.#changed()
  }

  /** Waits at most so many milliseconds until something is found in what was watched. */
  async until<Found> (find: () => Found | undefined, milliseconds: number): Promise<Found | undefined> {
    const found = find()
    if (found !== undefined) return found
    let later: Found | undefined
    await settlesWithin(new Promise<void>((resolve) => {
      this.#changed = () => {
        later ??= find()
        if (later !== undefined) resolve()
      }
    }), milliseconds)
    return later
  }
}
