import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { addAtOnce, addInTurn, entry, keysOf, series } from './fixtures.ts'
import { oddKeys } from './edge-cases.ts'
import type { Checks } from './harness.ts'

/** What is delivered in order, and what side by side. */
export const ordering: Checks = {
  async 'entries of one ordering key are delivered in the order in which they were added' (trial) {
    const { inbox, host } = await trial.start({ deliver: () => sleep(Math.random() * 5) })
    const entries = series('ada', 30)
    await addInTurn(inbox, ...entries)
    await trial.until('all are delivered', () => host.delivered.length >= entries.length)
    assert.deepEqual(keysOf(host.delivered), keysOf(entries))
  },

  async 'entries that are added at once are delivered in the order of the calls' (trial) {
    const { inbox, host } = await trial.start({ deliver: () => sleep(Math.random() * 5) })
    // The longer one takes to be written, the easier it is overtaken.
    const entries = series('ada', 30).map((entry, index) => index % 10 === 0 ? { ...entry, body: 'b'.repeat(512 * 1024) } : entry)
    await addAtOnce(inbox, ...entries)
    await trial.until('all are delivered', () => host.delivered.length >= entries.length)
    assert.deepEqual(keysOf(host.delivered), keysOf(entries))
  },

  async 'entries keep their order over a start and over a reopening' (trial) {
    const gate = trial.gate()
    const entries = series('ada', 9)
    const before = await trial.open({ deliver: ({ key }) => key === 'ada-3' ? gate.opened : undefined })
    await addInTurn(before.inbox, ...entries.slice(0, 3))
    before.inbox.start()
    await addInTurn(before.inbox, ...entries.slice(3, 6))
    await trial.until('the third is at work', () => before.host.begun.length === 3)
    const closing = before.inbox.close(trial.deadline)
    gate.open()
    await closing

    const { inbox, host } = await trial.start()
    await addInTurn(inbox, ...entries.slice(6))

    await trial.until('all are delivered', () => before.host.delivered.length + host.delivered.length >= entries.length)
    assert.deepEqual(keysOf([...before.host.delivered, ...host.delivered]), keysOf(entries))
  },

  async 'entries of one ordering key are delivered one at a time' (trial) {
    const { inbox, host } = await trial.start({ concurrency: 4, deliver: () => sleep(2) })
    const names = ['ada', 'bob', 'cem']
    await addAtOnce(inbox, ...names.flatMap((name) => series(name, 10)))
    await trial.until('all are delivered', () => host.delivered.length >= 30)
    assert.deepEqual([...host.overlapping], [], 'the next begins when the one before is done')
    for (const name of names) {
      assert.deepEqual(keysOf(host.delivered.filter(({ orderingKey }) => orderingKey === name)), keysOf(series(name, 10)), 'each in its order')
    }
  },

  async 'entries of different ordering keys are delivered side by side' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ concurrency: 4, deliver: () => gate.opened })
    await addInTurn(inbox, entry('ada-1'), entry('bob-1'), entry('cem-1'), entry('dot-1'))
    await trial.until('all four are at work at the same time', () => host.busiest === 4)
  },

  async 'ordering keys are told apart, however alike they are' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ concurrency: oddKeys.length, deliver: () => gate.opened })
    await addInTurn(inbox, ...oddKeys.map((orderingKey, index) => entry(`key-${index}`, { orderingKey })))
    await trial.until('one of each is at work at the same time', () => host.busiest === oddKeys.length)
  },

  async 'no more entries are delivered side by side than the inbox was told' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ concurrency: 3, deliver: () => gate.opened })
    const entries = Array.from({ length: 12 }, (_, index) => entry(`chat${index}-1`))
    await addInTurn(inbox, ...entries)
    await trial.until('three are at work', () => host.begun.length >= 3)
    await trial.lookOn()
    assert.equal(host.begun.length, 3, 'the fourth waits for one of the three')
    gate.open()
    await trial.until('all are delivered', () => host.delivered.length >= entries.length)
    assert.equal(host.busiest, 3)
  },

  async 'an ordering key of which much waits takes no place from others' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ concurrency: 2, deliver: ({ orderingKey }) => orderingKey === 'ada' ? gate.opened : undefined })
    await addInTurn(inbox, ...series('ada', 20), ...series('bob', 3))
    await trial.until('the others are delivered', () => host.delivered.length === 3)
    assert.deepEqual(keysOf(host.delivered), keysOf(series('bob', 3)))
  }
}
