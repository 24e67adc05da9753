import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import t from 'tap'
import { entry } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../../lib/inbox/conformance/recording-handler.ts'
import type { DeliveryHandler } from '../../../../lib/inbox/inbox.ts'
import { collectGarbage } from '../../../helpers/collect-garbage.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'

t.setTimeout(600_000)

const length = 200_000
/** As many as are delivered at the same time. */
const chats = 16

function heapUsed (): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

t.test('bullmqInbox opens a large backlog at once and delivers it in order', { skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t, '--appendfsync', 'no')
  const filling = bullmqInbox({ connection })
  t.teardown(() => filling.close(1000))
  const { log } = new RecordingHandler(1, () => {}, () => {})
  await filling.open({ attempts: 1, log, async deliver () {}, async onDeadLetter () {} })
  for (let first = 0; first < length; first += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, index) => {
      const number = first + index
      return filling.add(entry(`chat${number % chats}-${number}`))
    }))
  }
  await filling.close(10_000)
  const inbox = bullmqInbox({ connection })
  t.teardown(() => inbox.close(1000))
  const before = heapUsed()
  let [delivered, peak] = [0, 0]
  const next = Array.from({ length: chats }, (_, chat) => chat)
  const wrong: string[] = []
  let finish = () => {}
  const finished = new Promise<void>((resolve) => { finish = resolve })
  const handler: DeliveryHandler = {
    attempts: 1,
    log,
    async deliver ({ key, orderingKey }) {
      const chat = Number(orderingKey.slice('chat'.length))
      const expected = next[chat] ?? NaN
      if (key !== `${orderingKey}-${expected}`) wrong.push(`${key} instead of ${expected}`)
      next[chat] = expected + chats
      if (++delivered % 20_000 === 0) peak = Math.max(peak, heapUsed() - before)
      if (delivered === length) finish()
    },
    async onDeadLetter () {}
  }

  const begin = performance.now()
  await inbox.open(handler)
  const opened = performance.now() - begin
  inbox.start()
  await finished

  t.ok(opened < 2000, `opened in ${Math.round(opened)} ms`)
  t.strictSame(wrong, [], 'each entry follows the one before it in its chat')
  // A backlog of this length would need more than 50 MB.
  t.ok(peak < 20e6, `the heap grew by ${(peak / 1e6).toFixed(1)} MB`)
})
