import { bodies } from './bodies.ts'
import { Child } from './child.ts'
import type { Load, Loaded, Question, State } from './messages.ts'

/** The maximum number of notifications that the plugin remembers. */
export const identities = 100_000

const milliseconds = 120_000
const connections = 32

/** Measures the heap and external memory, in bytes, that the maximum number of remembered notifications takes. */
export async function measureMemory (): Promise<number> {
  const server = new Child<Question, State>('servers/plugin.ts', { flags: ['--expose-gc'] })
  const generator = new Child<Load, Loaded>('generator.ts')
  try {
    const { port } = await server.ask('state')
    // The warm-up compiles the code and repeats a few notifications, which take little memory.
    const warmup = { port, from: 0, milliseconds, requests: bodies.length, connections }
    for (let turn = 0; turn < 2000; turn++) await generator.ask(warmup)
    const before = await server.ask('collected')
    const rest = { port, from: bodies.length, milliseconds, requests: identities - bodies.length, connections }
    await generator.ask(rest)
    const after = await server.ask('collected')

    // If the plugin remembers all of them, it emits no new events.
    await generator.ask({ ...rest, from: 0, requests: identities })
    const { events } = await server.ask('state')
    if (events !== identities) throw new Error(`${identities} notifications, each sent twice, emitted ${events} events`)
    return after.heap - before.heap
  } finally {
    await generator.stop()
    await server.stop()
  }
}
