import assert from 'node:assert/strict'
import {
  addConcurrently, addSequentially, entry, fail, failureMessage, keysOf, revised, series, stored
} from './fixtures.ts'
import type { Checks } from './harness.ts'

/** Checks of failing attempts and dead letters. */
export const failing: Checks = {
  async 'a failing entry becomes a dead letter after the configured number of attempts' (harness) {
    for (const attempts of [1, 2, 4]) {
      const { inbox, handler } = await harness.start({ store: `after-${attempts}`, attempts, deliver: fail })
      await inbox.add(entry('ada-1'))
      await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
      await harness.wait()
      assert.equal(handler.started.length, attempts, `exactly ${attempts} attempts are made`)
      assert.deepEqual(
        handler.deadLetterCalls.map(({ attempts }) => attempts),
        [attempts],
        'onDeadLetter is called once, with the number of attempts'
      )
      assert.equal(await inbox.pendingCount(), 0, 'a dead letter is not pending')
    }
  },

  async 'deliver gets the number of the attempt and the time at which the entry was added' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 3, deliver: fail })
    const earliest = Date.now()
    await inbox.add(entry('ada-1'))
    const latest = Date.now()
    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
    assert.deepEqual(handler.started.map(({ attempt }) => attempt), [1, 2, 3])
    for (const { storedAt } of handler.started) {
      assert.ok(
        Number.isSafeInteger(storedAt) && storedAt >= earliest && storedAt <= latest,
        `storedAt is the Unix time of add in milliseconds, found ${storedAt}`
      )
    }
  },

  async 'attempts are counted when the store is busy and the delays are short' (harness) {
    const { inbox, handler } = await harness.start({
      attempts: 3, backoff: 1, deliver: ({ orderingKey }) => { if (orderingKey === 'ada') fail() }
    })
    const large = { body: 'b'.repeat(256 * 1024) }
    await addConcurrently(
      inbox, ...Array.from({ length: 20 }, (_, index) => [entry(`ada-${index}`), entry(`chat${index}-1`, large)]).flat()
    )
    for (let index = 2; handler.deadLetterCalls.length < 20 && index < 40; index++) {
      // These writes delay the writes of failed attempts.
      await addConcurrently(inbox, ...Array.from({ length: 10 }, (_, chat) => entry(`chat${chat}-${index}`, large)))
    }
    await harness.until('all entries are dead letters', () => handler.deadLetterCalls.length >= 20)
    assert.equal(handler.started.filter(({ orderingKey }) => orderingKey === 'ada').length, 60)
  },

  async 'a dead letter has the entry, the reason, the attempts and the time of failure' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 2, deliver: fail })
    const earliest = Date.now()
    await inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
    const [dead, ...others] = await inbox.deadLetters({ limit: 10 })
    assert.ok(dead !== undefined && others.length === 0, 'there is exactly one dead letter')
    const { reason, attempts, failedAt } = dead
    assert.deepEqual(stored(dead, dead.revision), stored(entry('ada-1')))
    assert.equal(reason, failureMessage, "the reason is the error's message")
    assert.equal(attempts, 2)
    assert.equal(await inbox.deadLetterCount(), 1)
    assert.ok(
      Number.isSafeInteger(failedAt) && failedAt >= earliest && failedAt <= Date.now(),
      `failedAt is the Unix time of the last attempt in milliseconds, found ${failedAt}`
    )
  },

  async 'the reason of a dead letter is the error of the last attempt' (harness) {
    const { inbox, handler } = await harness.start({
      attempts: 3, deliver: () => { throw new Error(`attempt ${handler.started.length}`) }
    })
    await inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ reason }) => reason), ['attempt 3'])
    assert.deepEqual(
      handler.deadLetterCalls.map(({ error }) => error instanceof Error && error.message),
      ['attempt 3'],
      'onDeadLetter gets the same error'
    )
  },

  async 'onDeadLetter is called when the entry is in the dead-letter list' (harness) {
    let listed: string[] = []
    const { inbox, handler } = await harness.start({
      attempts: 1, deliver: fail, onDeadLetter: async () => { listed = keysOf(await inbox.deadLetters({ limit: 10 })) }
    })
    await inbox.add(entry('ada-1'))
    await harness.until('onDeadLetter was called', () => handler.deadLetterCalls.length > 0)
    await harness.until('the list had the entry when onDeadLetter was called', () => listed.length > 0)
    assert.deepEqual(
      handler.deadLetterCalls.map(({ entry }) => stored(entry, entry.revision)), [stored(entry('ada-1'))]
    )
  },

  async 'an entry that succeeds in a later attempt does not become a dead letter' (harness) {
    const { inbox, handler } = await harness.start({
      attempts: 3, deliver: () => { if (handler.started.length < 3) fail() }
    })
    await inbox.add(entry('ada-1'))
    await harness.until(
      'the entry is delivered', async () => handler.delivered.length > 0 && await inbox.pendingCount() === 0
    )
    await harness.wait()
    assert.equal(handler.started.length, 3, 'no attempt follows the successful one')
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
    assert.deepEqual(handler.deadLetterCalls, [])
  },

  async 'the delays between attempts grow' (harness) {
    const delays: number[] = []
    let last = NaN
    const backoff = 30
    const recordAndFail = () => {
      const now = performance.now()
      delays.push(now - last)
      last = now
      fail()
    }
    const { inbox, handler } = await harness.start({ attempts: 5, backoff, deliver: recordAndFail })
    await inbox.add(entry('ada-1'))
    await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > 0)
    for (const [index, delay] of delays.slice(1).entries()) {
      // A delay may be up to half shorter (jitter), and timers are not exact.
      const least = backoff * 2 ** index / 2 - 5
      assert.ok(delay >= least, `the delay after attempt ${index + 1} is at least ${least} ms, found ${delay} ms`)
    }
    assert.equal(delays.length, 5)
  },

  async 'a failing entry delays only entries of the same ordering key' (harness) {
    const { inbox, handler } = await harness.start({
      concurrency: 1, backoff: 60_000, deliver: ({ key }) => { if (key === 'ada-1') fail() }
    })
    await addSequentially(inbox, ...series('ada', 3), ...series('bob', 2))
    await harness.until('the entries of the other ordering key are delivered', () => handler.delivered.length >= 2)
    await harness.wait()
    assert.deepEqual(
      keysOf(handler.delivered), ['bob-1', 'bob-2'], 'later entries wait until it is delivered or a dead letter'
    )
    assert.equal(await inbox.pendingCount(), 3)
  },

  async 'the next entry of an ordering key is delivered after the previous one became a dead letter' (harness) {
    const { inbox, handler } = await harness.start({
      attempts: 2, deliver: ({ key }) => { if (key !== 'ada-3') fail() }
    })
    await addSequentially(inbox, ...series('ada', 3))
    await harness.until('the third entry is delivered', () => handler.delivered.length > 0)
    assert.deepEqual(keysOf(handler.started), ['ada-1', 'ada-1', 'ada-2', 'ada-2', 'ada-3'])
    assert.deepEqual([...handler.overlapping], [])
  },

  async 'each entry has its own attempts' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 2, backoff: 1, deliver: fail })
    await addConcurrently(inbox, revised('ada-1', 1), revised('ada-1', 2), ...series('bob', 2), ...series('cem', 2))
    await harness.until('all entries are dead letters', () => handler.deadLetterCalls.length >= 6)
    assert.equal(handler.started.length, 12, 'two attempts for each of six entries')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2, 2, 2, 2, 2, 2])
  },

  async 'pendingCount counts entries that wait, are being delivered or are between attempts' (harness) {
    const gate = harness.gate()
    const listeners: Record<string, () => unknown> = { ada: fail, bob: () => gate.opened }
    const { inbox, handler } = await harness.start({
      attempts: 2, backoff: 60_000, deliver: ({ orderingKey }) => listeners[orderingKey]?.()
    })
    assert.equal(await inbox.pendingCount(), 0)
    await addSequentially(inbox, ...series('ada', 2), ...series('bob', 2), ...series('cem', 2))
    await harness.until('all entries that can be delivered are delivered', () => handler.delivered.length === 2)
    await harness.until(
      'pendingCount is 4: one between attempts, one being delivered, two that wait',
      async () => await inbox.pendingCount() === 4
    )
    gate.open()
    await harness.until('pendingCount does not count delivered entries', async () => await inbox.pendingCount() === 2)
  }
}
