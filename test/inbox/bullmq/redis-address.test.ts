import { inspect } from 'node:util'
import { InvalidOptionError } from 'fastify-green-api'
import { bullmqInbox, type BullmqInboxOptions, type RedisAddress } from 'fastify-green-api/inbox/bullmq'
import { Redis } from 'ioredis'
import t from 'tap'
import { build, post } from '../../helpers/app.ts'
import { menuSent } from '../../helpers/fixtures/notifications.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

t.test('bullmqInbox connects to every form of address', { skip: withoutRedis }, async (t) => {
  const { port } = await RedisServer.start(t)
  const admin = new Redis(port)
  const client = new Redis({ port, db: 7, lazyConnect: true })
  t.teardown(() => { for (const redis of [admin, client]) redis.disconnect() })
  await admin.call('ACL', 'SETUSER', 'shop', 'on', '>a/b#c?d%e@f', '~*', '&*', '+@all')
  const password = encodeURIComponent('a/b#c?d%e@f')
  const forms: RedisAddress[] = [
    { port, db: 1 },
    { url: `redis://127.0.0.1:${port}/2` },
    { url: `redis://127.0.0.1:${port}`, db: 3 },
    `redis://shop:${password}@127.0.0.1:${port}/4`,
    `redis://127.0.0.1:${port}?db=5`,
    new URL(`redis://127.0.0.1:${port}/6`),
    client,
    `127.0.0.1:${port}`
  ]
  for (const [index, connection] of forms.entries()) {
    const app = await build(t, { inbox: bullmqInbox({ connection }) })
    t.equal((await post(app, menuSent())).statusCode, 200)
    const db = (index + 1) % 8
    await admin.select(db)
    t.equal(await admin.exists('bull:green-api:meta'), 1, `database ${db}`)
    await app.close()
  }
  t.equal(client.status, 'wait', 'the client of the application is not used')
})

const wrong: Array<[title: string, connection: unknown, message: RegExp]> = [
  ['a list', ['redis://127.0.0.1'], /^connection must be the address of Redis/],
  ['a Map', new Map(), /^connection must be the address of Redis/],
  ['a port that is not one', 99_999, /^connection.port must be a whole number/],
  ['a database that is not a number', { db: 'x' }, /^connection.db must be a whole number/],
  ['an option of another client', { uri: 'redis://h' }, /^Unknown option `uri` for connection. Did you mean `url`\?/],
  ['options of node-redis', { socket: { port: 1 } }, /^Unknown option `socket` for connection. Did you mean `host` and/],
  ['a url that is not a string', { url: 6379 }, /^connection.url must be a string/],
  ['a Cluster', { isCluster: true, duplicate () {} }, /A Cluster of ioredis is not supported/],
  ['another client', { sendCommand () {}, duplicate () {} }, /^connection must be a client of ioredis/]
]
for (const [title, connection, message] of wrong) {
  t.test(`bullmqInbox refuses ${title}`, async (t) => {
    t.throws(
      // As in JavaScript, without a type check.
      () => bullmqInbox({ connection } as unknown as BullmqInboxOptions),
      { constructor: InvalidOptionError, message }
    )
  })
}

t.test('bullmqInbox repeats no part of a URL that cannot be parsed', async (t) => {
  const urls = [
    ...['/', '#', '?', '%'].map((character) => `redis://:hunter2${character}pw@127.0.0.1:6379`),
    ...['/', '#', '?'].map((character) => `redis://hunter2:12${character}hunter2@127.0.0.1:6379`),
    'redis://:hunter2@127.0.0.1:99999',
    'redis://:hunter2@127.0.0.1:6379/x'
  ]
  for (const connection of urls.flatMap((url) => [url, { url }])) {
    try {
      bullmqInbox({ connection })
      t.fail(`${inspect(connection)} was accepted`)
    } catch (error) {
      t.match(error, { message: /the password must be percent-encoded/ })
      t.notMatch(inspect(error, { depth: 9, showHidden: true }), /hunter2/)
    }
  }
})
