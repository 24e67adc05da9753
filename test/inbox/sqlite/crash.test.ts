import { join } from 'node:path'
import t from 'tap'
import { endure } from '../../helpers/crash/endure.ts'
import { ReplicaProcess } from '../../helpers/crash/replica-process.ts'
import { freePort } from '../../helpers/free-port.ts'

t.test('sqliteInbox delivers all stored notifications in order when its process is killed', async (t) => {
  const folder = t.testdir({})
  const ledger = join(folder, 'ledger')
  const replica = new ReplicaProcess(t, {
    name: 'only', ledger, port: await freePort(), path: join(folder, 'inbox'), failures: 0.02, work: 3
  })
  await replica.start()
  const crash = async () => {
    await replica.kill()
    await replica.start()
  }
  await endure(t, [replica], ledger, crash, { chats: 10, notifications: 20, kills: 1 })
  t.ok(replica.kills >= 1)
})
