import { Child } from './child.ts'
import type { Delivered, Load, Loaded, Question, State } from './messages.ts'
import type { Place } from './place.ts'

// Many connections, so that the inbox stores several requests in one commit.
const connections = 256
const milliseconds = 10 * 60_000

/** Fills an inbox through the plugin's route in one process, and measures its delivery in another one. */
export async function measureBacklog (place: Place, events: number): Promise<Delivered> {
  await fill(place, events)
  const child = new Child<number, Delivered>('delivering.ts', { flags: ['--expose-gc'], args: [JSON.stringify(place)] })
  try {
    return await child.ask(events)
  } finally {
    await child.stop()
  }
}

async function fill (place: Place, requests: number): Promise<void> {
  const server = new Child<Question, State>('servers/inbox.ts', { args: [JSON.stringify(place), 'hold'] })
  const generator = new Child<Load, Loaded>('generator.ts')
  try {
    const { port } = await server.ask('state')
    await generator.ask({ port, from: 0, milliseconds, requests, connections })
  } finally {
    await generator.stop()
    await server.stop()
  }
}
