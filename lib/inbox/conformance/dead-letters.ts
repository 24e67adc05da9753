import assert from 'node:assert/strict'
import type { DeadLetterEntry, Inbox } from '../inbox.ts'
import { addAtOnce, addInTurn, entry, fail, keysOf, revised, series } from './fixtures.ts'
import type { Checks, Opened, TestHarness } from './harness.ts'

/** How the dead-letter list is read, and how it is cleared. */
export const deadLetters: Checks = {
  async 'the dead-letter list is read page by page, in order, each entry once' (trial) {
    const { inbox } = await giveUp(trial, 25)
    const whole = await inbox.deadLetters({ limit: 100 })
    assert.equal(whole.length, 25, 'a page that is long enough holds all')
    assert.deepEqual(whole, whole.toSorted(compare), 'they come by failedAt, key and revision')
    assert.deepEqual(await readPages(inbox, 10), [whole.slice(0, 10), whole.slice(10, 20), whole.slice(20)])
    assert.deepEqual(await readPages(inbox, 1), whole.map((dead) => [dead]))
    assert.deepEqual(await inbox.deadLetters({ limit: 25, after: undefined }), whole)
  },

  async 'revisions that were given up at the same time are listed by their numbers' (trial) {
    const { inbox, host } = await trial.start({ concurrency: 12, attempts: 1, deliver: fail })
    await addAtOnce(inbox, ...Array.from({ length: 12 }, (_, index) => revised('ada-1', index, { orderingKey: `chat${index}` })))
    await trial.until('all are given up', () => host.surrenders.length >= 12)
    const whole = await inbox.deadLetters({ limit: 100 })
    assert.deepEqual(whole, whole.toSorted(compare), '2 comes before 10')
    assert.deepEqual((await readPages(inbox, 5)).flat(), whole)
  },

  async 'those that were given up first are listed first' (trial) {
    const { inbox, host } = await trial.start({ attempts: 1, deliver: fail })
    for (const [index, key] of ['cem-1', 'ada-1', 'bob-1'].entries()) {
      await inbox.add(entry(key))
      await trial.until('it is given up', () => host.surrenders.length > index)
      await trial.lookOn(2)
    }
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['cem-1', 'ada-1', 'bob-1'])
  },

  async 'a page begins behind the last entry of the page before, be that in the list or not' (trial) {
    const { inbox } = await giveUp(trial, 9)
    const whole = await inbox.deadLetters({ limit: 9 })
    const [after] = await inbox.deadLetters({ limit: 3 }).then((page) => page.slice(-1))
    for (const { key } of whole.slice(1, 4)) await inbox.discard(key)
    assert.deepEqual(await inbox.deadLetters({ limit: 3, after }), whole.slice(4, 7))
    assert.deepEqual(await inbox.deadLetters({ limit: 100, after: whole[8] }), [], 'behind the last there is nothing')
  },

  async 'the dead-letter list is kept when the store is closed' (trial) {
    const before = await giveUp(trial, 3)
    const whole = await before.inbox.deadLetters({ limit: 10 })
    await before.inbox.close(trial.deadline)

    const { inbox, host } = await trial.start()

    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), whole)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), [], 'what was given up is not delivered unless it is retried')
  },

  async 'deadLetterCount counts what is in the dead-letter list' (trial) {
    let away = true
    const before = await trial.start({ attempts: 1, deliver: () => { if (away) fail() } })
    assert.equal(await before.inbox.deadLetterCount(), 0)
    await addInTurn(before.inbox, ...series('ada', 2), entry('bob-1'), entry('cem-1'))
    await trial.until('all are given up', () => before.host.surrenders.length >= 4)
    assert.equal(await before.inbox.deadLetterCount(), 4)
    away = false
    await before.inbox.retry('ada-1')
    assert.equal(await before.inbox.deadLetterCount(), 3, 'what is retried is in the list no more')
    await before.inbox.discard('bob-1')
    assert.equal(await before.inbox.deadLetterCount(), 2, 'nor is what is discarded')
    await before.inbox.close(trial.deadline)

    const { inbox } = await trial.open()
    assert.equal(await inbox.deadLetterCount(), 2, 'the rest is there when the store is opened again')
  },

  async 'what is discarded is in no list, and is never delivered' (trial) {
    const before = await giveUp(trial, 3)
    assert.equal(await before.inbox.discard('chat1-1'), 1, 'discard resolves with how many there were')
    assert.equal(await before.inbox.discard('chat1-1'), 0, 'it is there no more')
    for (const key of ['nobody-1', 'chat2', '2-1', '*']) assert.equal(await before.inbox.discard(key), 0, `nothing was given up under the key "${key}"`)
    assert.equal(await before.inbox.retry('chat1-1'), 0, 'what was discarded cannot be retried')
    assert.deepEqual(keysOf(await before.inbox.deadLetters({ limit: 10 })).sort(), ['chat0-1', 'chat2-1'])
    await before.inbox.close(trial.deadline)

    const { inbox, host } = await trial.start()

    await trial.lookOn()
    assert.deepEqual(keysOf(host.begun), [])
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })).sort(), ['chat0-1', 'chat2-1'])
  },

  async 'discard removes every revision that was given up, and nothing that waits' (trial) {
    const gate = trial.gate()
    const { inbox, host } = await trial.start({ attempts: 1, deliver: ({ revision }) => revision === 3 ? gate.opened : fail() })
    await addInTurn(inbox, revised('ada-1', 1), revised('ada-1', 2), revised('ada-1', 3), entry('ada-2'))
    await trial.until('the third revision is at work', () => host.begun.length === 3 && host.surrenders.length === 2)
    assert.equal(await inbox.discard('ada-1'), 2)
    assert.equal(await inbox.discard('ada-2'), 0, 'what waits was not given up')
    assert.equal(await inbox.pendingCount(), 2)
    gate.open()
    await trial.until('the third revision is delivered', () => host.delivered.length === 1)
    await trial.until('the next is given up', () => host.surrenders.length === 3)
    assert.deepEqual(keysOf(await inbox.deadLetters({ limit: 10 })), ['ada-2'])
  }
}

async function giveUp (trial: TestHarness, count: number): Promise<Opened> {
  const opened = await trial.start({ concurrency: count, attempts: 1, deliver: fail })
  // Of as many ordering keys, so that several are given up in the same millisecond.
  await addAtOnce(opened.inbox, ...Array.from({ length: count }, (_, index) => series(`chat${index}`, 1)).flat())
  await trial.until(`${count} are given up`, () => opened.host.surrenders.length >= count)
  return opened
}

async function readPages (inbox: Inbox, limit: number): Promise<DeadLetterEntry[][]> {
  const pages: DeadLetterEntry[][] = []
  // A list without end would be one that repeats itself.
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
