import assert from 'node:assert/strict'
import { addSequentially, entry, fail, keysOf, revised, stored } from './fixtures.ts'
import type { Checks } from './harness.ts'

/** Checks of `retry`. */
export const retrying: Checks = {
  async 'a retried entry leaves the dead-letter list and is delivered unchanged' (harness) {
    let shouldFail = true
    const { inbox, handler } = await harness.start({ attempts: 1, deliver: () => { if (shouldFail) fail() } })
    await addSequentially(inbox, entry('ada-1'), entry('bob-1', { body: null }))
    await harness.until('both entries are dead letters', () => handler.deadLetterCalls.length === 2)
    shouldFail = false

    assert.equal(await inbox.retry('bob-1'), 1, 'retry resolves with the number of retried entries')

    assert.deepEqual(
      keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-1'], 'the other dead letter stays in the list'
    )
    await harness.until(
      'the entry is delivered', async () => handler.delivered.length > 0 && await inbox.pendingCount() === 0
    )
    assert.deepEqual(
      handler.delivered.map((entry) => stored(entry, entry.revision)), [stored(entry('bob-1', { body: null }))]
    )
    assert.equal(await inbox.retry('bob-1'), 0, 'a delivered entry cannot be retried')
    await harness.wait()
    assert.equal(handler.started.length, 3, 'the entry is delivered once')
  },

  async 'retry has no effect when there is no dead letter with the key' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ deliver: () => gate.opened })
    await addSequentially(inbox, entry('ada-1'), entry('ada-2'))
    await harness.until('the first entry is being delivered', () => handler.started.length === 1)
    for (const key of ['ada-1', 'ada-2', 'ada', 'nobody-1', '*']) {
      assert.equal(await inbox.retry(key), 0, `there is no dead letter with the key "${key}"`)
    }
    gate.open()
    await harness.until('both entries are delivered', () => handler.delivered.length >= 2)
    await harness.wait()
    assert.deepEqual(keysOf(handler.started), ['ada-1', 'ada-2'], 'each entry is delivered once')
  },

  async 'a retried entry is delivered after the waiting entries of its ordering key' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({
      attempts: 1, deliver: ({ key }) => key === 'ada-1' && handler.deadLetterCalls.length === 0 ? fail() : gate.opened
    })
    await addSequentially(inbox, entry('ada-1'), entry('ada-2'), entry('ada-3'))
    await harness.until(
      'the first entry is a dead letter, the second is being delivered',
      () => handler.deadLetterCalls.length === 1 && handler.started.length === 2
    )

    await inbox.retry('ada-1')
    await inbox.add(entry('ada-4'))
    assert.equal(await inbox.pendingCount(), 4, 'the retried entry is pending')
    gate.open()

    await harness.until('all entries are delivered', () => handler.delivered.length >= 4)
    assert.deepEqual(keysOf(handler.delivered), ['ada-2', 'ada-3', 'ada-1', 'ada-4'])
    assert.deepEqual([...handler.overlapping], [])
  },

  async 'a retried entry has as many attempts as a new one' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 3, deliver: fail })
    await inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length === 1)
    const earliest = Date.now()
    await inbox.retry('ada-1')
    await harness.until('the entry is a dead letter again', () => handler.deadLetterCalls.length === 2)
    assert.deepEqual(handler.started.map(({ attempt }) => attempt), [1, 2, 3, 1, 2, 3])
    for (const { storedAt } of handler.started.slice(3)) {
      assert.ok(storedAt >= earliest, 'storedAt is the time of retry')
    }
    assert.deepEqual(handler.deadLetterCalls.map(({ attempts }) => attempts), [3, 3])
    const dead = await inbox.deadLetters({ limit: 10 })
    assert.deepEqual(
      dead.map(({ key, attempts, failedAt }) => [key, attempts, failedAt >= earliest]),
      [['ada-1', 3, true]],
      'it is in the list again'
    )
  },

  async 'retry retries all dead revisions of a key' (harness) {
    let shouldFail = true
    const { inbox, handler } = await harness.start({
      attempts: 1, deliver: ({ revision }) => { if (shouldFail && revision !== 2) fail() }
    })
    await addSequentially(inbox, revised('ada-1', 1), revised('ada-1', 2), revised('ada-1', 3), entry('ada-2'))
    await harness.until(
      'all entries but the second revision are dead letters', () => handler.deadLetterCalls.length === 3
    )
    shouldFail = false
    assert.equal(await inbox.retry('ada-1'), 2)
    await harness.until('both entries are delivered', () => handler.delivered.length >= 3)
    await harness.wait()
    assert.deepEqual(handler.delivered.map(({ revision }) => revision).sort(), [1, 2, 3])
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-2'])
  },

  async 'concurrent retry and discard calls for one key take effect once' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({
      attempts: 1, deliver: () => handler.started.length <= 2 ? fail() : gate.opened
    })
    await addSequentially(inbox, entry('ada-1'), entry('bob-1'))
    await harness.until('both entries are dead letters', () => handler.deadLetterCalls.length === 2)
    const retried = await Promise.all([inbox.retry('ada-1'), inbox.retry('ada-1'), inbox.retry('ada-1')])
    const either = await Promise.all([inbox.discard('bob-1'), inbox.retry('bob-1'), inbox.discard('bob-1')])
    assert.deepEqual(retried.toSorted(), [0, 0, 1])
    assert.deepEqual(either.toSorted(), [0, 0, 1])
    assert.equal(await inbox.pendingCount(), 1 + either[1])
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
  },

  async 'a retried entry is stored when retry resolves' (harness) {
    const before = await harness.start({ attempts: 1, deliver: fail })
    await before.inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => before.handler.deadLetterCalls.length === 1)
    await before.inbox.close(harness.deadline)
    const between = await harness.open()
    assert.equal(await between.inbox.retry('ada-1'), 1, 'retry works before start')
    await harness.wait()
    assert.deepEqual(keysOf(between.handler.started), [], 'nothing is delivered before start')
    await between.inbox.close(0)

    const { inbox, handler } = await harness.start()

    await harness.until('the entry is delivered', () => handler.delivered.length === 1)
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
  }
}
