import { closing } from './closing.ts'
import { deadLetters } from './dead-letters.ts'
import { duplicates } from './duplicates.ts'
import { failing } from './failing.ts'
import { TestHarness, type Check, type Checks, type ConformanceSubject } from './harness.ts'
import { ordering } from './ordering.ts'
import { reopening } from './reopening.ts'
import { retrying } from './retrying.ts'
import { storing } from './storing.ts'

/** A test of one requirement of the interface `Inbox`. */
export interface ConformanceCase {
  /** The requirement, as a sentence. */
  readonly name: string
  /**
   * Runs the test.
   *
   * @throws {AssertionError} when the inbox does not meet the requirement; the message says how
   */
  run (): Promise<void>
}

const checks: Checks = {
  ...storing, ...duplicates, ...ordering, ...failing, ...deadLetters, ...retrying, ...closing, ...reopening
}

/**
 * Returns tests of all requirements of the interface `Inbox`, for any test runner.
 *
 * Cases use different stores and may run concurrently. Each case closes the inboxes that it opened. The caller
 * removes the stores. Recovery after a crash is not tested, because that needs a process to kill.
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
    // A function without parameters: test runners pass arguments of their own.
    run: () => runCheck(new TestHarness(subject), check)
  }))
}

async function runCheck (harness: TestHarness, check: Check): Promise<void> {
  try {
    await check(harness)
  } catch (error) {
    // The first error is the one to report.
    await harness.end().catch(() => {})
    throw error
  }
  await harness.end()
}
