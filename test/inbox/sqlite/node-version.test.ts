import { join } from 'node:path'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t from 'tap'
import { build } from '../../helpers/app.ts'

t.test('register rejects when Node has no SQLite', async (t) => {
  // Node 20 has none. A newer Node is made to look like it.
  if (process.getBuiltinModule('node:sqlite') !== undefined) {
    t.intercept(process, 'getBuiltinModule', { value: () => undefined })
  }
  const { node } = process.versions
  await t.rejects(build(t, { inbox: sqliteInbox({ path: join(t.testdir({}), 'inbox.db') }) }), {
    code: 'FST_GREEN_API_INBOX',
    message: `sqliteInbox needs Node 22.13 or newer. This is Node ${node}. Update Node, or use bullmqInbox`
  })
})
