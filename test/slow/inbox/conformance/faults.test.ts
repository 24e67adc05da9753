import { AssertionError } from 'node:assert/strict'
import { inboxConformance } from 'fastify-green-api/inbox/conformance'
import t from 'tap'
import { faults, faulty } from '../../../helpers/fixtures/memory-inbox-faults.ts'
import type { MemoryInbox } from '../../../helpers/fixtures/memory-inbox.ts'

t.setTimeout(600_000)

t.test('inboxConformance detects every fault of an inbox', async (t) => {
  const effective = new Set<string>()

  await t.test('an inbox without a fault passes', async (t) => {
    const failed = await findFailedCases(await faulty())
    // On a busy machine, a timer can be late. These cases get a second try, alone.
    const again = failed.length > 0 ? await findFailedCases(await faulty(), failed) : []
    t.strictSame(again, [], 'even with a short deadline')
  })
  await t.test('an inbox with a fault fails', { jobs: 4 }, async (t) => {
    for (const [fault, change] of Object.entries(faults)) {
      t.test(`an inbox that ${fault}`, { buffered: true }, async (t) => {
        const failed = await findFailedCases(await faulty(change))
        t.not(failed.length, 0, 'a case fails')
        for (const name of failed) effective.add(name)
      })
    }
  })

  const names = inboxConformance({ create: () => { throw new Error('no case is run') } }).map(({ name }) => name)
  const missing = () => names.filter((name) => !effective.has(name))
  // On a busy machine, a case can pass by chance. It gets a second try, alone.
  for (const change of missing().length > 0 ? Object.values(faults) : []) {
    for (const name of await findFailedCases(await faulty(change), missing())) effective.add(name)
  }
  t.strictSame(missing(), [], 'each case detects at least one fault')
})

/** Returns the names of the cases that fail with an AssertionError. Default: of all cases. */
async function findFailedCases (Subject: typeof MemoryInbox, names?: readonly string[]): Promise<string[]> {
  const cases = inboxConformance({ create: (store, settings) => new Subject(store, settings), deadline: 800 })
    .filter(({ name }) => names?.includes(name) ?? true)
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.map(({ name }) => name).filter((_, index) => {
    const outcome = outcomes[index]
    return outcome?.status === 'rejected' && outcome.reason instanceof AssertionError
  })
}
