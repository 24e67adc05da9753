import t from 'tap'
import { nextRevision, revisionOf } from '../../lib/dedup/revisions.ts'

/** What is remembered after bodies with the checksums 1 to `count` arrived. */
function remember (count: number): string {
  let revisions: string | undefined
  for (let checksum = 1; checksum <= count; checksum++) revisions = nextRevision(revisions, checksum).memory
  return revisions ?? ''
}

t.test('nextRevision numbers the bodies of a key from 1', async (t) => {
  t.equal(nextRevision(undefined, 7).revision, 1)
  t.equal(nextRevision(remember(1), 7).revision, 2)
  t.equal(nextRevision(remember(99), 7).revision, 100)
})

t.test('revisionOf finds the last 20 bodies of a key', async (t) => {
  const revisions = remember(30)

  t.equal(revisionOf(revisions, 30), 30)
  t.equal(revisionOf(revisions, 11), 11, 'the 20th')
  t.equal(revisionOf(revisions, 10), undefined, 'the 21st')
})
