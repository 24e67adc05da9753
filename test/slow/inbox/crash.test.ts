import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { endure } from '../../helpers/crash/endure.ts'
import { ReplicaProcess } from '../../helpers/crash/replica-process.ts'
import { freePort } from '../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../helpers/redis.ts'

t.setTimeout(1_800_000)

const slow = { timeout: 600_000 }
const slowWithRedis = { ...slow, skip: withoutRedis }
const endurance = { chats: 40, notifications: 10_000, kills: 30 }
const listener = { failures: 0.02, work: 3 }

async function crash (replica: ReplicaProcess): Promise<void> {
  await replica.kill()
  await replica.start()
}

t.test('sqliteInbox delivers all stored notifications in order when its process is killed', slow, async (t) => {
  const folder = t.testdir({})
  const ledger = join(folder, 'ledger')
  const replica = new ReplicaProcess(t, {
    name: 'only', ledger, port: await freePort(), path: join(folder, 'inbox'), ...listener
  })
  await replica.start()
  await endure(t, [replica], ledger, () => crash(replica), endurance)
  t.ok(replica.kills >= endurance.kills)
})

t.test('bullmqInbox delivers all stored notifications in order when a replica is killed', slowWithRedis, async (t) => {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replicas = await Promise.all(
    ['one', 'other'].map(
      async (name) => new ReplicaProcess(t, { name, ledger, port: await freePort(), redis: server.port, ...listener })
    )
  )
  await Promise.all(replicas.map((replica) => replica.start()))
  await endure(t, replicas, ledger, () => crash(replicas[Math.random() < 0.5 ? 0 : 1] as ReplicaProcess), endurance)
})

t.test('bullmqInbox delivers all stored notifications in order when Redis crashes', slowWithRedis, async (t) => {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replicas = await Promise.all(
    ['one', 'other'].map(
      async (name) => new ReplicaProcess(t, { name, ledger, port: await freePort(), redis: server.port, ...listener })
    )
  )
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
