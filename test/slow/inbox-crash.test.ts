import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readLedger } from '../helpers/crash/ledger.ts'
import { ReplicaProcess } from '../helpers/crash/replica-process.ts'
import { Sender } from '../helpers/crash/sender.ts'
import { freePort } from '../helpers/free-port.ts'
import { RedisServer, withoutRedis } from '../helpers/redis.ts'

t.setTimeout(1_800_000)

const chats = 40
const notifications = 10_000
const kills = 20
const listener = { failures: 0.02, work: 3 }

/** Sends until enough was acknowledged and `harm` has returned often enough, then waits until all is delivered. */
async function endure (t: Test, replicas: readonly ReplicaProcess[], ledger: string, harm: () => Promise<void>): Promise<void> {
  const senders = Array.from({ length: chats }, (_, index) => new Sender(`7900000${1000 + index}@c.us`, () => replicas.map(({ url }) => url)))
  const sending = Promise.all(senders.map((sender) => sender.send(5)))
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acknowledged, 0)
  for (let done = 0; done < kills || acknowledged() < notifications; done++) {
    const before = acknowledged()
    await sleep(100 + Math.random() * 500)
    // However slow the machine: what is harmed before it is back at work would never get anywhere.
    while (acknowledged() < before + chats) await sleep(20)
    await harm()
  }
  for (const sender of senders) sender.stop()
  await sending

  for (const { url } of replicas) {
    while (await (await fetch(`${url}/size`)).json() !== 0) await sleep(50)
    t.equal(await (await fetch(`${url}/failed`)).json(), 0, 'nothing was given up')
  }
  const accounts = readLedger(ledger)
  let repeats = 0
  for (const { chat, acknowledged } of senders) {
    const account = accounts.get(chat)
    const delivered = account?.delivered ?? []
    t.strictSame(delivered, delivered.map((_, index) => index), `${chat}: in order, with no gap`)
    t.ok(delivered.length >= acknowledged, `${chat}: all ${acknowledged} that were answered 200 of ${delivered.length}`)
    t.equal(account?.overlaps, 0, `${chat}: one at a time`)
    repeats += account?.repeats ?? 0
  }
  t.comment(`${acknowledged()} notifications were answered 200, ${replicas.reduce((sum, { kills }) => sum + kills, 0)} kills, ${repeats} repeats`)
}

async function crash (replica: ReplicaProcess): Promise<void> {
  await replica.kill()
  await replica.start()
}

t.test('an inbox on disk keeps and delivers what was answered 200, in order, whenever the process is killed', { timeout: 600_000 }, async (t) => {
  const folder = t.testdir({})
  const ledger = join(folder, 'ledger')
  const replica = new ReplicaProcess(t, { name: 'only', ledger, port: await freePort(), path: join(folder, 'inbox'), ...listener })
  await replica.start()
  await endure(t, [replica], ledger, () => crash(replica))
  t.ok(replica.kills >= kills)
})

t.test('an inbox in Redis does, whichever of two replicas is killed', { timeout: 600_000, skip: withoutRedis }, async (t) => {
  const ledger = join(t.testdir({ ledger: '' }), 'ledger')
  const server = await RedisServer.start(t)
  const replicas = await Promise.all(['one', 'other'].map(async (name) => new ReplicaProcess(t, { name, ledger, port: await freePort(), redis: server.port, ...listener })))
  await Promise.all(replicas.map((replica) => replica.start()))
  await endure(t, replicas, ledger, () => crash(replicas[Math.random() < 0.5 ? 0 : 1] as ReplicaProcess))
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
  })
})
