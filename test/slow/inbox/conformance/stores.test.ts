import { join } from 'node:path'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t from 'tap'
import { conforms } from '../../../helpers/conforms.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'

t.setTimeout(600_000)

const folder = t.testdir()

t.test('sqliteInbox passes all conformance cases', { jobs: 4 }, async (t) => {
  conforms(t, (store, settings) => sqliteInbox({ path: join(folder, store), ...settings }))
})

t.test('bullmqInbox passes all conformance cases', { jobs: 4, skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t)
  conforms(t, (store, settings) => bullmqInbox({ connection, name: store, ...settings }))
})
