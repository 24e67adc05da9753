import { appendFileSync } from 'node:fs'
import Fastify from 'fastify'
import greenApi, { type Event, type Inbox } from 'fastify-green-api'
import { recoverChannel } from 'fastify-green-api/diagnostics'
import { bullmqInbox } from 'fastify-green-api/inbox/bullmq'
import { sqliteInbox } from 'fastify-green-api/inbox/sqlite'
import { token, type Line, type ReplicaSettings } from './messages.ts'

// A server for crash tests. Its listener records each delivery in a ledger, independent of the inbox.

const settings: ReplicaSettings = JSON.parse(process.argv[2] ?? '')
const { name, ledger, port, failures, work, recover } = settings

const inbox: Inbox = 'path' in settings
  ? sqliteInbox({ path: settings.path, backoff: 20 })
  : bullmqInbox({ connection: { host: '127.0.0.1', port: settings.redis }, backoff: 20, lockDuration: 1000 })

const app = Fastify()
await app.register(greenApi, { token, inbox, attempts: 20, recover })

let passes = 0
recoverChannel.subscribe(() => { passes++ })

app.greenApi.on('textMessage', async (event) => {
  write('begin', event)
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * work) })
  if (Math.random() < failures) throw new Error('random failure')
  write('end', event)
})

app.get('/size', () => app.greenApi.inbox.pendingCount())
app.get('/passes', async () => passes)
app.get('/failed', async () => (await app.greenApi.inbox.deadLetters()).length)

await app.listen({ host: '127.0.0.1', port })
process.send?.('ready')
process.on('disconnect', () => { process.exit() })

// One append for each line, so that a crash leaves no partial line.
function write (what: Line['what'], { chatId: chat, data, revision, recovered }: Event<'textMessage'>) {
  const line: Line = {
    what, chat, number: Number(data.text), replica: name, revision, recovered: recovered === true
  }
  appendFileSync(ledger, JSON.stringify(line) + '\n')
}
