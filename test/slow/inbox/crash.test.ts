import { join } from 'node:path'
import t from 'tap'
import { endure } from '../../helpers/crash/endure.ts'
import { ReplicaProcess } from '../../helpers/crash/replica-process.ts'
import { freePort } from '../../helpers/free-port.ts'

t.setTimeout(1_800_000)

const slow = { timeout: 600_000 }
const endurance = { chats: 40, notifications: 5000, kills: 30 }
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
