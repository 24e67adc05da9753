import t, { type Test } from 'tap'
import type { Identity } from '../../lib/recognition/identity.ts'
import { SeenNotifications, isSettled, knownOrNextRevision } from '../../lib/dedup/seen-notifications.ts'

const hour = 3_600_000

const of = (idMessage: string): Identity => ({ idInstance: '7103000042', type: 'outgoingMessageStatus', state: 'sent', idMessage })

/** Identities, and a hand on the clock. */
function withClock (t: Test) {
  const { now } = Date
  let time = now()
  Date.now = () => time
  t.teardown(() => { Date.now = now })
  return { identities: new SeenNotifications(), pass: (milliseconds: number) => { time += milliseconds } }
}

function settled (identities: SeenNotifications, id: string, checksum: number): boolean {
  const memory = identities.get(of(id))
  return memory !== undefined && isSettled(memory, checksum)
}

t.test('what was settled is remembered for 48 hours', async (t) => {
  const { identities, pass } = withClock(t)
  identities.settle(of('a'), 0xFFFFFFFF)
  identities.settle(of('b'), 0)
  pass(47.9 * hour)
  t.equal(settled(identities, 'a', 0xFFFFFFFF), true)
  t.equal(settled(identities, 'b', 0), true)
  t.equal(settled(identities, 'a', 0xFFFFFFFE), false, 'another body')
  t.equal(settled(identities, 'c', 0), false)
  pass(0.2 * hour)
  t.equal(settled(identities, 'a', 0xFFFFFFFF), false)
})

t.test('years of uptime do not wear the memory out, nor does a clock set back', async (t) => {
  const { identities, pass } = withClock(t)
  pass(3 * 365 * 24 * hour)
  identities.settle(of('a'), 0xFFFFFFFF)
  t.equal(settled(identities, 'a', 0xFFFFFFFF), true)
  t.equal(settled(identities, 'a', 0xFFFFFFFE), false)
  pass(-4 * 365 * 24 * hour)
  identities.settle(of('b'), 7)
  t.equal(settled(identities, 'b', 7), true)
})

t.test('at most 100 000 are remembered, the youngest', async (t) => {
  const identities = new SeenNotifications()
  for (let i = 0; i < 100_000; i++) identities.settle(of(`id-${i}`), i)
  t.equal(identities.size, 100_000)
  t.equal(settled(identities, 'id-0', 0), true)
  identities.settle(of('one more'), 1)
  t.ok(identities.size <= 100_000)
  t.equal(settled(identities, 'id-0', 0), false)
  t.equal(settled(identities, 'id-99999', 99_999), true)
})

t.test('time alone lets go as well', async (t) => {
  const { identities, pass } = withClock(t)
  for (const id of ['a', 'b', 'c']) {
    identities.settle(of(id), 1)
    pass(49 * hour)
  }
  t.equal(identities.get(of('a')), undefined)
  t.ok(identities.size < 3)
})

t.test('failures are counted for each body, and forgotten when it is settled', async (t) => {
  const identities = new SeenNotifications()
  t.equal(identities.fail(of('a'), 1), 1)
  t.equal(identities.fail(of('a'), 1), 2)
  t.equal(identities.fail(of('a'), 2), 1)
  t.equal(identities.fail(of('b'), 1), 1)
  t.equal(settled(identities, 'a', 1), false)
  identities.settle(of('a'), 1)
  t.equal(settled(identities, 'a', 1), true)
  t.equal(settled(identities, 'a', 2), false)
  t.equal(identities.fail(of('a'), 1), 1)
})

t.test('a revision is the place of a body among those that came', async (t) => {
  const identities = new SeenNotifications()
  identities.settle(of('a'), 10)
  const revision = (checksum: number) => knownOrNextRevision(identities.get(of('a')) ?? [], checksum)
  t.equal(revision(10), 1)
  t.equal(revision(20), 2)
  identities.fail(of('a'), 20)
  t.equal(revision(20), 2)
  t.equal(revision(30), 3)
  identities.settle(of('a'), 30)
  t.strictSame([10, 20, 30, 40].map(revision), [1, 2, 3, 4])
})

t.test('a notification that never stops changing is remembered by its last bodies', async (t) => {
  const identities = new SeenNotifications()
  for (let checksum = 1; checksum <= 100; checksum++) {
    t.equal(knownOrNextRevision(identities.get(of('a')) ?? [], checksum), checksum)
    identities.settle(of('a'), checksum)
  }
  t.equal(settled(identities, 'a', 100), true)
  t.equal(settled(identities, 'a', 90), true)
  t.equal(settled(identities, 'a', 1), false)
})

t.test('identities differ in each of their parts', async (t) => {
  const identities = new SeenNotifications()
  const one = of('a')
  identities.settle(one, 1)
  for (const part of ['idInstance', 'type', 'state', 'idMessage'] as const) t.equal(identities.get({ ...one, [part]: '' }), undefined, part)
  t.ok(identities.get({ ...one }))
})
