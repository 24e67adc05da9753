import { Child } from './child.ts'
import type { Load, Loaded, Question, State } from './messages.ts'

/** The servers, each a file in the folder of that name, and what they are called in the tables. */
export const servers = {
  plugin: 'fastify-green-api',
  bare: '(a) bare Fastify',
  union: '(b) Fastify, union, Ajv',
  express: '(c) Express, switch',
  http: '(d) node:http, JSON.parse'
}
export type ServerName = keyof typeof servers

/** One server's turn. */
export interface Slice {
  readonly requests: number
  /** By the clock. */
  readonly milliseconds: number
  /** Milliseconds of processor time. */
  readonly cpu: number
}
export type Round = Readonly<Record<ServerName, Slice>>

export interface Plan {
  /** How often all processes are started anew: compiled code and heap differ a little each time. */
  readonly launches: number
  readonly rounds: number
  readonly warmups: number
  /** Milliseconds. */
  readonly slice: number
}

const names = Object.keys(servers) as ServerName[]

/** Lets the servers take turns, each round in another order. */
export async function runRounds ({ launches, rounds, warmups, slice }: Plan): Promise<Round[]> {
  const done: Round[] = []
  for (let launch = 0; launch < launches; launch++) {
    const generator = new Child<Load, Loaded>('generator.ts')
    const contestants = names.map((name) => new Contestant(name, generator))
    try {
      for (let round = 0; round < warmups; round++) await runRound(contestants, slice)
      while (done.length < rounds * (launch + 1) / launches) {
        const first = done.length % contestants.length
        done.push(await runRound([...contestants.slice(first), ...contestants.slice(0, first)], slice))
      }
    } finally {
      // First the one that would complain of closed connections.
      await generator.stop()
      await Promise.all(contestants.map((contestant) => contestant.stop()))
    }
  }
  return done
}

async function runRound (order: readonly Contestant[], milliseconds: number): Promise<Round> {
  const round: Partial<Record<ServerName, Slice>> = {}
  for (const contestant of order) round[contestant.name] = await contestant.take(milliseconds)
  return round as Round
}

class Contestant {
  readonly name: ServerName
  readonly #server: Child<Question, State>
  readonly #generator: Child<Load, Loaded>
  #identity = 0

  constructor (name: ServerName, generator: Child<Load, Loaded>) {
    this.name = name
    this.#server = new Child(`servers/${name}.ts`)
    this.#generator = generator
  }

  async take (milliseconds: number): Promise<Slice> {
    const before = await this.#server.ask('state')
    const loaded = await this.#generator.ask({ port: before.port, from: this.#identity, milliseconds })
    const after = await this.#server.ask('state')
    this.#identity += loaded.requests
    // Else it did not do the work that is compared.
    if (after.events !== undefined && after.events !== this.#identity) {
      throw new Error(`${servers[this.name]} had ${this.#identity} requests and emitted ${after.events} events`)
    }
    return { ...loaded, cpu: (after.cpu - before.cpu) / 1000 }
  }

  stop (): Promise<void> {
    return this.#server.stop()
  }
}
