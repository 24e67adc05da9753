import { explainResult } from '../explain.ts'
import type { PostResult } from '../post.ts'
import { paint, type Output } from '../terminal.ts'

/** The counts of notifications, whatever the number of attempts. */
export interface ReplayCounts {
  readonly sent: number
  readonly answered200: number
  /** Notifications that were not answered 200, by the status of the last answer. */
  readonly refused: Readonly<Record<string, number>>
  /** Notifications without an answer. */
  readonly unreachable: number
  /** Notifications of other instances. */
  readonly skipped: number
  readonly seconds: number
}

/** Collects the results of a replay. */
export class ReplaySummary {
  readonly #startedAt = performance.now()
  readonly #refused = new Map<number, number>()
  /** One line for each status or error code. */
  readonly #problems = new Map<string | number, string>()
  #sent = 0
  #answered200 = 0
  #unreachable = 0
  #skipped = 0

  add (result: PostResult): void {
    const { status } = result
    this.#sent++
    if (status === 200) {
      this.#answered200++
      return
    }
    if (status === undefined) this.#unreachable++
    else this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1)
    const { message, fix } = explainResult(result)
    this.#problems.set(status ?? result.code, `${message}. Fix: ${fix}.`)
  }

  skip (): void {
    this.#skipped++
  }

  /** Whether every notification was answered 200. */
  get ok (): boolean {
    return this.#answered200 === this.#sent
  }

  /** The progress so far, in a few words. */
  get status (): string {
    const failures = this.#sent - this.#answered200
    return `${this.#sent} sent${failures === 0 ? '' : `, ${failures} not answered 200`}`
  }

  /** What is wrong and how to fix it, one line for each kind of failure. */
  get problems (): string[] {
    return [...this.#problems.values()]
  }

  counts (): ReplayCounts {
    return {
      sent: this.#sent,
      answered200: this.#answered200,
      refused: Object.fromEntries(this.#refused),
      unreachable: this.#unreachable,
      skipped: this.#skipped,
      seconds: Math.round(performance.now() - this.#startedAt) / 1000
    }
  }

  /** The counts as text. */
  lines (output: Output): string[] {
    const { sent, answered200, refused, unreachable, skipped, seconds } = this.counts()
    const line = (label: string, count: number, failed: boolean) => {
      return `  ${label.padEnd(14)} ${paint(output, failed ? 'red' : 'green', String(count))}`
    }
    return [
      `sent ${sent} in ${seconds} s`,
      line('answered 200', answered200, false),
      ...Object.entries(refused).map(([status, count]) => line(`answered ${status}`, count, true)),
      ...unreachable === 0 ? [] : [line('unreachable', unreachable, true)],
      ...skipped === 0 ? [] : [`  ${'skipped'.padEnd(14)} ${skipped} (other instances)`]
    ]
  }
}
