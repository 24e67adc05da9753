import assert from 'node:assert/strict'
import type { StoredEntry } from '../inbox.ts'
import { addConcurrently, addSequentially, entry, fail, keysOf, series, stored } from './fixtures.ts'
import { edgeCaseEntries } from './edge-cases.ts'
import type { Checks } from './harness.ts'

/** Checks that entries are stored and come back unchanged. */
export const storing: Checks = {
  async 'entries are delivered unchanged' (harness) {
    const { inbox, handler } = await harness.start()

    const answers = await addSequentially(inbox, ...edgeCaseEntries)

    assert.ok(answers.every((stored) => stored), 'each entry is new, even when keys are similar')
    await harness.until('all entries are delivered', () => handler.delivered.length >= edgeCaseEntries.length)
    assertAll(handler.delivered)
  },

  async 'entries are delivered unchanged after the store was closed and opened again' (harness) {
    const before = await harness.open()
    await addConcurrently(before.inbox, ...edgeCaseEntries)
    await before.inbox.close(harness.deadline)
    const { handler } = await harness.start()
    await harness.until('all entries are delivered', () => handler.delivered.length >= edgeCaseEntries.length)
    assertAll(handler.delivered)
  },

  async 'dead letters have the unchanged entries' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 1, deliver: fail })
    await addConcurrently(inbox, ...edgeCaseEntries)
    await harness.until('all entries are dead letters', () => handler.deadLetterCalls.length >= edgeCaseEntries.length)
    assertAll(await inbox.deadLetters({ limit: 1000 }))
    assertAll(handler.deadLetterCalls.map(({ entry }) => entry))
  },

  async 'entries that were added before start are delivered after start' (harness) {
    const { inbox, handler } = await harness.open()
    await addSequentially(inbox, ...series('ada', 3), ...series('bob', 3))
    await harness.wait()
    assert.deepEqual(keysOf(handler.started), [], 'nothing is delivered before start')
    assert.equal(await inbox.pendingCount(), 6, 'pendingCount counts entries before start')

    inbox.start()

    await harness.until('the entries added before start are delivered', () => handler.delivered.length >= 6)
    await inbox.add(entry('cem-1'))
    await harness.until('the entry added after start is delivered', () => handler.delivered.length >= 7)
    await harness.wait()
    assert.deepEqual(
      keysOf(handler.started).sort(),
      ['ada-1', 'ada-2', 'ada-3', 'bob-1', 'bob-2', 'bob-3', 'cem-1'],
      'each entry is delivered once'
    )
  },

  async 'an entry is stored when add resolves' (harness) {
    const before = await harness.open()
    assert.equal(await before.inbox.add(entry('ada-1')), true)
    await before.inbox.close(0)
    const { handler } = await harness.start()
    await harness.until('the next inbox on this store delivers the entry', () => handler.delivered.length === 1)
  },

  async 'many entries that are added concurrently are delivered once each' (harness) {
    const { inbox, handler } = await harness.start()
    const entries = ['ada', 'bob', 'cem', 'dot', 'eve'].flatMap((name) => series(name, 40))
    const answers = await addConcurrently(inbox, ...entries)
    assert.ok(answers.every((stored) => stored), 'each entry is new')
    await harness.until('all entries are delivered', () => handler.delivered.length >= entries.length)
    await harness.wait()
    assert.deepEqual(keysOf(handler.started).sort(), keysOf(entries).sort())
  },

  async 'stores with different names are independent' (harness) {
    const one = await harness.start({ store: 'one', attempts: 1, deliver: fail })
    const other = await harness.start({ store: 'other' })
    await one.inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => one.handler.deadLetterCalls.length === 1)
    assert.equal(await other.inbox.add(entry('ada-1')), true, 'the entry is new in the other store')
    await harness.until('the entry is delivered', () => other.handler.delivered.length === 1)
    assert.deepEqual(await other.inbox.deadLetters({ limit: 10 }), [], 'the other store has no dead letters')
    assert.deepEqual(keysOf(await one.inbox.deadLetters({ limit: 10 })), ['ada-1'])
  }
}

function assertAll (actual: readonly StoredEntry[]): void {
  for (const expected of edgeCaseEntries) {
    const found = actual.filter(({ key }) => key === expected.key)
    assert.equal(found.length, 1, `the entry with the key ${expected.key} comes back once`)
    assert.deepEqual(
      found.map((entry) => stored(entry, entry.revision)),
      [stored(expected)],
      `the entry with the key ${expected.key} comes back unchanged`
    )
  }
}
