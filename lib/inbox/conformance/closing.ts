import assert from 'node:assert/strict'
import { addConcurrently, addSequentially, entry, fail, keysOf, series } from './fixtures.ts'
import { TrackedPromise } from './gate.ts'
import { RecordingHandler } from './recording-handler.ts'
import type { Checks } from './harness.ts'

/** Checks of `close`. */
export const closing: Checks = {
  async 'close starts no more deliveries and waits for the running ones' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ concurrency: 2, deliver: () => gate.opened })
    await addSequentially(inbox, ...series('ada', 3), entry('bob-1'), entry('cem-1'))
    await harness.until('two deliveries are running', () => handler.started.length === 2)

    const closing = new TrackedPromise(inbox.close(harness.deadline))
    await harness.wait()
    assert.equal(closing.settled, false, 'close waits for the running deliveries')
    gate.open()
    await closing.promise

    assert.equal(handler.delivered.length, 2, 'both deliveries are done when close resolves')
    await harness.wait()
    assert.equal(handler.started.length, 2, 'no delivery starts after close')
  },

  async 'close waits at most its timeout' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({ deliver: () => gate.opened })
    await inbox.add(entry('ada-1'))
    await harness.until('the delivery is running', () => handler.started.length === 1)
    await inbox.close(50)
    assert.deepEqual(keysOf(handler.delivered), [])
    gate.open()
    // An uncaught exception would end the process.
    await harness.wait()
    assert.equal(handler.started.length, 1, 'an attempt that ends after close has no effect')
  },

  async 'close does not wait when no delivery is running' (harness) {
    const { inbox, handler } = await harness.start({
      backoff: 60_000, deliver: ({ key }) => { if (key === 'bob-1') fail() }
    })
    await addSequentially(inbox, entry('ada-1'), entry('bob-1'))
    await harness.until(
      'one entry is delivered and one waits for its next attempt',
      async () => handler.started.length === 2 && await inbox.pendingCount() === 1
    )
    await inbox.close(2 * harness.deadline)
  },

  async 'close waits until running add calls are done' (harness) {
    const before = await harness.start()
    const adding = new TrackedPromise(before.inbox.add(entry('ada-1', { body: 'b'.repeat(1024 * 1024) })))
    await before.inbox.close(harness.deadline)
    await assert.doesNotReject(adding.promise, 'add was called before close, so it does not reject')
    assert.equal(await adding.promise, true)

    const { inbox, handler } = await harness.start()

    await harness.until(
      'one of the two inboxes delivers the entry',
      () => before.handler.delivered.length + handler.delivered.length === 1
    )
    assert.equal(await inbox.add(entry('ada-1')), false)
  },

  async 'close waits until many running add calls are done' (harness) {
    const { inbox } = await harness.open()
    const entries = Array.from({ length: 200 }, (_, index) => entry(`ada-${index}`, { body: 'b'.repeat(32_000) }))
    const adding = addConcurrently(inbox, ...entries)
    await assert.doesNotReject(Promise.all([adding, inbox.close(harness.deadline)]))
    assert.deepEqual(new Set(await adding), new Set([true]))
  },

  async 'close ends the waiting between attempts' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 9, backoff: 20, deliver: fail })
    await inbox.add(entry('ada-1'))
    await harness.until('the first attempt was made', () => handler.started.length > 0)
    await inbox.close(harness.deadline)
    const { length } = handler.started
    await harness.wait()
    assert.equal(handler.started.length, length, 'no attempt is made after close resolves')
  },

  async 'close can be called again' (harness) {
    const { inbox } = await harness.start()
    await inbox.add(entry('ada-1'))
    await assert.doesNotReject(
      Promise.all([inbox.close(harness.deadline), inbox.close(harness.deadline)]),
      'close can be called while the inbox closes'
    )
    await assert.doesNotReject(inbox.close(0), 'close can be called on a closed inbox')
    await harness.open()
  },

  async 'close can be called before the inbox is open' (harness) {
    const never = await harness.create()
    await assert.doesNotReject(never.close(harness.deadline), 'close can be called on an inbox that was never opened')
    const early = await harness.create()
    // open may resolve or reject.
    const opening = early.open(new RecordingHandler(1, fail, fail)).catch(() => {})
    await assert.doesNotReject(early.close(harness.deadline), 'close can be called while the inbox opens')
    await opening

    const { inbox } = await harness.open()

    assert.equal(await inbox.add(entry('ada-1')), true, 'the store can be opened again')
  },

  async 'add rejects on a closed inbox and stores nothing' (harness) {
    const before = await harness.start()
    await before.inbox.close(harness.deadline)
    await assert.rejects(before.inbox.add(entry('ada-1')), (error) => {
      // An AssertionError means that add did not answer in time, or threw.
      if (error instanceof assert.AssertionError) throw error
      return true
    }, 'add rejects')
    const { inbox } = await harness.start()
    assert.equal(await inbox.pendingCount(), 0)
    assert.equal(await inbox.add(entry('ada-1')), true, 'the entry is still new')
  }
}
