import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { endure } from '../../helpers/crash/endure.ts'
import { ReplicaProcess } from '../../helpers/crash/replica-process.ts'
import { freePort } from '../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

t.setTimeout(1_800_000)

const endurance = { chats: 40, notifications: 10_000, kills: 20 }
const listener = { failures: 0.02, work: 3 }

async function crash (replica: ReplicaProcess): Promise<void> {
  await replica.kill()
  await replica.start()
}

t.test('an inbox on disk keeps and delivers what was answered 200, in order, whenever the process is killed', { timeout: 600_000 }, async (t) => {
  const folder = t.testdir({})
  const ledger = join(folder, 'ledger')
  const replica = new ReplicaProcess(t, { name: 'only', ledger, port: await freePort(), path: join(folder, 'inbox'), ...listener })
  await replica.start()
  await endure(t, [replica], ledger, () => crash(replica), endurance)
  t.ok(replica.kills >= endurance.kills)
})

t.test('an inbox in Redis does, whichever of two replicas is killed', { timeout: 600_000, skip: withoutRedis }, async (t) => {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replicas = await Promise.all(['one', 'other'].map(async (name) => new ReplicaProcess(t, { name, ledger, port: await freePort(), redis: server.port, ...listener })))
  await Promise.all(replicas.map((replica) => replica.start()))
  await endure(t, replicas, ledger, () => crash(replicas[Math.random() < 0.5 ? 0 : 1] as ReplicaProcess), endurance)
})

t.test('an inbox in Redis does, whenever Redis is killed, or stands still', { timeout: 600_000, skip: withoutRedis }, async (t) => {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replicas = await Promise.all(['one', 'other'].map(async (name) => new ReplicaProcess(t, { name, ledger, port: await freePort(), redis: server.port, ...listener })))
  await Promise.all(replicas.map((replica) => replica.start()))
  await endure(t, replicas, ledger, async () => {
    if (Math.random() < 0.8) {
      await server.stop()
      await sleep(Math.random() * 300)
      await server.start()
    } else {
      server.pause()
      await sleep(Math.random() * 1000)
      server.resume()
    }
  }, endurance)
})
