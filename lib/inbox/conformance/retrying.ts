import assert from 'node:assert/strict'
import { addInTurn, entry, fail, keysOf, revised, stored } from './fixtures.ts'
import type { Checks } from './harness.ts'

/** How what was given up is delivered after all. */
export const retrying: Checks = {
  async 'what is retried leaves the dead-letter list, and is delivered as it was' (trial) {
    let away = true
    const { inbox, host } = await trial.start({ attempts: 1, deliver: () => { if (away) fail() } })
    await addInTurn(inbox, entry('ada-1'), entry('bob-1', { body: null }))
    await trial.until('both are given up', () => host.surrenders.length === 2)
    away = false

    assert.equal(await inbox.retry('bob-1'), 1, 'retry resolves with how many there were')

    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-1'], 'others stay in the list')
    await trial.until('it is delivered', async () => host.delivered.length > 0 && await inbox.pendingCount() === 0)
    assert.deepEqual(host.delivered.map((entry) => stored(entry, entry.revision)), [stored(entry('bob-1', { body: null }))])
    assert.equal(await inbox.retry('bob-1'), 0, 'what was delivered cannot be retried')
    await trial.lookOn()
    assert.equal(host.begun.length, 3, 'it is delivered once')
  },

  async 'nothing is retried where nothing was given up' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ deliver: () => gate.opened })
    await addInTurn(inbox, entry('ada-1'), entry('ada-2'))
    await trial.until('the first is at work', () => host.begun.length === 1)
    for (const key of ['ada-1', 'ada-2', 'ada', 'nobody-1', '*']) assert.equal(await inbox.retry(key), 0, `nothing was given up under the key "${key}"`)
    gate.open()
    await trial.until('both are delivered', () => host.delivered.length >= 2)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), ['ada-1', 'ada-2'], 'each is delivered once')
  },

  async 'what is retried is delivered behind all that waits with its ordering key' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ attempts: 1, deliver: ({ key }) => key === 'ada-1' && host.surrenders.length === 0 ? fail() : gate.opened })
    await addInTurn(inbox, entry('ada-1'), entry('ada-2'), entry('ada-3'))
    await trial.until('the first is given up, the second at work', () => host.surrenders.length === 1 && host.begun.length === 2)

    await inbox.retry('ada-1')
    await inbox.add(entry('ada-4'))
    assert.equal(await inbox.pendingCount(), 4, 'what is retried waits again')
    gate.open()

    await trial.until('all are delivered', () => host.delivered.length >= 4)
    assert.deepEqual(keysOf(host.delivered), ['ada-2', 'ada-3', 'ada-1', 'ada-4'])
    assert.deepEqual([...host.overlapping], [])
  },

  async 'what is retried is tried as often as what is new' (trial) {
    const { inbox, host } = await trial.start({ attempts: 3, deliver: fail })
    await inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => host.surrenders.length === 1)
    const earliest = Date.now()
    await inbox.retry('ada-1')
    await trial.until('it is given up again', () => host.surrenders.length === 2)
    assert.deepEqual(host.begun.map(({ attempt }) => attempt), [1, 2, 3, 1, 2, 3])
    for (const { storedAt } of host.begun.slice(3)) assert.ok(storedAt >= earliest, 'it is told to have been added when it was retried')
    assert.deepEqual(host.surrenders.map(({ attempts }) => attempts), [3, 3])
    const dead = await inbox.deadLetters({ limit: 10 })
    assert.deepEqual(dead.map(({ key, attempts, failedAt }) => [key, attempts, failedAt >= earliest]), [['ada-1', 3, true]], 'it is listed anew')
  },

  async 'every revision that was given up under a key is retried' (trial) {
    let away = true
    const { inbox, host } = await trial.start({ attempts: 1, deliver: ({ revision }) => { if (away && revision !== 2) fail() } })
    await addInTurn(inbox, revised('ada-1', 1), revised('ada-1', 2), revised('ada-1', 3), entry('ada-2'))
    await trial.until('all but the second revision are given up', () => host.surrenders.length === 3)
    away = false
    assert.equal(await inbox.retry('ada-1'), 2)
    await trial.until('both are delivered', () => host.delivered.length >= 3)
    await trial.lookOn()
    assert.deepEqual(host.delivered.map(({ revision }) => revision).sort(), [1, 2, 3])
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-2'])
  },

  async 'what is retried or discarded several times at once is so once' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ attempts: 1, deliver: () => host.begun.length <= 2 ? fail() : gate.opened })
    await addInTurn(inbox, entry('ada-1'), entry('bob-1'))
    await trial.until('both are given up', () => host.surrenders.length === 2)
    const retried = await Promise.all([inbox.retry('ada-1'), inbox.retry('ada-1'), inbox.retry('ada-1')])
    const either = await Promise.all([inbox.discard('bob-1'), inbox.retry('bob-1'), inbox.discard('bob-1')])
    assert.deepEqual(retried.toSorted(), [0, 0, 1])
    assert.deepEqual(either.toSorted(), [0, 0, 1])
    assert.equal(await inbox.pendingCount(), 1 + either[1])
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
  },

  async 'what is retried is stored for good when retry resolves' (trial) {
    const before = await trial.start({ attempts: 1, deliver: fail })
    await before.inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => before.host.surrenders.length === 1)
    await before.inbox.close(trial.deadline)
    const between = await trial.open()
    assert.equal(await between.inbox.retry('ada-1'), 1, 'it can be retried before the start')
    await trial.lookOn()
    assert.deepEqual(keysOf(between.host.begun), [], 'nothing is delivered before the start, what is retried included')
    await between.inbox.close(0)

    const { inbox, host } = await trial.start()

    await trial.until('it is delivered', () => host.delivered.length === 1)
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
  }
}
