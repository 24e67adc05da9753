import assert from 'node:assert/strict'
import { addAtOnce, addInTurn, entry, fail, fault, keysOf, revised, series, stored } from './fixtures.ts'
import type { Checks } from './harness.ts'

/** What becomes of an entry whose listeners fail. */
export const failing: Checks = {
  async 'an entry that fails is tried as often as the host says, and then given up' (trial) {
    for (const attempts of [1, 2, 4]) {
      const { inbox, host } = await trial.start({ store: `after-${attempts}`, attempts, deliver: fail })
      await inbox.add(entry('ada-1'))
      await trial.until('it is given up', () => host.surrenders.length > 0)
      await trial.lookOn()
      assert.equal(host.begun.length, attempts, `of ${attempts} attempts each is made, and no further one`)
      assert.deepEqual(host.surrenders.map(({ attempts }) => attempts), [attempts], 'the host is told once, and how many there were')
      assert.equal(await inbox.pendingCount(), 0, 'what was given up waits no longer')
    }
  },

  async 'the host is told with each attempt which one it is, and when the entry was added' (trial) {
    const { inbox, host } = await trial.start({ attempts: 3, deliver: fail })
    const earliest = Date.now()
    await inbox.add(entry('ada-1'))
    const latest = Date.now()
    await trial.until('it is given up', () => host.surrenders.length > 0)
    assert.deepEqual(host.begun.map(({ attempt }) => attempt), [1, 2, 3])
    for (const { storedAt } of host.begun) assert.ok(Number.isSafeInteger(storedAt) && storedAt >= earliest && storedAt <= latest, `${storedAt} is the Unix time at which it was added, in milliseconds`)
  },

  async 'attempts are counted, however busy the store and short the pauses' (trial) {
    const { inbox, host } = await trial.start({ attempts: 3, backoff: 1, deliver: ({ orderingKey }) => { if (orderingKey === 'ada') fail() } })
    const large = { body: 'b'.repeat(256 * 1024) }
    await addAtOnce(inbox, ...Array.from({ length: 20 }, (_, index) => [entry(`ada-${index}`), entry(`chat${index}-1`, large)]).flat())
    for (let index = 2; host.surrenders.length < 20 && index < 40; index++) {
      // What is being written holds up the writing of what has failed.
      await addAtOnce(inbox, ...Array.from({ length: 10 }, (_, chat) => entry(`chat${chat}-${index}`, large)))
    }
    await trial.until('all are given up', () => host.surrenders.length >= 20)
    assert.equal(host.begun.filter(({ orderingKey }) => orderingKey === 'ada').length, 60)
  },

  async 'an entry that was given up is in the dead-letter list, with what came of it' (trial) {
    const { inbox, host } = await trial.start({ attempts: 2, deliver: fail })
    const earliest = Date.now()
    await inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => host.surrenders.length > 0)
    const [dead, ...others] = await inbox.deadLetters({ limit: 10 })
    assert.ok(dead !== undefined && others.length === 0, 'the list has this entry alone')
    const { reason, attempts, failedAt } = dead
    assert.deepEqual(stored(dead, dead.revision), stored(entry('ada-1')))
    assert.equal(reason, fault, 'the reason is what the error says')
    assert.equal(attempts, 2)
    assert.equal(await inbox.deadLetterCount(), 1)
    assert.ok(Number.isSafeInteger(failedAt) && failedAt >= earliest && failedAt <= Date.now(), `${failedAt} is the Unix time at which it was given up, in milliseconds`)
  },

  async 'the reason is what the last attempt failed with' (trial) {
    const { inbox, host } = await trial.start({ attempts: 3, deliver: () => { throw new Error(`attempt ${host.begun.length}`) } })
    await inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => host.surrenders.length > 0)
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ reason }) => reason), ['attempt 3'])
    assert.deepEqual(host.surrenders.map(({ error }) => error instanceof Error && error.message), ['attempt 3'], 'the host is told the same')
  },

  async 'the host is told of an entry that was given up once that is in the dead-letter list' (trial) {
    let listed: string[] = []
    const { inbox, host } = await trial.start({ attempts: 1, deliver: fail, givenUp: async () => { listed = keysOf(await inbox.deadLetters({ limit: 10 })) } })
    await inbox.add(entry('ada-1'))
    await trial.until('the host is told', () => host.surrenders.length > 0)
    await trial.until('it is in the list at that time', () => listed.length > 0)
    assert.deepEqual(host.surrenders.map(({ entry }) => stored(entry, entry.revision)), [stored(entry('ada-1'))])
  },

  async 'an entry that succeeds in a later attempt is not given up' (trial) {
    const { inbox, host } = await trial.start({ attempts: 3, deliver: () => { if (host.begun.length < 3) fail() } })
    await inbox.add(entry('ada-1'))
    await trial.until('it is delivered', async () => host.delivered.length > 0 && await inbox.pendingCount() === 0)
    await trial.lookOn()
    assert.equal(host.begun.length, 3, 'after a success there is no further attempt')
    assert.deepEqual(await inbox.deadLetters({ limit: 10 }), [])
    assert.deepEqual(host.surrenders, [])
  },

  async 'the pauses between attempts grow' (trial) {
    const pauses: number[] = []
    let last = NaN
    const backoff = 30
    const pause = () => {
      const now = performance.now()
      pauses.push(now - last)
      last = now
      fail()
    }
    const { inbox, host } = await trial.start({ attempts: 5, backoff, deliver: pause })
    await inbox.add(entry('ada-1'))
    await trial.until('it is given up', () => host.surrenders.length > 0)
    for (const [index, pause] of pauses.slice(1).entries()) {
      // Half of it for jitter, and a little for the grain of timers and clocks.
      const least = backoff * 2 ** index / 2 - 5
      assert.ok(pause >= least, `the pause after attempt ${index + 1} is of ${least} ms at least, not of ${pause}`)
    }
    assert.equal(pauses.length, 5)
  },

  async 'an entry that fails holds back those of its ordering key, and no others' (trial) {
    const { inbox, host } = await trial.start({ concurrency: 1, backoff: 60_000, deliver: ({ key }) => { if (key === 'ada-1') fail() } })
    await addInTurn(inbox, ...series('ada', 3), ...series('bob', 2))
    await trial.until('the others are delivered', () => host.delivered.length >= 2)
    await trial.lookOn()
    assert.deepEqual(keysOf(host.delivered), ['bob-1', 'bob-2'], 'what comes after it waits until it is delivered or given up')
    assert.equal(await inbox.pendingCount(), 3)
  },

  async 'the next entry of an ordering key is delivered when the one before was given up' (trial) {
    const { inbox, host } = await trial.start({ attempts: 2, deliver: ({ key }) => { if (key !== 'ada-3') fail() } })
    await addInTurn(inbox, ...series('ada', 3))
    await trial.until('the third is delivered', () => host.delivered.length > 0)
    assert.deepEqual(keysOf(host.begun), ['ada-1', 'ada-1', 'ada-2', 'ada-2', 'ada-3'])
    assert.deepEqual([...host.overlapping], [])
  },

  async 'entries fail each for themselves' (trial) {
    const { inbox, host } = await trial.start({ attempts: 2, backoff: 1, deliver: fail })
    await addAtOnce(inbox, revised('ada-1', 1), revised('ada-1', 2), ...series('bob', 2), ...series('cem', 2))
    await trial.until('all are given up', () => host.surrenders.length >= 6)
    assert.equal(host.begun.length, 12, 'each has attempts of its own')
    assert.deepEqual((await inbox.deadLetters({ limit: 10 })).map(({ attempts }) => attempts), [2, 2, 2, 2, 2, 2])
  },

  async 'size counts what waits, is at work or is between attempts' (trial) {
    const gate = trial.gate()
    const behave: Record<string, () => unknown> = { ada: fail, bob: () => gate.opened }
    const { inbox, host } = await trial.start({ attempts: 2, backoff: 60_000, deliver: ({ orderingKey }) => behave[orderingKey]?.() })
    assert.equal(await inbox.pendingCount(), 0)
    await addInTurn(inbox, ...series('ada', 2), ...series('bob', 2), ...series('cem', 2))
    await trial.until('all that can be is delivered', () => host.delivered.length === 2)
    await trial.until('size counts one between attempts, one at work and two that wait', async () => await inbox.pendingCount() === 4)
    gate.open()
    await trial.until('size does not count what is delivered', async () => await inbox.pendingCount() === 2)
  }
}
