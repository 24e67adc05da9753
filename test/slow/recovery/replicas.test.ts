import { Emulator } from 'fastify-green-api/emulator'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import t from 'tap'
import { token } from '../../helpers/app.ts'
import { startWithRecovery } from '../../helpers/recovery.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'
import { until } from '../../helpers/until.ts'

t.test('one of several replicas with bullmqInbox reads the journals', { skip: withoutRedis }, async (t) => {
  const { connection } = await RedisServer.start(t)
  const emulator = new Emulator({ seed: t.name })
  t.teardown(() => emulator.close())
  const instances = { apiUrl: await emulator.listen(), idInstance: 1101000001, apiTokenInstance: 'emulated-token' }
  const start = () => startWithRecovery(t, {
    token, recover: { every: '1 s', instances }, inbox: bullmqInbox({ connection })
  })
  const servers = await Promise.all([start(), start(), start()])
  const passes = () => servers.flatMap((server) => server.passes)
  await until(() => passes().length > 0)
  const instance = emulator.instance()
  instance.setFaults({ lost: 1 })
  const body = instance.build.textMessage()
  instance.receive(body)
  await emulator.clock.advance(4 * 60_000)
  const { length } = passes()
  const startedAt = performance.now()
  await until(() => passes().length === length + 4)
  t.ok(performance.now() - startedAt > 2500, 'four passes take as long as those of one replica')
  await until(() => servers.some(({ events }) => events.length > 0))

  instance.setFaults({})
  await instance.applySettings({ webhookUrl: `${servers[0].app.listeningOrigin}/green-api`, webhookUrlToken: token })
  instance.receive(body)
  await emulator.idle()
  t.equal(servers.flatMap(({ events }) => events).length, 1, 'the webhook is a repeat for every replica')

  const [reader] = servers.toSorted((one, other) => other.passes.length - one.passes.length)
  await reader?.app.close()
  const left = passes().length
  await until(() => passes().length > left)
})
