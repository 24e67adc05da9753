import { AssertionError } from 'node:assert/strict'
import { inboxConformance } from 'fastify-green-api/inbox/conformance'
import t from 'tap'
import { faults, faulty } from '../../../helpers/fixtures/memory-inbox-faults.ts'
import type { MemoryInbox } from '../../../helpers/fixtures/memory-inbox.ts'

t.setTimeout(600_000)

t.test('an inbox with a fault breaks a promise', async (t) => {
  const noticing = new Set<string>()

  await t.test('and one without breaks none', async (t) => {
    t.strictSame(await findBroken(await faulty()), [], 'however short the deadline')
  })
  await t.test('whatever the fault', { jobs: 4 }, async (t) => {
    for (const [fault, change] of Object.entries(faults)) {
      t.test(`an inbox that ${fault}`, { buffered: true }, async (t) => {
        const broken = await findBroken(await faulty(change))
        t.not(broken.length, 0, 'is noticed')
        for (const name of broken) noticing.add(name)
      })
    }
  })

  const names = inboxConformance({ create: () => { throw new Error('nothing is run') } }).map(({ name }) => name)
  t.strictSame(names.filter((name) => !noticing.has(name)), [], 'a case that notices nothing tests nothing')
})

/** The names of the promises that are not kept. */
async function findBroken (Subject: typeof MemoryInbox): Promise<string[]> {
  const cases = inboxConformance({ create: (store, settings) => new Subject(store, settings), deadline: 800 })
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.map(({ name }) => name).filter((_, index) => {
    const outcome = outcomes[index]
    return outcome?.status === 'rejected' && outcome.reason instanceof AssertionError
  })
}
