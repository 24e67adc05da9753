import t, { type Test } from 'tap'
import {
  SeenNotifications, failuresOf, isSettled, knownOrNextRevision, noteDuplicate
} from '../../lib/dedup/seen-notifications.ts'
import type { Identity } from '../../lib/recognition/identity.ts'

const hour = 3_600_000

const of = (idMessage: string): Identity => {
  return { idInstance: '7103000042', type: 'outgoingMessageStatus', state: 'sent', idMessage }
}

/** Seen notifications, with a clock that only `pass` moves. */
function withClock (t: Test) {
  const { now } = Date
  let time = now()
  Date.now = () => time
  t.teardown(() => { Date.now = now })
  return { seen: new SeenNotifications(), pass: (milliseconds: number) => { time += milliseconds } }
}

function settled (seen: SeenNotifications, id: string, checksum: number): boolean {
  const state = seen.get(of(id))
  return state !== undefined && isSettled(state, checksum)
}

t.test('isSettled is true for 48 hours, for the settled body only', async (t) => {
  const { seen, pass } = withClock(t)
  seen.settle(of('a'), 0xFFFFFFFF)
  seen.settle(of('b'), 0)

  pass(47.9 * hour)

  t.equal(settled(seen, 'a', 0xFFFFFFFF), true)
  t.equal(settled(seen, 'b', 0), true)
  t.equal(settled(seen, 'a', 0xFFFFFFFE), false, 'another body')
  t.equal(settled(seen, 'c', 0), false, 'another notification')
})

t.test('isSettled is false after exactly 48 hours', async (t) => {
  const { seen, pass } = withClock(t)
  seen.settle(of('a'), 1)

  pass(48 * hour)

  t.equal(settled(seen, 'a', 1), false)
})

t.test('isSettled is correct after years of uptime, and after the clock is set back', async (t) => {
  const { seen, pass } = withClock(t)

  pass(3 * 365 * 24 * hour)
  seen.settle(of('a'), 0xFFFFFFFF)

  t.equal(settled(seen, 'a', 0xFFFFFFFF), true)
  t.equal(settled(seen, 'a', 0xFFFFFFFE), false)

  pass(-4 * 365 * 24 * hour)
  seen.settle(of('b'), 7)

  t.equal(settled(seen, 'b', 7), true)
})

t.test('SeenNotifications remembers the 100 000 most recent identities', async (t) => {
  const seen = new SeenNotifications()
  for (let i = 0; i < 100_000; i++) seen.settle(of(`id-${i}`), i)
  t.equal(seen.size, 100_000)
  t.equal(settled(seen, 'id-0', 0), true)

  seen.settle(of('one more'), 1)

  t.ok(seen.size <= 100_000)
  t.equal(settled(seen, 'id-0', 0), false)
  t.equal(settled(seen, 'id-99999', 99_999), true)
})

t.test('SeenNotifications counts an identity once when it is settled again', async (t) => {
  const seen = new SeenNotifications()

  for (const checksum of [1, 1, 2]) seen.settle(of('a'), checksum)

  t.equal(seen.size, 1)
})

t.test('SeenNotifications drops identities after 48 to 96 hours', async (t) => {
  const { seen, pass } = withClock(t)

  for (const id of ['a', 'b', 'c']) {
    seen.settle(of(id), 1)
    pass(49 * hour)
  }

  t.equal(seen.get(of('a')), undefined)
  t.ok(seen.size < 3)
})

t.test('fail counts the failures of each body until it is settled', async (t) => {
  const seen = new SeenNotifications()
  t.equal(seen.fail(of('a'), 1), 1)
  t.equal(seen.fail(of('a'), 1), 2)
  t.equal(seen.fail(of('a'), 2), 1, 'another body')
  t.equal(seen.fail(of('b'), 1), 1, 'another notification')
  t.equal(settled(seen, 'a', 1), false)

  seen.settle(of('a'), 1)

  t.equal(settled(seen, 'a', 1), true)
  t.equal(settled(seen, 'a', 2), false)
  t.equal(seen.fail(of('a'), 1), 1)
})

