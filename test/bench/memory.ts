import { bodies } from './bodies.ts'
import { Child } from './child.ts'
import type { Load, Loaded, Question, State } from './messages.ts'

/** As many as the plugin remembers at most. */
export const identities = 100_000

const milliseconds = 120_000
const connections = 32

/** Measures by how many bytes the heap grows with as many identities as are remembered at most. */
export async function measureMemory (): Promise<number> {
  const server = new Child<Question, State>('servers/plugin.ts', { flags: ['--expose-gc'] })
  const generator = new Child<Load, Loaded>('generator.ts')
  try {
    const { port } = await server.ask('state')
    // Compiles what is run, and leaves little to remember.
    for (let turn = 0; turn < 2000; turn++) await generator.ask({ port, from: 0, milliseconds, requests: bodies.length, connections })
    const before = await server.ask('collected')
    const rest = { port, from: bodies.length, milliseconds, requests: identities - bodies.length, connections }
    await generator.ask(rest)
    const after = await server.ask('collected')

    // Every one of them is remembered, or there would be new events.
    await generator.ask({ ...rest, from: 0, requests: identities })
    const { events } = await server.ask('state')
    if (events !== identities) throw new Error(`${identities} notifications, each sent twice, were ${events} events`)
    return after.heap - before.heap
  } finally {
    await generator.stop()
    await server.stop()
  }
}
