import { Child } from './child.ts'
import { median } from './statistics.ts'

/** The additional time with the plugin, in milliseconds. */
export interface Registering {
  /** For the first `ready()` of a process. */
  readonly cold: number
  /** For a later `ready()`. */
  readonly warm: number
  /** For the import of the package, when Fastify is already imported. */
  readonly imported: number
  /** For the import of Fastify, which is not part of the plugin's cost. */
  readonly fastify: number
}

interface Times {
  readonly fastify: number
  readonly imported: number
  readonly cold: number
  readonly warm: readonly number[]
}

const processes = 9

/** Measures the additional time of `ready()` with the plugin, in several processes. */
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
  return {
    cold: added(cold),
    warm: added(warm),
    imported: median([...having, ...lacking].map(({ imported }) => imported)),
    fastify: median([...having, ...lacking].map(({ fastify }) => fastify))
  }
}

async function timeProcess (what: 'with' | 'without'): Promise<Times> {
  const child = new Child<'measure', Times>('registering-child.js', { args: [what] })
  try {
    return await child.ask('measure')
  } finally {
    await child.stop()
  }
}
