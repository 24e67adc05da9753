import assert from 'node:assert/strict'
import { addConcurrently, addSequentially, entry, fail, keysOf, recovered, revised, stored } from './fixtures.ts'
import type { Checks } from './harness.ts'

const revisions = [1, 2, 3, 4, 5]

/** Checks of duplicates and revisions. */
export const duplicates: Checks = {
  async 'a duplicate is not stored while the entry waits, is being delivered or was delivered' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.open({ deliver: () => gate.opened })
    const addAgain = () => inbox.add(entry('ada-1'))

    assert.equal(await addAgain(), true, 'the entry is new')
    assert.equal(await addAgain(), false, 'a duplicate of a waiting entry is not new')
    inbox.start()
    await harness.until('the entry is being delivered', () => handler.started.length === 1)
    assert.equal(await addAgain(), false, 'a duplicate of an entry being delivered is not new')
    gate.open()
    await harness.until('the entry is delivered', async () => await inbox.pendingCount() === 0)
    assert.equal(await addAgain(), false, 'a duplicate of a delivered entry is not new')

    assert.equal(await inbox.pendingCount(), 0)
    await harness.wait()
    assert.equal(handler.started.length, 1, 'the entry is delivered once')
  },

  async 'a duplicate of a dead letter is not stored, even after discard or retry' (harness) {
    let shouldFail = true
    const { inbox, handler } = await harness.start({ attempts: 1, deliver: () => { if (shouldFail) fail() } })
    await addSequentially(inbox, entry('ada-1'), entry('bob-1'))
    await harness.until('both entries are dead letters', () => handler.deadLetterCalls.length === 2)
    shouldFail = false

    assert.equal(await inbox.add(entry('ada-1')), false, 'a duplicate of a dead letter is not new')
    await inbox.discard('ada-1')
    assert.equal(await inbox.add(entry('ada-1')), false, 'a duplicate of a discarded dead letter is not new')
    await inbox.retry('bob-1')
    await harness.until('the retried entry is delivered', () => handler.delivered.length === 1)
    assert.equal(await inbox.add(entry('bob-1')), false, 'a duplicate of a retried entry is not new')

    await harness.wait()
    assert.equal(handler.started.length, 3, 'no duplicate is delivered')
  },

  async 'a duplicate is not stored after the store was closed and opened again' (harness) {
    const before = await harness.start({ attempts: 1, deliver: ({ key }) => { if (key === 'ada-2') fail() } })
    await addSequentially(before.inbox, entry('ada-1'), entry('ada-2'))
    await harness.until(
      'one entry is delivered and one is a dead letter', () => before.handler.deadLetterCalls.length === 1
    )
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    assert.deepEqual(await addSequentially(inbox, entry('ada-1'), entry('ada-2')), [false, false])
    await harness.wait()
    assert.deepEqual(keysOf(handler.started), [], 'neither entry is delivered again')
  },

  async 'one of several identical entries is stored when they are added concurrently' (harness) {
    const { inbox, handler } = await harness.start()
    const answers = await addConcurrently(inbox, ...Array.from({ length: 10 }, () => entry('ada-1')))
    assert.equal(answers.filter((stored) => stored).length, 1, 'add resolves with true exactly once')
    await harness.until('the entry is delivered', () => handler.delivered.length > 0)
    await harness.wait()
    assert.equal(handler.started.length, 1, 'the entry is delivered once')
  },

  async 'add of a duplicate resolves after the first entry is stored' (harness) {
    const { inbox } = await harness.open()
    const sizes: number[] = []
    const add = async () => {
      if (!await inbox.add(
        entry('ada-1', { body: 'b'.repeat(1024 * 1024) })
      )) sizes.push(await inbox.pendingCount())
    }
    await Promise.all([add(), add(), add()])
    assert.deepEqual(sizes, [1, 1], 'the entry is stored when add resolves with false')
  },

  async 'another body with the same key is the next revision' (harness) {
    const { inbox, handler } = await harness.start()
    const entries = revisions.map((revision) => revised('ada-1', revision))
    assert.deepEqual(await addSequentially(inbox, ...entries), revisions.map(() => true), 'each revision is new')
    assert.deepEqual(
      await addSequentially(inbox, ...entries),
      revisions.map(() => false),
      'each revision is a duplicate the second time'
    )
    await harness.until('all revisions are delivered', () => handler.delivered.length >= revisions.length)
    assert.deepEqual(
      handler.delivered.map((entry) => stored(entry, entry.revision)),
      entries.map((entry, index) => stored(entry, index + 1)),
      'revisions count from 1, in order'
    )
  },

  async 'bodies with one key that are added concurrently are revisions in the order of the calls' (harness) {
    const { inbox, handler } = await harness.start()
    const entries = revisions.map((revision) => revised('ada-1', revision))
    assert.deepEqual(await addConcurrently(inbox, ...entries), revisions.map(() => true))
    await harness.until('all revisions are delivered', () => handler.delivered.length >= revisions.length)
    assert.deepEqual(
      handler.delivered.map((entry) => stored(entry, entry.revision)),
      entries.map((entry, index) => stored(entry, index + 1))
    )
  },

  async 'revision numbers continue after the store was closed and opened again' (harness) {
    const before = await harness.start()
    await addSequentially(before.inbox, revised('ada-1', 1), revised('ada-1', 2))
    await harness.until('both revisions are delivered', () => before.handler.delivered.length === 2)
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    assert.deepEqual(
      await addSequentially(inbox, revised('ada-1', 2), revised('ada-1', 3), revised('ada-1', 1)), [false, true, false]
    )
    await harness.until('the next revision is delivered', () => handler.delivered.length > 0)
    assert.deepEqual(handler.delivered.map(({ revision }) => revision), [3])
  },

  async 'the checksum alone decides whether a body with the same key is a duplicate' (harness) {
    const { inbox, handler } = await harness.start()
    const answers = await addSequentially(
      inbox,
      revised('ada-1', 0),
      revised('ada-1', 2 ** 32 - 1, { orderingKey: 'bob' }),
      revised('ada-1', 0, { orderingKey: 'bob' })
    )
    assert.deepEqual(answers, [true, true, false])
    await harness.until('both revisions are delivered', () => handler.delivered.length === 2)
    assert.deepEqual(handler.delivered.map(({ revision }) => revision).sort(), [1, 2])
  },

  async 'a recovered entry is a duplicate of any body under its key' (harness) {
    const before = await harness.start()
    await addSequentially(before.inbox, revised('ada-1', 1), revised('ada-1', 2))
    assert.equal(await before.inbox.add(recovered('ada-1')), false, 'a duplicate of two revisions')
    await harness.until('both revisions are delivered', () => before.handler.delivered.length === 2)
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    const answers = await addSequentially(inbox, recovered('ada-1'), recovered('bob-1'), recovered('bob-1'))
    assert.deepEqual(answers, [false, true, false], 'a recovered entry is new if nothing arrived under its key')
    await harness.until('the new entry is delivered', () => handler.delivered.length > 0)
    await harness.wait()
    assert.deepEqual(handler.delivered.map((entry) => stored(entry, entry.revision)), [stored(recovered('bob-1'))])
  },

  async 'the first body after a recovered entry is its duplicate, the next one is another revision' (harness) {
    const before = await harness.start()
    await addSequentially(before.inbox, recovered('ada-1'), recovered('bob-1'))
    assert.equal(await before.inbox.add(revised('ada-1', 7)), false, 'the first body is a duplicate')
    await harness.until('both entries are delivered', () => before.handler.delivered.length === 2)
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    const again = await addSequentially(inbox, revised('ada-1', 7), revised('bob-1', 0), revised('bob-1', 0))
    assert.deepEqual(again, [false, false, false], 'duplicates, one of them after the store was opened again')
    assert.deepEqual(await addSequentially(inbox, revised('ada-1', 8), revised('bob-1', 1)), [true, true])
    assert.deepEqual(await addSequentially(inbox, recovered('ada-1'), revised('ada-1', 7)), [false, false])
    await harness.until('the next revisions are delivered', () => handler.delivered.length >= 2)
    assert.deepEqual(handler.delivered.map(({ revision }) => revision), [2, 2])
  }
}
