import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureBacklog, measureJobs } from './backlog.ts'
import { chatDigits } from './bodies.ts'
import type { Entrant } from './contestant.ts'
import { printBacklogs, printDelivery, printPairs, printStoring, type Goals } from './inbox-report.ts'
import type { Place, QueuePlace } from './place.ts'
import { startRedis } from './redis.ts'
import { printServers } from './report.ts'
import { runRounds, type Entrants, type Plan } from './rounds.ts'

const connections = 64
const backlogs = { short: 10_000, long: 100_000 }

/** The goals of the inbox on disk. */
const goals: Goals = { speed: 0.6, latency: 50, delivery: 5000 }

/** The goals of the inbox in Redis, relative to BullMQ without the plugin. */
const bullmqGoals = { speed: 0.8, delivery: 0.7 }

const bare: Entrant = { title: 'bare Fastify', server: 'bare' }

/** Measures the cost of storing a request, and the delivery of a backlog. */
export async function benchInbox (plan: Plan): Promise<void> {
  // A temporary folder may be in memory, where a durable commit costs nothing. Git ignores node_modules.
  const folder = await mkdtemp(fileURLToPath(new URL('../../node_modules/.bench-', import.meta.url)))
  try {
    console.log([
      `\ninboxes: ${plan.rounds} rounds of ${plan.slice} ms each, over ${plan.launches} launches`,
      `${connections} connections`,
      `menus, taps and statuses of ${10 ** chatDigits.length} chats`
    ].join('; '))
    await benchSqlite(plan, folder)
    await benchBullmq(plan, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function benchSqlite (plan: Plan, folder: string): Promise<void> {
  let places = 0
  const makePlace = (): Place => ({ kind: 'sqlite', path: join(folder, `inbox-${places++}`) })
  const inbox: Entrant = { title: 'sqliteInbox', server: 'inbox', args: () => [JSON.stringify(makePlace())] }
  await bench('sqliteInbox', { bare, inbox }, makePlace, plan, goals)
}

async function benchBullmq (plan: Plan, folder: string): Promise<void> {
  const redis = await startRedis(folder)
  if (redis === undefined) return console.log('\nbullmqInbox is not measured: redis-server is missing')
  try {
    let places = 0
    const makePlace = (): QueuePlace => ({ kind: 'bullmq', port: redis.port, name: `inbox-${places++}` })
    const entrants = {
      bare,
      stored: { title: 'bullmqInbox, stored', server: 'inbox', args: () => [JSON.stringify(makePlace()), 'hold'] },
      queue: { title: 'queue.add', server: 'queue', args: () => [JSON.stringify(makePlace())] },
      inbox: { title: 'bullmqInbox', server: 'inbox', args: () => [JSON.stringify(makePlace())] },
      worker: { title: 'queue.add, Worker', server: 'queue', args: () => [JSON.stringify(makePlace()), 'work'] }
    }
    const { rounds, long } = await bench('bullmqInbox', entrants, makePlace, plan)
    printPairs(entrants, rounds, [['stored', 'queue'], ['inbox', 'worker']], bullmqGoals.speed)
    printDelivery('bullmqInbox', long, await measureJobs(makePlace(), backlogs.long), bullmqGoals.delivery)
  } finally {
    await redis.stop()
  }
}

async function bench<Name extends string> (
  title: string,
  entrants: Entrants<Name | 'bare'>,
  makePlace: () => Place,
  plan: Plan,
  goals?: Goals
) {
  const rounds = await runRounds(entrants, plan, { connections, timed: true })
  printStoring(entrants, rounds, goals)
  printServers(entrants, rounds)
  const short = await measureBacklog(makePlace(), backlogs.short)
  const long = await measureBacklog(makePlace(), backlogs.long)
  printBacklogs(title, short, long, goals)
  return { rounds, long }
}
