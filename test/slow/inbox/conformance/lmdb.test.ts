import { join } from 'node:path'
import { lmdbInbox } from 'fastify-green-api/inbox/lmdb'
import t from 'tap'
import { conforms } from '../../../helpers/conforms.ts'

// Opening an LMDB inbox starts a process for the integrity check.
t.setTimeout(600_000)

const folder = t.testdir()

t.test('lmdbInbox passes all conformance cases', { jobs: 4 }, async (t) => {
  conforms(t, (store, settings) => lmdbInbox({ path: join(folder, store), ...settings }))
})
