import t from 'tap'
import type { PageQuery } from 'fastify-green-api'
import { InboxControl } from '../../lib/inbox/control.ts'
import { hollowInbox } from '../helpers/fixtures/hollow-inbox.ts'

t.test('deadLetters asks for a page of 100 by default', async (t) => {
  const queries: PageQuery[] = []
  const control = new InboxControl(hollowInbox({ async deadLetters (query) { queries.push(query); return [] } }))

  await control.deadLetters()
  await control.deadLetters({ limit: 7, after: { id: 'A', revision: 1, failedAt: 5 } })

  t.match(queries, [{ limit: 100, after: undefined }, { limit: 7, after: { key: 'A', revision: 1, failedAt: 5 } }])
})