t.test('fail counts the failures of a body that was settled more than 48 hours ago', async (t) => {
  const { seen, pass } = withClock(t)
  seen.settle(of('a'), 1)
  pass(48 * hour)

  t.equal(seen.fail(of('a'), 1), 1)
  t.equal(seen.fail(of('a'), 1), 2)

  t.equal(settled(seen, 'a', 1), false)
})

t.test('knownOrNextRevision numbers the bodies of a notification in order of arrival', async (t) => {
  const seen = new SeenNotifications()
  seen.settle(of('a'), 10)
  const revision = (checksum: number) => knownOrNextRevision(seen.get(of('a')) ?? [], checksum)
  t.equal(revision(10), 1)
  t.equal(revision(20), 2)

  seen.fail(of('a'), 20)

  t.equal(revision(20), 2)
  t.equal(revision(30), 3)

  seen.settle(of('a'), 30)

  t.strictSame([10, 20, 30, 40].map(revision), [1, 2, 3, 4])
})

t.test('SeenNotifications remembers the last 20 bodies of a notification', async (t) => {
  const seen = new SeenNotifications()
  for (let checksum = 1; checksum <= 100; checksum++) {
    t.equal(knownOrNextRevision(seen.get(of('a')) ?? [], checksum), checksum)
    seen.settle(of('a'), checksum)
  }

  t.equal(settled(seen, 'a', 100), true)
  t.equal(settled(seen, 'a', 81), true, 'the 20th')
  t.equal(settled(seen, 'a', 80), false, 'the 21st')
})

t.test('get returns nothing for an identity that differs in any part', async (t) => {
  const seen = new SeenNotifications()
  const one = of('a')
  seen.settle(one, 1)

  for (const part of ['idInstance', 'type', 'state', 'idMessage'] as const) {
    t.equal(seen.get({ ...one, [part]: '' }), undefined, part)
  }
  t.ok(seen.get({ ...one }))
})

t.test('add remembers a notification for 48 hours when the process has run for a while', async (t) => {
  const { seen, pass } = withClock(t)
  pass(10 * hour)
  seen.add(of('a'), 0xFFFFFFFF)

  pass(47.9 * hour)
  t.equal(settled(seen, 'a', 0xFFFFFFFF), true)

  pass(0.1 * hour)
  t.equal(settled(seen, 'a', 0xFFFFFFFF), false)
})

t.test('SeenNotifications drops an identity when twice 48 hours have passed', async (t) => {
  const { seen, pass } = withClock(t)
  seen.settle(of('a'), 1)
  pass(48 * hour)
  seen.settle(of('b'), 1)
  t.ok(seen.get(of('a')))

  pass(48 * hour)
  seen.settle(of('c'), 1)

  t.equal(seen.get(of('a')), undefined)
  t.ok(seen.get(of('b')))
})

t.test('SeenNotifications keeps identities when it is created long after the start of the process', async (t) => {
  const { pass } = withClock(t)
  pass(47 * hour)
  const seen = new SeenNotifications()

  for (const id of ['a', 'b', 'c']) seen.settle(of(id), 1)

  t.equal(seen.size, 3)
})

t.test('settle packs the state into a number when the notification has one body', async (t) => {
  const seen = new SeenNotifications()

  seen.settle(of('a'), 1)
  t.type(seen.get(of('a')), 'number')

  seen.settle(of('a'), 2)
  t.ok(Array.isArray(seen.get(of('a'))))
})

t.test('failuresOf returns the failures of a body', async (t) => {
  const seen = new SeenNotifications()
  for (const checksum of [1, 1, 2]) seen.fail(of('a'), checksum)

  t.strictSame([1, 2, 3].map((checksum) => failuresOf(seen.get(of('a')) ?? [], checksum)), [2, 1, 0])
})

