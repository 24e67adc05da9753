import assert from 'node:assert/strict'
import type { DeadLetterEntry, Inbox } from '../inbox.ts'
import { addConcurrently, addSequentially, entry, fail, keysOf, revised, series } from './fixtures.ts'
import { edgeCaseKeys } from './edge-cases.ts'
import type { Checks, Opened, TestHarness } from './harness.ts'

/** Checks of `deadLetters`, `deadLetterCount` and `discard`. */
export const deadLetters: Checks = {
  async 'deadLetters returns each dead letter once, page by page and in order' (harness) {
    const { inbox } = await createDeadLetters(harness, 25)
    const whole = await inbox.deadLetters({ limit: 100 })
    assert.equal(whole.length, 25, 'one long page has all dead letters')
    assert.deepEqual(whole, whole.toSorted(compare), 'dead letters are sorted by failedAt, key and revision')
    assert.deepEqual(await readPages(inbox, 10), [whole.slice(0, 10), whole.slice(10, 20), whole.slice(20)])
    assert.deepEqual(await readPages(inbox, 1), whole.map((dead) => [dead]))
    assert.deepEqual(await inbox.deadLetters({ limit: 25, after: undefined }), whole)
  },

  async 'deadLetters sorts revisions by number when they failed at the same time' (harness) {
    const { inbox, handler } = await harness.start({ concurrency: 12, attempts: 1, deliver: fail })
    await addConcurrently(
      inbox, ...Array.from({ length: 12 }, (_, index) => revised('ada-1', index, { orderingKey: `chat${index}` }))
    )
    await harness.until('all entries are dead letters', () => handler.deadLetterCalls.length >= 12)
    const whole = await inbox.deadLetters({ limit: 100 })
    assert.deepEqual(whole, whole.toSorted(compare), 'revision 2 comes before revision 10')
    assert.deepEqual((await readPages(inbox, 5)).flat(), whole)
  },

  async 'deadLetters returns the oldest dead letters first' (harness) {
    const { inbox, handler } = await harness.start({ attempts: 1, deliver: fail })
    for (const [index, key] of ['cem-1', 'ada-1', 'bob-1'].entries()) {
      await inbox.add(entry(key))
      await harness.until('the entry is a dead letter', () => handler.deadLetterCalls.length > index)
      await harness.wait(2)
    }
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['cem-1', 'ada-1', 'bob-1'])
  },

  async 'a page starts after the entry given as after, even when that was discarded' (harness) {
    const { inbox } = await createDeadLetters(harness, 9)
    const whole = await inbox.deadLetters({ limit: 9 })
    const [after] = await inbox.deadLetters({ limit: 3 }).then((page) => page.slice(-1))
    for (const { key } of whole.slice(1, 4)) await inbox.discard(key)
    assert.deepEqual(await inbox.deadLetters({ limit: 3, after }), whole.slice(4, 7))
    assert.deepEqual(
      await inbox.deadLetters({ limit: 100, after: whole[8] }), [], 'the page after the last dead letter is empty'
    )
  },

  async 'dead letters are kept when the store is closed' (harness) {
    const before = await createDeadLetters(harness, 3)
    const whole = await before.inbox.deadLetters({ limit: 10 })
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), whole)
    await harness.wait()
    assert.deepEqual(keysOf(handler.started), [], 'a dead letter is not delivered unless it is retried')
  },

  async 'deadLetterCount counts the dead letters' (harness) {
    let shouldFail = true
    const before = await harness.start({ attempts: 1, deliver: () => { if (shouldFail) fail() } })
    assert.equal(await before.inbox.deadLetterCount(), 0)
    await addSequentially(before.inbox, ...series('ada', 2), entry('bob-1'), entry('cem-1'))
    await harness.until('all entries are dead letters', () => before.handler.deadLetterCalls.length >= 4)
    assert.equal(await before.inbox.deadLetterCount(), 4)
    shouldFail = false
    await before.inbox.retry('ada-1')
    assert.equal(await before.inbox.deadLetterCount(), 3, 'a retried entry is no longer a dead letter')
    await before.inbox.discard('bob-1')
    assert.equal(await before.inbox.deadLetterCount(), 2, 'a discarded entry is no longer a dead letter')
    await before.inbox.close(harness.deadline)

    const { inbox } = await harness.open()
    assert.equal(await inbox.deadLetterCount(), 2, 'the others are still dead letters when the store is opened again')
  },

  async 'a discarded dead letter is removed and never delivered' (harness) {
    const before = await createDeadLetters(harness, 3)
    assert.equal(await before.inbox.discard('chat1-1'), 1, 'discard resolves with the number of removed dead letters')
    assert.equal(await before.inbox.discard('chat1-1'), 0, 'the dead letter is gone')
    for (const key of ['nobody-1', 'chat2', '2-1', '*']) {
      assert.equal(await before.inbox.discard(key), 0, `there is no dead letter with the key "${key}"`)
    }
    assert.equal(await before.inbox.retry('chat1-1'), 0, 'a discarded dead letter cannot be retried')
    assert.deepEqual(keysOf(await before.inbox.deadLetters({ limit: 10 })).sort(), ['chat0-1', 'chat2-1'])
    await before.inbox.close(harness.deadline)

    const { inbox, handler } = await harness.start()

    await harness.wait()
    assert.deepEqual(keysOf(handler.started), [])
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })).sort(), ['chat0-1', 'chat2-1'])
  },

  async 'discard removes the dead letter with the key, and none with a similar key' (harness) {
    const { inbox, handler } = await harness.start({ concurrency: edgeCaseKeys.length, attempts: 1, deliver: fail })
    await addConcurrently(inbox, ...edgeCaseKeys.map((key) => entry(key, { orderingKey: key })))
    await harness.until(
      'all entries are dead letters', () => handler.deadLetterCalls.length >= edgeCaseKeys.length
    )
    for (const key of edgeCaseKeys) assert.equal(await inbox.discard(key), 1, `the dead letter ${key} is removed`)
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
  },

  async 'discard removes all dead revisions of a key, and no pending entry' (harness) {
    const gate = harness.gate()
    const { inbox, handler } = await harness.start({
      attempts: 1, deliver: ({ revision }) => revision === 3 ? gate.opened : fail()
    })
    await addSequentially(inbox, revised('ada-1', 1), revised('ada-1', 2), revised('ada-1', 3), entry('ada-2'))
    await harness.until(
      'the third revision is being delivered',
      () => handler.started.length === 3 && handler.deadLetterCalls.length === 2
    )
    assert.equal(await inbox.discard('ada-1'), 2)
    assert.equal(await inbox.discard('ada-2'), 0, 'a pending entry is not a dead letter')
    assert.equal(await inbox.pendingCount(), 2)
    gate.open()
    await harness.until('the third revision is delivered', () => handler.delivered.length === 1)
    await harness.until('the next entry is a dead letter', () => handler.deadLetterCalls.length === 3)
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-2'])
  }
}

async function createDeadLetters (harness: TestHarness, count: number): Promise<Opened> {
  const opened = await harness.start({ concurrency: count, attempts: 1, deliver: fail })
  // With different ordering keys, several entries fail in the same millisecond.
  await addConcurrently(opened.inbox, ...Array.from({ length: count }, (_, index) => series(`chat${index}`, 1)).flat())
  await harness.until(`there are ${count} dead letters`, () => opened.handler.deadLetterCalls.length >= count)
  return opened
}

async function readPages (inbox: Inbox, limit: number): Promise<DeadLetterEntry[][]> {
  const pages: DeadLetterEntry[][] = []
  // The limit ends the loop when a faulty inbox repeats its pages.
  for (let after: DeadLetterEntry | undefined; pages.length < 100;) {
    const page = await inbox.deadLetters({ limit, after })
    if (page.length === 0) break
    pages.push(page)
    after = page.at(-1)
  }
  return pages
}

function compare (one: DeadLetterEntry, other: DeadLetterEntry): number {
  if (one.failedAt !== other.failedAt) return one.failedAt - other.failedAt
  if (one.key !== other.key) return one.key < other.key ? -1 : 1
  return one.revision - other.revision
}
