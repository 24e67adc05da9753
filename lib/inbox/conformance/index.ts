import { closing } from './closing.ts'
import { deadLetters } from './dead-letters.ts'
import { failing } from './failing.ts'
import { ordering } from './ordering.ts'
import { repeats } from './repeats.ts'
import { retrying } from './retrying.ts'
import { reopening } from './reopening.ts'
import { storing } from './storing.ts'
import type { ConformanceSubject } from './subject.ts'
import { TestHarness, type Check, type Checks } from './harness.ts'

export type { ConformanceSettings, ConformanceSubject } from './subject.ts'

/** One promise that an inbox makes, and whether it keeps it. */
export interface ConformanceCase {
  /** A sentence that is true of an inbox that conforms. */
  readonly name: string
  /** Rejects, with an `AssertionError` that says what is wrong, where the inbox does not keep it. */
  run (): Promise<void>
}

const checks: Checks = { ...storing, ...repeats, ...ordering, ...failing, ...deadLetters, ...retrying, ...closing, ...reopening }

/**
 * The promises that any implementation of `Inbox` makes, as tests for whatever runner there is.
 *
 * Cases share no store and may run side by side. Each closes what it opened; the stores are left
 * to be removed by whoever made them. What a crash leaves behind is not tested: that takes a
 * process that can be killed.
 *
 * @example
 * import { test } from 'node:test'
 *
 * const create = (store, settings) => new MyInbox({ table: store, ...settings })
 * for (const { name, run } of inboxConformance({ create })) test(name, run)
 */
export function inboxConformance (subject: ConformanceSubject): ConformanceCase[] {
  return Object.entries(checks).map(([name, check]) => ({
    name,
    // Whatever else a runner hands to its tests is of no interest.
    run: () => run(new TestHarness(subject), check)
  }))
}

async function run (trial: TestHarness, check: Check): Promise<void> {
  try {
    await check(trial)
  } catch (error) {
    // What was wrong first is what is to be told.
    await trial.end().catch(() => {})
    throw error
  }
  await trial.end()
}
