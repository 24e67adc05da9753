import { explain } from '../explain.ts'
import type { PostResult } from '../post.ts'
import { paint, type Output } from '../terminal.ts'

/** What came of a replay. */
export interface Summary {
  /** How many notifications were posted, however often. */
  readonly sent: number
  /** How many of them were answered 200 at last. */
  readonly answered200: number
  /** How many were not, by the status of the last answer. */
  readonly refused: Readonly<Record<string, number>>
  /** How many had no answer. */
  readonly unreachable: number
  /** How many are of another instance than was asked for. */
  readonly skipped: number
  readonly seconds: number
}

/** Counts what comes of a replay. */
export class ReplaySummary {
  readonly #began = performance.now()
  readonly #refused = new Map<number, number>()
  /** What is wrong, and what to do: a line for each kind. */
  readonly #problems = new Map<string | number, string>()
  #sent = 0
  #answered200 = 0
  #unreachable = 0
  #skipped = 0

  add (outcome: PostResult): void {
    const { status } = outcome
    this.#sent++
    if (status === 200) {
      this.#answered200++
      return
    }
    if (status === undefined) this.#unreachable++
    else this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1)
    const { what, fix } = explain(outcome)
    this.#problems.set(status ?? outcome.code, `${what}: ${fix}`)
  }

  skip (): void {
    this.#skipped++
  }

  /** Whether every one was answered 200. */
  get ok (): boolean {
    return this.#answered200 === this.#sent
  }

  /** How it goes, in a few words. */
  get status (): string {
    const failures = this.#sent - this.#answered200
    return `${this.#sent} sent${failures === 0 ? '' : `, ${failures} not answered 200`}`
  }

  summary (): Summary {
    return {
      sent: this.#sent,
      answered200: this.#answered200,
      refused: Object.fromEntries(this.#refused),
      unreachable: this.#unreachable,
      skipped: this.#skipped,
      seconds: Math.round(performance.now() - this.#began) / 1000
    }
  }

  /** The summary, for people. */
  lines (output: Output): string[] {
    const { sent, answered200, refused, unreachable, skipped, seconds } = this.summary()
    const line = (label: string, count: number, bad: boolean) => `  ${label.padEnd(14)} ${paint(output, bad ? 'red' : 'green', String(count))}`
    return [
      `sent ${sent} in ${seconds} s`,
      line('answered 200', answered200, false),
      ...Object.entries(refused).map(([status, count]) => line(`answered ${status}`, count, true)),
      ...unreachable === 0 ? [] : [line('unreachable', unreachable, true)],
      ...skipped === 0 ? [] : [`  ${'skipped'.padEnd(14)} ${skipped}, of other instances`]
    ]
  }

  get problems (): string[] {
    return [...this.#problems.values()]
  }
}
