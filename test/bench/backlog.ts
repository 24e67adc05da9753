import { Child } from './child.ts'
import type { Delivered, Load, Loaded, Question, State } from './messages.ts'
import type { Place, QueuePlace } from './place.ts'

// Many connections, so that the inbox stores several requests in one commit.
const connections = 256
const milliseconds = 10 * 60_000

/** Fills an inbox through the plugin's route in one process, and measures its delivery in another one. */
export function measureBacklog (place: Place, events: number): Promise<Delivered> {
  return measure('inbox', 'delivering', place, events)
}

/** The same with a queue and without the plugin. */
export function measureJobs (place: QueuePlace, jobs: number): Promise<Delivered> {
  return measure('queue', 'processing', place, jobs)
}

async function measure (filling: string, emptying: string, place: Place, events: number): Promise<Delivered> {
  await fill(filling, place, events)
  const flags = ['--expose-gc']
  const child = new Child<number, Delivered>(`${emptying}.ts`, { flags, args: [JSON.stringify(place)] })
  try {
    return await child.ask(events)
  } finally {
    await child.stop()
  }
}

async function fill (name: string, place: Place, requests: number): Promise<void> {
  const server = new Child<Question, State>(`servers/${name}.ts`, { args: [JSON.stringify(place), 'hold'] })
  const generator = new Child<Load, Loaded>('generator.ts')
  try {
    const { port } = await server.ask('state')
    await generator.ask({ port, from: 0, milliseconds, requests, connections })
  } finally {
    await generator.stop()
    await server.stop()
  }
}
