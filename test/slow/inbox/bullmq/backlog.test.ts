import { setTimeout as sleep } from 'node:timers/promises'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import t from 'tap'
import { entry } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../../lib/inbox/conformance/recording-handler.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'

t.setTimeout(600_000)

const length = 200_000

t.test('bullmqInbox opens a large backlog at once and delivers it in order', { skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t)
  const filling = bullmqInbox({ connection })
  t.teardown(() => filling.close(1000))
  await filling.open(new RecordingHandler(1, () => {}, () => {}))
  for (let done = 0; done < length; done += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, index) => filling.add(entry(`ada-${done + index}`))))
  }
  await filling.close(10_000)
  const inbox = bullmqInbox({ connection })
  t.teardown(() => inbox.close(1000))
  const keys: string[] = []
  const handler = new RecordingHandler(1, ({ key }) => {
    handler.started.length = 0
    handler.delivered.length = 0
    keys.push(key)
  }, () => {})

  const begin = performance.now()
  await inbox.open(handler)
  const opened = performance.now() - begin
  inbox.start()
  while (await inbox.pendingCount() > length - 20_000) await sleep(100)

  t.ok(opened < 2000, `opened in ${Math.round(opened)} ms`)
  const expected = keys.map((_, index) => `ada-${index}`)
  t.strictSame(keys, expected, `${keys.length} deliveries in order`)
})
