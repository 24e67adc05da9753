import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { collect } from './collect.ts'
import type { Delivered } from './messages.ts'
import { makeInbox } from './place.ts'

// A process of its own, which delivers what waits in an inbox to a listener that does nothing,
// and looks at its own memory meanwhile.

/** In milliseconds: how often it looks, and how long it may take. */
const interval = 250
const patience = 10 * 60_000

const [, , place = ''] = process.argv
const highest = { heap: 0, own: ownMemory() }
let looking = 0

process.on('disconnect', () => process.exit())
process.on('message', async (events: number) => { process.send?.(await deliver(events)) })

async function deliver (events: number): Promise<Delivered> {
  // Opening an inbox reads all of it.
  const app = Fastify({ pluginTimeout: 0 })
  await app.register(greenApi, { token: false, inbox: await makeInbox(JSON.parse(place)) })
  let delivered = 0
  const last = new Promise<void>((resolve) => {
    app.greenApi.on('webhook', () => { if (++delivered === events) resolve() })
  })

  await app.ready()
  const begin = performance.now()
  const looks = setInterval(look, interval)
  const overdue = setTimeout(() => { throw new Error(`only ${delivered} of ${events} were delivered`) }, patience)
  await last
  // That they are done is stored as well.
  while (await app.greenApi.inbox.pendingCount() > 0) await wait(5)
  const milliseconds = performance.now() - begin - looking
  clearTimeout(overdue)
  clearInterval(looks)
  look()
  return { events: delivered, milliseconds, ...highest }
}

function look (): void {
  const begin = performance.now()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  highest.heap = Math.max(highest.heap, heapUsed + external)
  if (highest.own !== undefined) highest.own = Math.max(highest.own, ownMemory() ?? 0)
  looking += performance.now() - begin
}

// LMDB maps its file into memory: of what is resident, those pages are the system's, not ours.
function ownMemory (): number | undefined {
  if (process.platform !== 'linux') return undefined
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
