import type { Test } from 'tap'

/** Collects uncaught exceptions until the test ends. They do not fail the test. */
export function collectUncaught (t: Test): unknown[] {
  const uncaught: unknown[] = []
  const note = (error: unknown) => { uncaught.push(error) }
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException').on('uncaughtException', note)
  t.teardown(() => {
    process.off('uncaughtException', note)
    for (const other of others) process.on('uncaughtException', other)
  })
  return uncaught
}
