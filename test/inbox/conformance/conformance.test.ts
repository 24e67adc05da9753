import { AssertionError } from 'node:assert/strict'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bullmqInbox } from '../../../lib/inbox/bullmq/index.ts'
import { inboxConformance, type ConformanceSubject } from '../../../lib/inbox/conformance/index.ts'
import { lmdbInbox } from '../../../lib/inbox/lmdb/index.ts'
import { faults, faulty } from '../../helpers/fixtures/memory-inbox-faults.ts'
import { MemoryInbox } from '../../helpers/fixtures/memory-inbox.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

// Opening an LMDB inbox starts a process for the integrity check.
t.setTimeout(600_000)

const folder = t.testdir()

function runCases (t: Test, create: ConformanceSubject['create']) {
  for (const { name, run } of inboxConformance({ create })) t.test(name, { buffered: true }, run)
}

t.test('MemoryInbox passes all conformance cases', { jobs: 4 }, async (t) => {
  runCases(t, (store, settings) => new MemoryInbox(store, settings))
})

t.test('lmdbInbox passes all conformance cases', { jobs: 4 }, async (t) => {
  runCases(t, (store, settings) => lmdbInbox({ path: join(folder, store), ...settings }))
})

t.test('bullmqInbox passes all conformance cases', { jobs: 4, skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t)
  runCases(t, (store, settings) => bullmqInbox({ connection, name: store, ...settings }))
})

t.test('inboxConformance detects every fault of an inbox', async (t) => {
  const effective = new Set<string>()

  await t.test('an inbox without a fault passes', async (t) => {
    t.strictSame(await findFailedCases(await faulty()), [], 'even with a short deadline')
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
  t.strictSame(names.filter((name) => !effective.has(name)), [], 'each case detects at least one fault')
})

/** Returns the names of the cases that fail with an AssertionError. */
async function findFailedCases (Subject: typeof MemoryInbox): Promise<string[]> {
  const cases = inboxConformance({ create: (store, settings) => new Subject(store, settings), deadline: 800 })
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.map(({ name }) => name).filter((_, index) => {
    const outcome = outcomes[index]
    return outcome?.status === 'rejected' && outcome.reason instanceof AssertionError
  })
}
