import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Emulator } from 'fastify-green-api/emulator'
import t from 'tap'
import { token, type Line } from '../../helpers/crash/messages.ts'
import { ReplicaProcess } from '../../helpers/crash/replica-process.ts'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

t.setTimeout(1_800_000)

const minimum = { messages: 1000, kills: 10 }
const chats = Array.from({ length: 20 }, (_, index) => `7900000${1000 + index}@c.us`)

t.test('nothing is lost or handled twice when notifications are lost and the server is killed', async (t) => {
  const port = await freePort()
  const emulator = new Emulator({
    seed: t.name,
    clock: { speed: 60 },
    faults: { lost: 0.05, late: 0.05, duplicates: 0.1 },
    instances: [{ settings: { webhookUrl: `http://127.0.0.1:${port}/green-api`, webhookUrlToken: token } }]
  })
  t.teardown(() => emulator.close())
  const sent = new Set<string>()
  let lost = 0
  emulator.on('lost', () => { lost++ })
  const folder = t.testdir({})
  const ledger = join(folder, 'ledger')
  const instances = { apiUrl: await emulator.listen(), idInstance: 1101000001, apiTokenInstance: 'emulated-token' }
  const replica = (every: '1 s' | '1 h') => new ReplicaProcess(t, {
    name: 'only', ledger, port, path: join(folder, 'inbox.db'), failures: 0.02, work: 3, recover: { every, instances }
  })

  const server = replica('1 s')
  await server.start()
  const instance = emulator.instance()
  let number = 0
  while (sent.size < minimum.messages || server.kills < minimum.kills) {
    const burst = 20 + Math.random() * 100
    for (let count = 0; count < burst; count++) {
      const chatId = chats[number % chats.length] ?? ''
      sent.add(`${chatId} ${number}`)
      instance.receive(instance.build.textMessage({ text: String(number++) }, { chatId, sender: chatId }))
    }
    await sleep(100 + Math.random() * 1500)
    await server.kill()
    await sleep(Math.random() * 200)
    await server.start()
  }
  await emulator.idle()
  await server.kill()
  await emulator.clock.advance(4 * 60_000)

  const last = replica('1 h')
  await last.start()
  const ask = async (path: string): Promise<unknown> => await (await fetch(`${last.url}${path}`)).json()
  await until(async () => await ask('/passes') === 1)
  await until(async () => await ask('/size') === 0)

  t.equal(await ask('/failed'), 0, 'no dead letters')
  const deliveries = readDeliveries(ledger)
  const missing = [...sent].filter((message) => !deliveries.has(message))
  t.strictSame(missing, [], 'each message was handled')
  const twice = [...deliveries].filter(([, each]) => new Set(each.map(({ way }) => way)).size > 1)
  t.strictSame(twice, [], 'no message was handled both as a webhook and from the journal')
  const unknown = [...deliveries.keys()].filter((message) => !sent.has(message))
  t.strictSame(unknown, [])
  const all = [...deliveries.values()].flat()
  const repeats = all.length - deliveries.size
  // Only an attempt that a kill interrupts after its end is made again: at most 16 run at the same time.
  t.ok(repeats <= server.kills * 16, `${repeats} repeats after ${server.kills} kills`)
  const recovered = [...deliveries.values()].filter(([first]) => first?.way.startsWith('journal')).length
  t.ok(lost > 0 && recovered >= lost)
  t.comment(`${sent.size} messages, ${lost} lost, ${recovered} recovered, ${server.kills} kills, ${repeats} repeats`)
})

/** Reads the ledger: how each message was handled, each time. */
function readDeliveries (ledger: string): Map<string, Array<{ readonly way: string }>> {
  const deliveries = new Map<string, Array<{ readonly way: string }>>()
  for (const text of readFileSync(ledger, 'utf8').split('\n')) {
    if (text === '') continue
    const { what, chat, number, revision, recovered }: Line = JSON.parse(text)
    if (what !== 'end') continue
    const key = `${chat} ${number}`
    const way = `${recovered ? 'journal' : 'webhook'} ${revision}`
    deliveries.set(key, [...deliveries.get(key) ?? [], { way }])
  }
  return deliveries
}
