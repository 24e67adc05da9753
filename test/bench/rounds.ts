import { Child } from './child.ts'
import { Contestant, type Entrant, type Slice } from './contestant.ts'
import type { Load, Loaded } from './messages.ts'

/** The servers of a benchmark by name. */
export type Entrants<Name extends string> = Readonly<Record<Name, Entrant>>
export type Round<Name extends string> = Readonly<Record<Name, Slice>>

export interface Plan {
  /** How often all processes are restarted, as compiled code and heap differ a little in each process. */
  readonly launches: number
  readonly rounds: number
  readonly warmups: number
  /** The duration of one server's turn in milliseconds. */
  readonly slice: number
}

/** Runs rounds in which each server has a turn. The order changes with each round. */
export async function runRounds<Name extends string> (
  entrants: Entrants<Name>,
  { launches, rounds, warmups, slice }: Plan,
  load: Pick<Load, 'connections' | 'timed'>
): Promise<Array<Round<Name>>> {
  const names = Object.keys(entrants) as Name[]
  const done: Array<Round<Name>> = []
  for (let launch = 0; launch < launches; launch++) {
    const generator = new Child<Load, Loaded>('generator.ts')
    const contestants = names.map((name) => [name, new Contestant(entrants[name], generator)] as const)
    const runRound = async (order: typeof contestants) => {
      const round: Partial<Record<Name, Slice>> = {}
      for (const [name, contestant] of order) round[name] = await contestant.take({ ...load, milliseconds: slice })
      return round as Round<Name>
    }
    try {
      for (let round = 0; round < warmups; round++) await runRound(contestants)
      while (done.length < rounds * (launch + 1) / launches) {
        const first = done.length % contestants.length
        done.push(await runRound([...contestants.slice(first), ...contestants.slice(0, first)]))
      }
    } finally {
      // The generator fails when a server closes its connections, so it stops first.
      await generator.stop()
      await Promise.all(contestants.map(([, contestant]) => contestant.stop()))
    }
  }
  return done
}
