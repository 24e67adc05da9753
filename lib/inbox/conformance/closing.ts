import assert from 'node:assert/strict'
import { addInTurn, entry, fail, keysOf, series } from './fixtures.ts'
import { Watched } from './gate.ts'
import { RecordingHandler } from './recording-host.ts'
import type { Checks } from './harness.ts'

/** What close waits for, and what it leaves. */
export const closing: Checks = {
  async 'close begins no more deliveries, and waits for those at work' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ concurrency: 2, deliver: () => gate.opened })
    await addInTurn(inbox, ...series('ada', 3), entry('bob-1'), entry('cem-1'))
    await trial.until('two are at work', () => host.begun.length === 2)

    const closing = new Watched(inbox.close(trial.deadline))
    await trial.lookOn()
    assert.equal(closing.settled, false, 'close waits for what is at work')
    gate.open()
    await closing.promise

    assert.equal(host.delivered.length, 2, 'both were done when close resolved')
    await trial.lookOn()
    assert.equal(host.begun.length, 2, 'none was begun afterwards')
  },

  async 'close waits no longer than its timeout' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ deliver: () => gate.opened })
    await inbox.add(entry('ada-1'))
    await trial.until('it is at work', () => host.begun.length === 1)
    await inbox.close(50)
    assert.deepEqual(keysOf(host.delivered), [])
    gate.open()
    // An exception that nobody can catch would end the process.
    await trial.lookOn()
    assert.equal(host.begun.length, 1, 'that an attempt ends late does no harm')
  },

  async 'close does not wait where nothing is at work' (trial) {
    const { inbox, host } = await trial.start({ backoff: 60_000, deliver: ({ key }) => { if (key === 'bob-1') fail() } })
    await addInTurn(inbox, entry('ada-1'), entry('bob-1'))
    await trial.until('one is delivered, one between attempts', async () => host.begun.length === 2 && await inbox.pendingCount() === 1)
    await inbox.close(2 * trial.deadline)
  },

  async 'close waits for what is being added' (trial) {
    const before = await trial.start()
    const adding = new Watched(before.inbox.add(entry('ada-1', { body: 'b'.repeat(1024 * 1024) })))
    await before.inbox.close(trial.deadline)
    await assert.doesNotReject(adding.promise, 'add was called before close')
    assert.equal(await adding.promise, true)

    const { inbox, host } = await trial.start()

    await trial.until('it is delivered by one or the other', () => before.host.delivered.length + host.delivered.length === 1)
    assert.equal(await inbox.add(entry('ada-1')), false)
  },

  async 'close ends the pauses between attempts' (trial) {
    const { inbox, host } = await trial.start({ attempts: 9, backoff: 20, deliver: fail })
    await inbox.add(entry('ada-1'))
    await trial.until('it was tried', () => host.begun.length > 0)
    await inbox.close(trial.deadline)
    const { length } = host.begun
    await trial.lookOn()
    assert.equal(host.begun.length, length, 'no attempt is made when close has resolved')
  },

  async 'close may be called again' (trial) {
    const { inbox } = await trial.start()
    await inbox.add(entry('ada-1'))
    await assert.doesNotReject(Promise.all([inbox.close(trial.deadline), inbox.close(trial.deadline)]), 'close may be called while it closes')
    await assert.doesNotReject(inbox.close(0), 'close may be called when it is closed')
    await trial.open()
  },

  async 'close may be called before the inbox is open' (trial) {
    const never = await trial.create()
    await assert.doesNotReject(never.close(trial.deadline), 'close may be called though open was not')
    const early = await trial.create()
    // Whether it resolves or rejects then is its own affair.
    const opening = early.open(new RecordingHandler(1, fail, fail)).catch(() => {})
    await assert.doesNotReject(early.close(trial.deadline), 'close may be called while it opens')
    await opening

    const { inbox } = await trial.open()

    assert.equal(await inbox.add(entry('ada-1')), true, 'the store is left to whoever opens it next')
  },

  async 'nothing is added when the inbox is closed' (trial) {
    const before = await trial.start()
    await before.inbox.close(trial.deadline)
    await assert.rejects(before.inbox.add(entry('ada-1')), (error) => {
      // That it has not answered, or has thrown, is no rejection.
      if (error instanceof assert.AssertionError) throw error
      return true
    }, 'add rejects where nothing is stored')
    const { inbox } = await trial.start()
    assert.equal(await inbox.pendingCount(), 0)
    assert.equal(await inbox.add(entry('ada-1')), true, 'what was not stored is new when it comes again')
  }
}
