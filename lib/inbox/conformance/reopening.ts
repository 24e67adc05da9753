import assert from 'node:assert/strict'
import { addSequentially, entry, fail, keysOf, series } from './fixtures.ts'
import type { Checks } from './harness.ts'

/** Checks of closing a store and opening it again. */
export const reopening: Checks = {
  async 'pending entries are delivered when the store is opened again, delivered ones are not' (harness) {
    const gate = harness.gate()
    const before = await harness.start({
      concurrency: 1, deliver: ({ key }) => key === 'ada-2' ? gate.opened : undefined
    })
    await addSequentially(before.inbox, ...series('ada', 4), ...series('bob', 2))
    await harness.until('the second entry is being delivered', () => keysOf(before.handler.started).includes('ada-2'))
    const closing = before.inbox.close(harness.deadline)
    gate.open()
    await closing

    const { inbox, handler } = await harness.open()
    assert.equal(
      await inbox.pendingCount(), 6 - before.handler.delivered.length, 'pendingCount counts the remaining entries'
    )
    inbox.start()

    await harness.until(
      'the remaining entries are delivered', () => before.handler.delivered.length + handler.delivered.length >= 6
    )
    await harness.wait()
    assert.deepEqual(
      keysOf([...before.handler.started, ...handler.started]).sort(), keysOf([...series('ada', 4), ...series('bob', 2)])
    )
    assert.equal(await inbox.pendingCount(), 0)
  },

  async 'an attempt that close interrupted is made again' (harness) {
    const gate = harness.gate()
    const before = await harness.start({ deliver: () => gate.opened })
    await addSequentially(before.inbox, ...series('ada', 2))
    await harness.until('the first entry is being delivered', () => before.handler.started.length === 1)
    await before.inbox.close(0)

    const { inbox, handler } = await harness.start()

    await harness.until('both entries are delivered', () => handler.delivered.length >= 2)
    assert.deepEqual(keysOf(handler.delivered), ['ada-1', 'ada-2'], 'in the order in which they were added')
    gate.open()
    await harness.wait()
    assert.equal(before.handler.started.length, 1, 'a closed inbox starts no delivery when an interrupted attempt ends')
    assert.equal(await inbox.pendingCount(), 0)
  },

  async 'an attempt that close interrupted is not counted' (harness) {
    const gate = harness.gate()
    const before = await harness.start({ attempts: 2, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await harness.until('the entry is being delivered', () => before.handler.started.length === 1)
    await before.inbox.close(0)
    gate.open()
    await harness.wait()
    assert.deepEqual(before.handler.deadLetterCalls, [], 'a closed inbox creates no dead letters')

    const { inbox, handler } = await harness.start({ attempts: 2, deliver: fail })

    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length === 1)
    assert.deepEqual(handler.started.map(({ attempt }) => attempt), [1, 2])
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2])
  },

  async 'earlier attempts are counted when the store is opened again' (harness) {
    const attempts = 5
    const before = await harness.start({ attempts, backoff: 200, deliver: fail })
    await before.inbox.add(entry('ada-1'))
    await harness.until('the first attempt was made', () => before.handler.started.length > 0)
    await before.inbox.close(harness.deadline)
    assert.ok(before.handler.started.length < attempts, 'attempts are left')

    const { inbox, handler } = await harness.start({ attempts, deliver: fail })

    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
    const started = [...before.handler.started, ...handler.started]
    assert.deepEqual(started.map(({ attempt }) => attempt), [1, 2, 3, 4, 5], 'the attempts before and after')
    assert.equal(new Set(started.map(({ storedAt }) => storedAt)).size, 1, 'storedAt does not change')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [attempts])
    assert.deepEqual(handler.deadLetterCalls.map(({ attempts }) => attempts), [attempts])
  },

  async 'an attempt that fails while the inbox closes is counted' (harness) {
    const gate = harness.gate()
    const before = await harness.start({ attempts: 2, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await harness.until('the entry is being delivered', () => before.handler.started.length === 1)
    const closing = before.inbox.close(harness.deadline)
    gate.open()
    await closing
    assert.deepEqual(before.handler.deadLetterCalls, [])

    const { inbox, handler } = await harness.start({ attempts: 2, deliver: fail })

    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length === 1)
    assert.equal(handler.started.length, 1, 'one of two attempts was left')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2])
  },

  async 'an entry whose last attempt fails while the inbox closes becomes a dead letter' (harness) {
    const gate = harness.gate()
    const before = await harness.start({ attempts: 1, deliver: async () => { await gate.opened; fail() } })
    await before.inbox.add(entry('ada-1'))
    await harness.until('the entry is being delivered', () => before.handler.started.length === 1)
    const closing = before.inbox.close(harness.deadline)
    gate.open()
    await closing

    const { inbox, handler } = await harness.start({ attempts: 1 })

    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-1'])
    assert.equal(await inbox.pendingCount(), 0)
    await harness.wait()
    assert.deepEqual(keysOf(handler.started), [])
  },

  async 'an entry that waits for its next attempt keeps its position when the store is opened again' (harness) {
    const before = await harness.start({ attempts: 3, backoff: 200, deliver: fail })
    await addSequentially(before.inbox, ...series('ada', 2))
    await harness.until('the first attempt was made', () => before.handler.started.length > 0)
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start({ attempts: 3 })
    await inbox.add(entry('ada-3'))

    await harness.until('all entries are delivered', () => handler.delivered.length >= 3)
    assert.deepEqual(
      keysOf(handler.delivered), ['ada-1', 'ada-2', 'ada-3'], 'the failed entry is delivered before later ones'
    )
  }
}
