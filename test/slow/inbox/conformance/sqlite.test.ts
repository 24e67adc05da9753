import { join } from 'node:path'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t from 'tap'
import { conforms } from '../../../helpers/conforms.ts'

t.setTimeout(600_000)

const folder = t.testdir()

t.test('sqliteInbox passes all conformance cases', { jobs: 8 }, async (t) => {
  conforms(t, (store, settings) => sqliteInbox({ path: join(folder, store), ...settings }))
})
