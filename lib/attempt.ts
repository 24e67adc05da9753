import type { Task } from './delivery.ts'
import { inTime } from './in-time.ts'

/** Whether a notification is done with. If not, it is to be sent again. */
export type Verdict = boolean

/** One call of the listeners, from its beginning until all are done or it is given up. */
export class Attempt {
  readonly task: Task
  /** What listeners have failed with so far. */
  readonly errors: readonly unknown[]
  /** What to answer to those who waited until it was over, or until their time was. */
  verdict: Verdict | Promise<Verdict> = false
  /** Whether somebody ran out of time waiting for it. */
  late = false
  /** Whether it is done, or given up. */
  over = false
  readonly #finished: Promise<void>
  #window: Promise<void> | undefined

  /** `finished` is settled when all listeners are done, and never rejects. */
  constructor (task: Task, errors: readonly unknown[], finished: Promise<void>) {
    this.task = task
    this.errors = errors
    this.#finished = finished
  }

  /**
   * Waits until it is over, at most `timeout`, and then calls `onLate`.
   *
   * Whoever comes while somebody is waiting already shares what is left of that time, so that
   * it is over for all of them at once.
   */
  wait (onLate: () => void): Promise<void> {
    this.#window ??= inTime(this.#finished, this.task.terms.timeout).then((finished) => {
      this.#window = undefined
      if (!finished) onLate()
    })
    return this.#window
  }
}
