import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import Fastify, { type FastifyInstance } from 'fastify'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { textMessage } from 'fastify-green-api/testing'
import t, { type Test } from 'tap'
import { entry } from '../../../../lib/inbox/conformance/fixtures.ts'
import { RecordingHandler } from '../../../../lib/inbox/conformance/recording-handler.ts'
import type { DeliveryHandler } from '../../../../lib/inbox/inbox.ts'
import { build, token } from '../../../helpers/app.ts'
import { collectGarbage } from '../../../helpers/collect-garbage.ts'
import { until } from '../../../helpers/until.ts'

t.setTimeout(600_000)

async function fill (path: string, count: number, chats: number): Promise<void> {
  const inbox = sqliteInbox({ path })
  await inbox.open(new RecordingHandler(1, () => {}, () => {}))
  for (let first = 0; first < count; first += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, index) => {
      const number = first + index
      return inbox.add(entry(randomUUID(), { orderingKey: `chat${number % chats}`, body: String(number), checksum: 1 }))
    }))
  }
  await inbox.close(10_000)
}

async function deliverAll (t: Test, count: number, chats: number): Promise<void> {
  const path = join(t.testdir({}), 'inbox.db')
  const begun = performance.now()
  await fill(path, count, chats)
  const filling = performance.now() - begun
  const inbox = sqliteInbox({ path })
  const lasts = new Map<string, number>()
  let delivered = 0
  let disorder = 0
  let peak = 0
  let finish = () => {}
  const finished = new Promise<void>((resolve) => { finish = resolve })
  const silent = new RecordingHandler(1, () => {}, () => {})
  const handler: DeliveryHandler = {
    attempts: 1,
    log: silent.log,
    async deliver ({ orderingKey, body }) {
      if (Number(body) <= (lasts.get(orderingKey) ?? -1)) disorder++
      lasts.set(orderingKey, Number(body))
      if (++delivered % 20_000 === 0) {
        collectGarbage()
        peak = Math.max(peak, process.memoryUsage().heapUsed)
      }
      if (delivered === count) finish()
    },
    async onDeadLetter () {}
  }
  const before = performance.now()
  await inbox.open(handler)
  const opened = performance.now()
  t.comment(`filled in ${Math.round(filling)} ms, opened in ${Math.round(opened - before)} ms`)
  // On a busy machine, everything takes longer.
  t.ok(opened - before < Math.max(2000, filling / 10), 'it opens in under 2 s')
  inbox.start()
  await finished
  t.comment(`${Math.round(count / (performance.now() - opened) * 1000)} deliveries/s, heap of ${Math.round(peak / 1e6)} MB`)
  t.equal(disorder, 0)
  t.ok(peak < 100e6, 'memory does not grow with the backlog')
  await until(async () => await inbox.pendingCount() === 0)
  await inbox.close(1000)
}

t.test('a backlog over many chats opens soon, and is delivered in order', (t) => deliverAll(t, 200_000, 1000))

t.test('a backlog of one chat opens soon, and is delivered in order', (t) => deliverAll(t, 20_000, 1))

/** Posts over 64 connections for five seconds, and measures the delay of the event loop. */
async function postAtFullSpeed (t: Test, app: FastifyInstance) {
  const url = new URL('/green-api', await app.listen({ host: '127.0.0.1', port: 0 }))
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => { agent.destroy() })
  const post = (body: string) => new Promise<number | undefined>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body)
    }
    request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => { resolve(response.statusCode) })
    }).on('error', reject).end(body)
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const end = Date.now() + 5000
  let answered = 0
  delay.enable()
  await Promise.all(Array.from({ length: 64 }, async (_, chat) => {
    while (Date.now() < end) {
      const idMessage = randomUUID()
      const status = await post(JSON.stringify(textMessage({ text: 'Hello' }, { idMessage, chatId: `${chat}@c.us` })))
      if (status !== 200) t.fail(`answered ${status}`)
      answered++
    }
  }))
  delay.disable()
  const p99 = delay.percentile(99) / 1e6
  t.comment(`${answered / 5} requests/s, loop delay ${p99.toFixed(1)} ms at p99`)
  return { answered, p99 }
}

t.test('the event loop stays free while 64 connections post at full speed', async (t) => {
  const bare = Fastify()
  t.teardown(() => bare.close())
  bare.post('/green-api', (_request, reply) => { reply.send() })
  const without = await postAtFullSpeed(t, bare)
  const app = await build(t, { inbox: sqliteInbox({ path: join(t.testdir({}), 'inbox.db') }) })
  let delivered = 0
  app.greenApi.on('textMessage', () => { delivered++ })

  const { answered, p99 } = await postAtFullSpeed(t, app)

  // The client is in the same process, and others may keep the machine busy: both delay a bare route, too.
  t.ok(p99 <= Math.max(10, 2 * without.p99), 'at most 10 ms at p99')
  t.ok(delivered > answered / 2, 'deliveries are not starved by the intake')
})
