import { appendFileSync } from 'node:fs'
import Fastify from 'fastify'
import greenApi, { type Inbox } from 'fastify-green-api'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { token, type Line, type ReplicaSettings } from './messages.ts'

// A server for crash tests. Its listener records each delivery in a ledger, independent of the inbox.

const settings: ReplicaSettings = JSON.parse(process.argv[2] ?? '')
const { name, ledger, port, failures, work } = settings

const inbox: Inbox = 'path' in settings
  ? sqliteInbox({ path: settings.path, backoff: 20 })
  : bullmqInbox({ connection: { host: '127.0.0.1', port: settings.redis }, backoff: 20, lockDuration: 1000 })

const app = Fastify()
await app.register(greenApi, { token, inbox, attempts: 20 })

app.greenApi.on('textMessage', async ({ chatId, data }) => {
  const number = Number(data.text)
  write('begin', chatId, number)
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * work) })
  if (Math.random() < failures) throw new Error('random failure')
  write('end', chatId, number)
})

app.get('/size', () => app.greenApi.inbox.pendingCount())
app.get('/failed', async () => (await app.greenApi.inbox.deadLetters()).length)

await app.listen({ host: '127.0.0.1', port })
process.send?.('ready')
process.on('disconnect', () => { process.exit() })

// One append for each line, so that a crash leaves no partial line.
function write (what: Line['what'], chat: string, number: number) {
  const line: Line = { what, chat, number, replica: name }
  appendFileSync(ledger, JSON.stringify(line) + '\n')
}
