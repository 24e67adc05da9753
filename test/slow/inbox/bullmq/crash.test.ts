import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { endure } from '../../../helpers/crash/endure.ts'
import { ReplicaProcess } from '../../../helpers/crash/replica-process.ts'
import { freePort } from '../../../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../../../helpers/redis.ts'

t.setTimeout(1_800_000)

const slowWithRedis = { timeout: 900_000, skip: withoutRedis }
const endurance = { chats: 40, notifications: 5000, kills: 30 }

interface System {
  readonly server: RedisServer
  readonly replicas: readonly [ReplicaProcess, ReplicaProcess]
  readonly ledger: string
}

/** Starts Redis and two replicas. */
async function start (t: Test): Promise<System> {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replica = async (name: string) => new ReplicaProcess(t, {
    name, ledger, port: await freePort(), redis: server.port, failures: 0.02, work: 3
  })
  const replicas = [await replica('one'), await replica('other')] as const
  await Promise.all(replicas.map((replica) => replica.start()))
  return { server, replicas, ledger }
}

t.test('bullmqInbox delivers all stored notifications in order when a replica is killed', slowWithRedis, async (t) => {
  const { replicas, ledger } = await start(t)
  await endure(t, replicas, ledger, async () => {
    const replica = replicas[Math.random() < 0.5 ? 0 : 1]
    await replica.kill()
    await replica.start()
  }, endurance)
})

t.test('bullmqInbox delivers all stored notifications in order when Redis crashes', slowWithRedis, async (t) => {
  const { server, replicas, ledger } = await start(t)
  await endure(t, replicas, ledger, async () => {
    await server.stop()
    await sleep(Math.random() * 300)
    await server.start()
  }, endurance)
})

t.test('bullmqInbox delivers all stored notifications in order when Redis pauses', slowWithRedis, async (t) => {
  const { server, replicas, ledger } = await start(t)
  await endure(t, replicas, ledger, async () => {
    server.pause()
    await sleep(Math.random() * 1000)
    server.resume()
  }, { ...endurance, kills: 10 })
})
