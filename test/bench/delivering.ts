import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import Fastify from 'fastify'
import greenApi from 'fastify-green-api'
import { collect } from './collect.ts'
import type { Delivered } from './messages.ts'
import { makeInbox } from './place.ts'

// A child process that delivers the notifications in an inbox to an empty listener, and measures its memory.

/** How often memory is measured, in milliseconds. */
const interval = 250
const timeout = 10 * 60_000

const [, , place = ''] = process.argv
const highest = { heap: 0, own: ownMemory() }
let measuring = 0

process.on('disconnect', () => process.exit())
process.on('message', async (events: number) => { process.send?.(await deliver(events)) })

async function deliver (events: number): Promise<Delivered> {
  // An inbox reads all its entries when it opens.
  const app = Fastify({ pluginTimeout: 0 })
  await app.register(greenApi, { token: false, inbox: await makeInbox(JSON.parse(place)) })
  let delivered = 0
  const last = new Promise<void>((resolve) => {
    app.greenApi.on('webhook', () => { if (++delivered === events) resolve() })
  })

  await app.ready()
  const begin = performance.now()
  const timer = setInterval(measureMemory, interval)
  const overdue = setTimeout(() => { throw new Error(`only ${delivered} of ${events} were delivered`) }, timeout)
  await last
  // The inbox also stores that a notification is delivered.
  while (await app.greenApi.inbox.pendingCount() > 0) await wait(5)
  const milliseconds = performance.now() - begin - measuring
  clearTimeout(overdue)
  clearInterval(timer)
  measureMemory()
  return { events: delivered, milliseconds, ...highest }
}

function measureMemory (): void {
  const begin = performance.now()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  highest.heap = Math.max(highest.heap, heapUsed + external)
  if (highest.own !== undefined) highest.own = Math.max(highest.own, ownMemory() ?? 0)
  measuring += performance.now() - begin
}

// A database may map its file into memory. `RssAnon` does not include these pages.
function ownMemory (): number | undefined {
  if (process.platform !== 'linux') return undefined
  const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
