import assert from 'node:assert/strict'
import type { StoredEntry } from '../inbox.ts'
import { addAtOnce, addInTurn, entry, fail, keysOf, series, stored } from './fixtures.ts'
import { oddEntries } from './edge-cases.ts'
import type { Checks } from './harness.ts'

/** What is stored comes back as it was, at its time. */
export const storing: Checks = {
  async 'entries are delivered with all that they were added with' (trial) {
    const { inbox, host } = await trial.start()

    const answers = await addInTurn(inbox, ...oddEntries)

    assert.ok(answers.every((stored) => stored), 'add resolves with true for keys that differ, however alike they are')
    await trial.until('all are delivered', () => host.delivered.length >= oddEntries.length)
    assertAll(host.delivered)
  },

  async 'entries that waited in the store are delivered with all that they were added with' (trial) {
    const before = await trial.open()
    await addAtOnce(before.inbox, ...oddEntries)
    await before.inbox.close(trial.deadline)
    const { host } = await trial.start()
    await trial.until('all are delivered', () => host.delivered.length >= oddEntries.length)
    assertAll(host.delivered)
  },

  async 'entries that were given up are listed with all that they were added with' (trial) {
    const { inbox, host } = await trial.start({ attempts: 1, deliver: fail })
    await addAtOnce(inbox, ...oddEntries)
    await trial.until('all are given up', () => host.surrenders.length >= oddEntries.length)
    assertAll(await inbox.deadLetters({ limit: 1000 }))
    assertAll(host.surrenders.map(({ entry }) => entry))
  },

  async 'entries are delivered from the start on, those included that were there before' (trial) {
    const { inbox, host } = await trial.open()
    await addInTurn(inbox, ...series('ada', 3), ...series('bob', 3))
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), [], 'nothing is delivered before start is called')
    assert.equal(await inbox.pendingCount(), 6, 'size counts what waits for the start')

    inbox.start()

    await trial.until('what was added before the start is delivered', () => host.delivered.length >= 6)
    await inbox.add(entry('cem-1'))
    await trial.until('what was added after the start is delivered', () => host.delivered.length >= 7)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun).sort(), ['ada-1', 'ada-2', 'ada-3', 'bob-1', 'bob-2', 'bob-3', 'cem-1'], 'each is delivered once')
  },

  async 'an entry is stored for good when add resolves' (trial) {
    const before = await trial.open()
    assert.equal(await before.inbox.add(entry('ada-1')), true)
    await before.inbox.close(0)
    const { host } = await trial.start()
    await trial.until('it is delivered by whoever opens the store next', () => host.delivered.length === 1)
  },

  async 'many entries that are added at once are delivered once each' (trial) {
    const { inbox, host } = await trial.start()
    const entries = ['ada', 'bob', 'cem', 'dot', 'eve'].flatMap((name) => series(name, 40))
    const answers = await addAtOnce(inbox, ...entries)
    assert.ok(answers.every((stored) => stored), 'add resolves with true for each of them')
    await trial.until('all are delivered', () => host.delivered.length >= entries.length)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun).sort(), keysOf(entries).sort())
  },

  async 'stores of different names have nothing in common' (trial) {
    const one = await trial.start({ store: 'one', attempts: 1, deliver: fail })
    const other = await trial.start({ store: 'other' })
    await one.inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => one.host.surrenders.length === 1)
    assert.equal(await other.inbox.add(entry('ada-1')), true, 'what came to one store is new to another')
    await trial.until('it is delivered', () => other.host.delivered.length === 1)
    assert.deepEqual(await other.inbox.deadLetters({ limit: 10 }), [], 'the dead-letter list is of one store')
    assert.deepEqual(keysOf(await one.inbox.deadLetters({ limit: 10 })), ['ada-1'])
  }
}

function assertAll (actual: readonly StoredEntry[]): void {
  for (const expected of oddEntries) {
    const found = actual.filter(({ key }) => key === expected.key)
    assert.equal(found.length, 1, `${expected.key} comes back once`)
    assert.deepEqual(found.map((entry) => stored(entry, entry.revision)), [stored(expected)], `${expected.key} comes back as it was`)
  }
}