t.test('SeenNotifications keeps the bodies of several notifications apart while it grows', async (t) => {
  const seen = new SeenNotifications()
  const ids = Array.from({ length: 300 }, (_, index) => `id-${index}`)
  for (const checksum of [1, 2, 3]) {
    for (const [index, id] of ids.entries()) if (index % checksum === 0) seen.settle(of(id), checksum + index)
  }

  t.equal(seen.size, 300)
  for (const [index, id] of ids.entries()) {
    const bodies = [1, 2, 3].map((checksum) => settled(seen, id, checksum + index))
    t.strictSame(bodies, [true, index % 2 === 0, index % 3 === 0], id)
  }
})

t.test('a recovered notification equals any body, settled or not', async (t) => {
  const seen = new SeenNotifications()
  seen.settle(of('a'), 7)
  seen.settle(of('a'), 8)
  seen.fail(of('b'), 7)
  seen.fail(of('c'), 7)
  seen.settle(of('c'), 8)
  const isKnown = (id: string) => isSettled(seen.get(of(id)) ?? [], null)

  t.equal(isKnown('a'), true)
  t.equal(isKnown('b'), false, 'a notification that failed')
  t.equal(isKnown('c'), true, 'one of its bodies is settled')
  t.equal(isKnown('d'), false, 'nothing arrived')
  t.equal(failuresOf(seen.get(of('b')) ?? [], null), 1, 'its failures count')
  t.equal(seen.fail(of('b'), null), 2)
  t.equal(seen.fail(of('b'), 7), 3)
})

t.test('the first body after a recovered notification is its duplicate, the next one is another revision', async (t) => {
  const seen = new SeenNotifications()
  seen.add(of('a'), null)
  t.equal(settled(seen, 'a', 7), true)

  noteDuplicate(seen.get(of('a')) ?? [], 7)

  t.equal(settled(seen, 'a', 8), false)
  t.equal(settled(seen, 'a', 7), true, 'also the second time')
  t.equal(knownOrNextRevision(seen.get(of('a')) ?? [], 8), 2)
  t.equal(isSettled(seen.get(of('a')) ?? [], null), true)
})

t.test('a query about a body does not make it the body of a recovered notification', async (t) => {
  const seen = new SeenNotifications()
  seen.add(of('settled'), null)
  seen.fail(of('failed'), null)

  for (const id of ['settled', 'failed']) {
    const state = seen.get(of(id)) ?? []
    const before = structuredClone(state)
    isSettled(state, 7)
    knownOrNextRevision(state, 7)
    failuresOf(state, 7)
    t.strictSame(state, before, id)
  }
})

t.test('noteDuplicate changes nothing unless the notification was recovered', async (t) => {
  const seen = new SeenNotifications()
  seen.settle(of('a'), 1)
  seen.settle(of('b'), 1)
  seen.settle(of('b'), 2)
  seen.settle(of('c'), null)

  for (const [id, checksum] of [['a', 1], ['b', 2], ['c', null]] as const) {
    const before = structuredClone(seen.get(of(id)))
    noteDuplicate(seen.get(of(id)) ?? [], checksum)
    t.strictSame(seen.get(of(id)), before, id)
  }
})

t.test('a recovered notification that failed is tried again as the first body that arrives', async (t) => {
  const seen = new SeenNotifications()
  seen.fail(of('a'), null)

  t.equal(settled(seen, 'a', 7), false)
  t.equal(knownOrNextRevision(seen.get(of('a')) ?? [], 7), 1)
  t.equal(seen.fail(of('a'), 7), 2)
  t.equal(knownOrNextRevision(seen.get(of('a')) ?? [], 8), 2)
})

t.test('since is the time from which all identities are remembered', async (t) => {
  const { seen, pass } = withClock(t)
  const start = Date.now()
  t.equal(seen.since, start)
  pass(hour)
  for (let i = 0; i <= 50_000; i++) seen.settle(of(`id-${i}`), i)
  t.equal(seen.since, start, 'nothing is forgotten yet')

  pass(hour)
  for (let i = 0; i < 50_000; i++) seen.settle(of(`other-${i}`), i)

  t.equal(seen.since, start + hour)
  t.equal(seen.get(of('id-0')), undefined)
})
