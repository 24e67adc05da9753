import assert from 'node:assert/strict'
import { addInTurn, entry, fail, keysOf, series } from './fixtures.ts'
import type { Checks } from './harness.ts'

/** What whoever opens the store next finds. */
export const reopening: Checks = {
  async 'what was not delivered is delivered when the store is opened again, and nothing else' (trial) {
    const gate = trial.gate()
    const before = await trial.start({ concurrency: 1, deliver: ({ key }) => key === 'ada-2' ? gate.opened : undefined })
    await addInTurn(before.inbox, ...series('ada', 4), ...series('bob', 2))
    await trial.until('the second is at work', () => keysOf(before.host.begun).includes('ada-2'))
    const closing = before.inbox.close(trial.deadline)
    gate.open()
    await closing

    const { inbox, host } = await trial.open()
    assert.equal(await inbox.pendingCount(), 6 - before.host.delivered.length, 'size counts what is left')
    inbox.start()

    await trial.until('the rest is delivered', () => before.host.delivered.length + host.delivered.length >= 6)
    await trial.lookOn()
    assert.deepEqual(keysOf([...before.host.begun, ...host.begun]).sort(), keysOf([...series('ada', 4), ...series('bob', 2)]))
    assert.equal(await inbox.pendingCount(), 0)
  },

  async 'an attempt that close cut short is made again' (trial) {
    const gate = trial.gate()
    const before = await trial.start({ deliver: () => gate.opened })
    await addInTurn(before.inbox, ...series('ada', 2))
    await trial.until('the first is at work', () => before.host.begun.length === 1)
    await before.inbox.close(0)

    const { inbox, host } = await trial.start()

    await trial.until('both are delivered', () => host.delivered.length >= 2)
    assert.deepEqual(keysOf(host.delivered), ['ada-1', 'ada-2'], 'in the order in which they were added')
    gate.open()
    await trial.lookOn()
    assert.equal(before.host.begun.length, 1, 'an inbox that is closed goes on with nothing, though its last attempt ended late')
    assert.equal(await inbox.pendingCount(), 0)
  },

  async 'an attempt that close cut short counts for none' (trial) {
    const gate = trial.gate()
    const before = await trial.start({ attempts: 2, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await trial.until('it is at work', () => before.host.begun.length === 1)
    await before.inbox.close(0)
    gate.open()
    await trial.lookOn()
    assert.deepEqual(before.host.surrenders, [], 'an inbox that is closed gives nothing up')

    const { inbox, host } = await trial.start({ attempts: 2, deliver: fail })

    await trial.until('it is given up', () => host.surrenders.length === 1)
    assert.deepEqual(host.begun.map(({ attempt }) => attempt), [1, 2])
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2])
  },

  async 'attempts that were made are counted when the store is opened again' (trial) {
    const attempts = 5
    const before = await trial.start({ attempts, backoff: 200, deliver: fail })
    await before.inbox.add(entry('ada-1'))
    await trial.until('it was tried', () => before.host.begun.length > 0)
    await before.inbox.close(trial.deadline)
    assert.ok(before.host.begun.length < attempts, 'there are attempts left')

    const { inbox, host } = await trial.start({ attempts, deliver: fail })

    await trial.until('it is given up', () => host.surrenders.length > 0)
    const begun = [...before.host.begun, ...host.begun]
    assert.deepEqual(begun.map(({ attempt }) => attempt), [1, 2, 3, 4, 5], 'those before and those after')
    assert.equal(new Set(begun.map(({ storedAt }) => storedAt)).size, 1, 'when it was added is not forgotten')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [attempts])
    assert.deepEqual(host.surrenders.map(({ attempts }) => attempts), [attempts])
  },

  async 'an attempt that fails while the inbox closes is counted' (trial) {
    const gate = trial.gate()
    const before = await trial.start({ attempts: 2, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await trial.until('it is at work', () => before.host.begun.length === 1)
    const closing = before.inbox.close(trial.deadline)
    gate.open()
    await closing
    assert.deepEqual(before.host.surrenders, [])

    const { inbox, host } = await trial.start({ attempts: 2, deliver: fail })

    await trial.until('it is given up', () => host.surrenders.length === 1)
    assert.equal(host.begun.length, 1, 'one of two attempts was left')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2])
  },

  async 'an entry that is given up while the inbox closes is in the dead-letter list' (trial) {
    const gate = trial.gate()
    const before = await trial.start({ attempts: 1, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await trial.until('it is at work', () => before.host.begun.length === 1)
    const closing = before.inbox.close(trial.deadline)
    gate.open()
    await closing

    const { inbox, host } = await trial.start({ attempts: 1 })

    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-1'])
    assert.equal(await inbox.pendingCount(), 0)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), [])
  },

  async 'a pause between attempts keeps its place in the order when the store is opened again' (trial) {
    const before = await trial.start({ attempts: 3, backoff: 200, deliver: fail })
    await addInTurn(before.inbox, ...series('ada', 2))
    await trial.until('the first was tried', () => before.host.begun.length > 0)
    await before.inbox.close(trial.deadline)

    const { inbox, host } = await trial.start({ attempts: 3 })
    await inbox.add(entry('ada-3'))

    await trial.until('all are delivered', () => host.delivered.length >= 3)
    assert.deepEqual(keysOf(host.delivered), ['ada-1', 'ada-2', 'ada-3'], 'what failed is still before what came after it')
  }
}
