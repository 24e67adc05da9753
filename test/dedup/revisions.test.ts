import t from 'tap'
import { nextRevision } from '../../lib/dedup/revisions.ts'

/** What is remembered after bodies with the checksums 1 to `count` arrived. */
function remember (count: number): string {
  let revisions: string | undefined
  for (let checksum = 1; checksum <= count; checksum++) revisions = nextRevision(revisions, checksum).memory
  return revisions ?? ''
}

t.test('nextRevision numbers the bodies of a key from 1', async (t) => {
  t.equal(nextRevision(undefined, 777).revision, 1)
  t.equal(nextRevision(remember(1), 777).revision, 2)
  t.equal(nextRevision(remember(99), 777).revision, 100)
})

t.test('nextRevision finds the last 20 bodies of a key', async (t) => {
  const revisions = remember(30)

  t.strictSame(nextRevision(revisions, 30), { revision: undefined, memory: revisions })
  t.strictSame(nextRevision(revisions, 11), { revision: undefined, memory: revisions }, 'the 20th')
  t.equal(nextRevision(revisions, 10).revision, 31, 'the 21st')
})

t.test('nextRevision takes a recovered notification for a duplicate of any body', async (t) => {
  const { revision, memory } = nextRevision(undefined, null)
  t.equal(revision, 1)

  t.strictSame(nextRevision(memory, null), { revision: undefined, memory })
  t.strictSame(nextRevision(remember(2), null), { revision: undefined, memory: remember(2) })
})

t.test('nextRevision takes the first body after a recovered notification for its duplicate', async (t) => {
  const { memory } = nextRevision(undefined, null)
  const first = nextRevision(memory, 7)

  t.equal(first.revision, undefined)
  t.strictSame(nextRevision(first.memory, 7), { revision: undefined, memory: first.memory })
  t.equal(nextRevision(first.memory, 8).revision, 2)
})
