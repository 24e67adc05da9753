import t from 'tap'
import { root, run } from '../../helpers/consumer.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

t.setTimeout(300_000)

/** How often two workers on one port call a listener for one notification that arrives four times. */
function countCalls (...options: string[]): number {
  return Number(run(process.execPath, ['--import=./test/helpers/from-source.js', 'test/helpers/cluster.ts', ...options], root))
}

t.test('each worker of a cluster delivers a repeat once when there is no inbox', async (t) => {
  t.equal(countCalls(), 2)
})

t.test('a cluster delivers a repeat once when its workers share a bullmqInbox', { skip: withoutRedis }, async (t) => {
  const redis = await RedisServer.start(t)
  t.equal(countCalls(String(redis.port)), 1)
})
