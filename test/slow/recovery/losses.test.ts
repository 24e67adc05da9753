import { join } from 'node:path'
import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import greenApi from 'fastify-green-api'
import { recoverChannel, type RecoverMessage } from 'fastify-green-api/diagnostics'
import { Emulator, type EmulatedInstance } from 'fastify-green-api/emulator'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import t from 'tap'
import { token } from '../../helpers/app.ts'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

t.setTimeout(3_600_000)

/** `RECOVERED_MESSAGES=100000` is the long run, of half an hour or so. */
const messageCount = Number(env.RECOVERED_MESSAGES ?? 5000)
const instanceCount = 10
const faults = { lost: 0.01, late: 0.01, duplicates: 0.05 }

t.test(`${messageCount} messages, of which some are lost or late, are handled once each, across restarts`, async (t) => {
  /** How often each message was handled. */
  const handled = new Map<string, number>()
  const port = await freePort()
  const settings = { webhookUrl: `http://127.0.0.1:${port}/green-api`, webhookUrlToken: token }
  const ids = Array.from({ length: instanceCount }, (_, index) => String(1101000001 + index))
  const emulator = new Emulator({
    seed: t.name, clock: { speed: 30 }, faults, instances: ids.map((idInstance) => ({ idInstance, settings }))
  })
  t.teardown(() => emulator.close())
  emulator.on('message', ({ instanceData: { idInstance }, idMessage }) => {
    handled.set(`${idInstance} ${idMessage}`, 0)
  })
  const lost = new Set<string>()
  emulator.on('lost', ({ idMessage }) => { lost.add(String(idMessage)) })
  emulator.on('expired', () => { t.fail('a notification expired') })
  const apiUrl = await emulator.listen()

  const passes: RecoverMessage[] = []
  // The channel publishes one type of message.
  recoverChannel.subscribe((message) => { passes.push(message as RecoverMessage) })
  const path = join(t.testdir(), 'inbox.db')
  const start = async () => {
    const app = Fastify({ forceCloseConnections: true, pluginTimeout: 60_000 })
    await app.register(greenApi, {
      token,
      attempts: 1000,
      inbox: sqliteInbox({ path, backoff: 20 }),
      recover: {
        every: '1 s',
        instances: ids.map((idInstance) => ({ apiUrl, idInstance, apiTokenInstance: 'emulated-token' }))
      }
    })
    app.greenApi.on('webhook', async ({ idInstance, idMessage }) => {
      if (Math.random() < 0.1) await sleep(Math.random() * 5)
      if (Math.random() < 0.01) throw new Error('a random failure')
      const key = `${idInstance} ${idMessage}`
      handled.set(key, (handled.get(key) ?? 1000) + 1)
    })
    await app.listen({ host: '127.0.0.1', port })
    return app
  }
  let app: FastifyInstance = await start()
  t.teardown(() => app.close())

  const feeding = Promise.all(ids.map((id) => feed(emulator.instance(id), messageCount / instanceCount)))
  let restarts = 0
  const isFed = feeding.then(() => true)
  while (!await Promise.race([isFed, sleep(2000 + Math.random() * 2000, false)])) {
    await app.close()
    app = await start()
    restarts++
  }
  await emulator.idle()
  await emulator.clock.advance(4 * 60_000)
  const { length } = passes
  // The passes that were running at that moment do not count.
  const readTwice = () => ids.every((id) => passes.slice(length).filter(({ idInstance }) => idInstance === id).length > 1)
  await until(readTwice)
  await until(async () => await app.greenApi.inbox.pendingCount() === 0)

  const counts = new Map<number, number>()
  for (const count of handled.values()) counts.set(count, (counts.get(count) ?? 0) + 1)
  t.strictSame([...counts], [[1, messageCount]], 'each message was handled once, and nothing else was')
  const recovered = passes.reduce((sum, pass) => sum + (pass.recovered.textMessage ?? 0), 0)
  t.ok(lost.size > 0)
  t.ok(recovered >= lost.size, 'all lost messages, and late ones')
  t.comment(`${lost.size} lost, ${recovered} recovered in ${passes.length} passes, ${restarts} restarts`)
})

/** Makes a customer send messages, in bursts. */
async function feed (instance: EmulatedInstance, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    if (number % 50 === 0) {
      while (instance.queue.size > 0) await sleep(10)
    }
    instance.receive(instance.build.textMessage({ text: `text ${number}` }))
  }
}
