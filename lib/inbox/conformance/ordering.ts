import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { addConcurrently, addSequentially, entry, keysOf, series } from './fixtures.ts'
import { edgeCaseKeys } from './edge-cases.ts'
import type { Checks } from './harness.ts'

/** Checks of order and concurrency. */
export const ordering: Checks = {
  async 'entries of one ordering key are delivered in the order in which they were added' (harness) {
    const { inbox, handler } = await harness.start({ deliver: () => sleep(Math.random() * 5) })
    const entries = series('ada', 30)
    await addSequentially(inbox, ...entries)
    await harness.until('all entries are delivered', () => handler.delivered.length >= entries.length)
    assert.deepEqual(keysOf(handler.delivered), keysOf(entries))
  },

  async 'entries that are added concurrently are delivered in the order of the calls' (harness) {
    const { inbox, handler } = await harness.start({ deliver: () => sleep(Math.random() * 5) })
    // Long bodies take longer to write, so a faulty inbox stores them too late.
    const entries = series('ada', 30).map(
      (entry, index) => index % 10 === 0 ? { ...entry, body: 'b'.repeat(512 * 1024) } : entry
    )
    await addConcurrently(inbox, ...entries)
    await harness.until('all entries are delivered', () => handler.delivered.length >= entries.length)
    assert.deepEqual(keysOf(handler.delivered), keysOf(entries))
  },

  async 'entries keep their order across start, close and reopening' (harness) {
    const gate = harness.gate()
    const entries = series('ada', 9)
    const before = await harness.open({ deliver: ({ key }) => key === 'ada-3' ? gate.opened : undefined })
    await addSequentially(before.inbox, ...entries.slice(0, 3))
    before.inbox.start()
    await addSequentially(before.inbox, ...entries.slice(3, 6))
    await harness.until('the third entry is being delivered', () => before.handler.started.length === 3)
    const closing = before.inbox.close(harness.deadline)
    gate.open()
    await closing

    const { inbox, handler } = await harness.start()
    await addSequentially(inbox, ...entries.slice(6))

    await harness.until(
      'all entries are delivered', () => before.handler.delivered.length + handler.delivered.length >= entries.length
    )
    assert.deepEqual(keysOf([...before.handler.delivered, ...handler.delivered]), keysOf(entries))
  },

  async 'entries of one ordering key are delivered one at a time' (harness) {
    const { inbox, handler } = await harness.start({ concurrency: 4, deliver: () => sleep(2) })
    const names = ['ada', 'bob', 'cem']
    await addConcurrently(inbox, ...names.flatMap((name) => series(name, 10)))
    await harness.until('all entries are delivered', () => handler.delivered.length >= 30)
    assert.deepEqual([...handler.overlapping], [], 'an entry starts when the previous one is done')
    for (const name of names) {
      assert.deepEqual(
        keysOf(handler.delivered.filter(({ orderingKey }) => orderingKey === name)),
        keysOf(series(name, 10)),
        'each ordering key in its order'
      )
    }
  },

  async 'entries of different ordering keys are delivered concurrently' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ concurrency: 4, deliver: () => gate.opened })
    await addSequentially(inbox, entry('ada-1'), entry('bob-1'), entry('cem-1'), entry('dot-1'))
    await harness.until('all four entries are being delivered at the same time', () => handler.maxConcurrent === 4)
  },

  async 'similar ordering keys are different ordering keys' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ concurrency: edgeCaseKeys.length, deliver: () => gate.opened })
    await addSequentially(inbox, ...edgeCaseKeys.map((orderingKey, index) => entry(`key-${index}`, { orderingKey })))
    await harness.until(
      'one entry of each ordering key is being delivered', () => handler.maxConcurrent === edgeCaseKeys.length
    )
  },

  async 'no more entries than the concurrency are delivered at the same time' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ concurrency: 3, deliver: () => gate.opened })
    const entries = Array.from({ length: 12 }, (_, index) => entry(`chat${index}-1`))
    await addSequentially(inbox, ...entries)
    await harness.until('three entries are being delivered', () => handler.started.length >= 3)
    await harness.wait()
    assert.equal(handler.started.length, 3, 'the fourth entry waits for one of the three')
    gate.open()
    await harness.until('all entries are delivered', () => handler.delivered.length >= entries.length)
    assert.equal(handler.maxConcurrent, 3)
  },

  async 'many waiting entries of one ordering key do not block other ordering keys' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({
      concurrency: 2, deliver: ({ orderingKey }) => orderingKey === 'ada' ? gate.opened : undefined
    })
    await addSequentially(inbox, ...series('ada', 20), ...series('bob', 3))
    await harness.until('the entries of the other ordering key are delivered', () => handler.delivered.length === 3)
    assert.deepEqual(keysOf(handler.delivered), keysOf(series('bob', 3)))
  }
}
