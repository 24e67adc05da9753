import assert from 'node:assert/strict'
import { addAtOnce, addInTurn, entry, fail, keysOf, revised, stored } from './fixtures.ts'
import type { Checks } from './harness.ts'

const revisions = [1, 2, 3, 4, 5]

/** Which bodies are new, and which came before. */
export const repeats: Checks = {
  async 'a repeat is not stored, wherever what it repeats has got to' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.open({ deliver: () => gate.opened })
    const repeat = () => inbox.add(entry('ada-1'))

    assert.equal(await repeat(), true, 'the first is new')
    assert.equal(await repeat(), false, 'a repeat of what waits is none')
    inbox.start()
    await trial.until('it is at work', () => host.begun.length === 1)
    assert.equal(await repeat(), false, 'a repeat of what is at work is none')
    gate.open()
    await trial.until('it is delivered', async () => await inbox.pendingCount() === 0)
    assert.equal(await repeat(), false, 'a repeat of what was delivered is none')

    assert.equal(await inbox.pendingCount(), 0)
    await trial.lookOn()
    assert.equal(host.begun.length, 1, 'it is delivered once')
  },

  async 'a repeat is not stored, whatever became of what was given up' (trial) {
    let away = true
    const { inbox, host } = await trial.start({ attempts: 1, deliver: () => { if (away) fail() } })
    await addInTurn(inbox, entry('ada-1'), entry('bob-1'))
    await trial.until('both are given up', () => host.surrenders.length === 2)
    away = false

    assert.equal(await inbox.add(entry('ada-1')), false, 'a repeat of what was given up is none')
    await inbox.discard('ada-1')
    assert.equal(await inbox.add(entry('ada-1')), false, 'a repeat of what was discarded is none')
    await inbox.retry('bob-1')
    await trial.until('what is retried is delivered', () => host.delivered.length === 1)
    assert.equal(await inbox.add(entry('bob-1')), false, 'a repeat of what was retried is none')

    await trial.lookOn()
    assert.equal(host.begun.length, 3, 'no repeat is delivered')
  },

  async 'a repeat is not stored, though the store was closed in between' (trial) {
    const before = await trial.start({ attempts: 1, deliver: ({ key }) => { if (key === 'ada-2') fail() } })
    await addInTurn(before.inbox, entry('ada-1'), entry('ada-2'))
    await trial.until('one is delivered, one given up', () => before.host.surrenders.length === 1)
    await before.inbox.close(trial.deadline)

    const { inbox, host } = await trial.start()

    assert.deepEqual(await addInTurn(inbox, entry('ada-1'), entry('ada-2')), [false, false])
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), [], 'neither is delivered again')
  },

  async 'of the same body that comes several times at once one is stored' (trial) {
    const { inbox, host } = await trial.start()
    const answers = await addAtOnce(inbox, ...Array.from({ length: 10 }, () => entry('ada-1')))
    assert.equal(answers.filter((stored) => stored).length, 1, 'add resolves with true for one of them')
    await trial.until('it is delivered', () => host.delivered.length > 0)
    await trial.lookOn()
    assert.equal(host.begun.length, 1, 'it is delivered once')
  },

  async 'a repeat of what is just being stored waits until that is stored' (trial) {
    const { inbox } = await trial.open()
    const sizes: number[] = []
    const add = async () => { if (!await inbox.add(entry('ada-1', { body: 'b'.repeat(1024 * 1024) }))) sizes.push(await inbox.pendingCount()) }
    await Promise.all([add(), add(), add()])
    assert.deepEqual(sizes, [1, 1], 'whoever is told that it came before may rely on its being there')
  },

  async 'another body under the same key is its next revision' (trial) {
    const { inbox, host } = await trial.start()
    const entries = revisions.map((revision) => revised('ada-1', revision))
    assert.deepEqual(await addInTurn(inbox, ...entries), revisions.map(() => true), 'add resolves with true for each')
    assert.deepEqual(await addInTurn(inbox, ...entries), revisions.map(() => false), 'each revision is known when it comes again')
    await trial.until('all are delivered', () => host.delivered.length >= revisions.length)
    assert.deepEqual(host.delivered.map((entry) => stored(entry, entry.revision)), entries.map((entry, index) => stored(entry, index + 1)), 'revisions count from 1, in order')
  },

  async 'bodies that come under one key at once are revisions in the order in which they came' (trial) {
    const { inbox, host } = await trial.start()
    const entries = revisions.map((revision) => revised('ada-1', revision))
    assert.deepEqual(await addAtOnce(inbox, ...entries), revisions.map(() => true))
    await trial.until('all are delivered', () => host.delivered.length >= revisions.length)
    assert.deepEqual(host.delivered.map((entry) => stored(entry, entry.revision)), entries.map((entry, index) => stored(entry, index + 1)))
  },

  async 'revisions are counted on when the store was closed in between' (trial) {
    const before = await trial.start()
    await addInTurn(before.inbox, revised('ada-1', 1), revised('ada-1', 2))
    await trial.until('both are delivered', () => before.host.delivered.length === 2)
    await before.inbox.close(trial.deadline)

    const { inbox, host } = await trial.start()

    assert.deepEqual(await addInTurn(inbox, revised('ada-1', 2), revised('ada-1', 3), revised('ada-1', 1)), [false, true, false])
    await trial.until('the next is delivered', () => host.delivered.length > 0)
    assert.deepEqual(host.delivered.map(({ revision }) => revision), [3])
  },

  async 'the checksum tells bodies under one key apart, be they added under whatever ordering key' (trial) {
    const { inbox, host } = await trial.start()
    const answers = await addInTurn(inbox, revised('ada-1', 0), revised('ada-1', 2 ** 32 - 1, { orderingKey: 'bob' }), revised('ada-1', 0, { orderingKey: 'bob' }))
    assert.deepEqual(answers, [true, true, false])
    await trial.until('both are delivered', () => host.delivered.length === 2)
    assert.deepEqual(host.delivered.map(({ revision }) => revision).sort(), [1, 2])
  }
}
