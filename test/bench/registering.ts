import { Child } from './child.ts'
import { median } from './statistics.ts'
import type { Registered } from './registering-child.ts'

/** What registering adds to `ready()`, in milliseconds. */
export interface Registering {
  /** In a process that has done so before. */
  readonly warm: number
  /** The first time in a process. */
  readonly cold: number
  /** Importing the package, where Fastify was imported before. */
  readonly imported: number
}

const processes = 9

/** Measures, in many processes, how much longer `ready()` takes with the plugin than without. */
export async function measureRegistering (): Promise<Registering> {
  const having: Registered[] = []
  const lacking: Registered[] = []
  for (let turn = 0; turn < processes; turn++) {
    having.push(await startOnce('with'))
    lacking.push(await startOnce('without'))
  }
  const added = (member: 'warm' | 'cold') =>
    median(having.map((registered) => registered[member])) - median(lacking.map((registered) => registered[member]))
  return { warm: added('warm'), cold: added('cold'), imported: median(having.map(({ imported }) => imported)) }
}

async function startOnce (what: 'with' | 'without'): Promise<Registered> {
  const child = new Child<'measure', Registered>('registering-child.ts', [], [what])
  try {
    return await child.ask('measure')
  } finally {
    await child.stop()
  }
}
