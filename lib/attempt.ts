/** Whether a notification is done with. If not, it is to be sent again. */
export type Verdict = boolean

/** One call of the listeners, while it lasts. */
export class Attempt {
  readonly checksum: number
  /** What listeners have failed with so far. */
  readonly errors: readonly unknown[]
  /** Whether somebody ran out of time waiting for it. */
  late = false
  /** Whether it is done, or given up. */
  over = false
  /** Once it is over. */
  verdict: Verdict | Promise<Verdict> = false
  readonly finished: Promise<void>
  // Set at once, by the function that the promise is made with.
  declare finish: (verdict: Verdict | Promise<Verdict>) => void

  constructor (checksum: number, errors: readonly unknown[]) {
    this.checksum = checksum
    this.errors = errors
    this.finished = new Promise((resolve) => {
      this.finish = (verdict) => {
        this.over = true
        this.verdict = verdict
        resolve()
      }
    })
  }
}
