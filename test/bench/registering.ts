import { Child } from './child.ts'
import { median } from './statistics.ts'

/** What registering adds, in milliseconds. */
export interface Registering {
  /** To the first `ready()` of a process. */
  readonly cold: number
  /** To a later one. */
  readonly warm: number
  /** By importing the package, where Fastify is imported already. */
  readonly imported: number
}

interface Times {
  readonly imported: number
  readonly cold: number
  readonly warm: readonly number[]
}

const processes = 9

/** Measures, in many processes, how much longer `ready()` takes with the plugin than without. */
export async function measureRegistering (): Promise<Registering> {
  const having: Times[] = []
  const lacking: Times[] = []
  for (let turn = 0; turn < processes; turn++) {
    having.push(await timeProcess('with'))
    lacking.push(await timeProcess('without'))
  }
  const cold = ({ cold }: Times) => cold
  const warm = ({ warm }: Times) => median(warm)
  const added = (time: (times: Times) => number) => median(having.map(time)) - median(lacking.map(time))
  return { cold: added(cold), warm: added(warm), imported: median(having.map(({ imported }) => imported)) }
}

async function timeProcess (what: 'with' | 'without'): Promise<Times> {
  const child = new Child<'measure', Times>('registering-child.js', { args: [what] })
  try {
    return await child.ask('measure')
  } finally {
    await child.stop()
  }
}
