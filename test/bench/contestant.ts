import { setTimeout } from 'node:timers/promises'
import { Child } from './child.ts'
import type { Load, Loaded, Question, State } from './messages.ts'

/** A server that takes turns with others. */
export interface Entrant {
  /** What it is called in the tables. */
  readonly title: string
  /** Its file in the folder of the servers. */
  readonly server: string
  /** What it is started with; asked for with each launch. */
  readonly args?: () => readonly string[]
}

/** One server's turn. */
export interface Slice {
  readonly requests: number
  /** By the clock. */
  readonly milliseconds: number
  /** Milliseconds of processor time. */
  readonly cpu: number
  /** How many events there were until the last request was answered; nothing where there are no listeners. */
  readonly events: number | undefined
  /** How many milliseconds each answer took, where that was asked for. */
  readonly latencies: readonly number[]
}

/** How long a server may take, in milliseconds, to make the requests of a turn events. */
const patience = 30_000

/** An entrant that was started. */
export class Contestant {
  readonly #title: string
  readonly #server: Child<Question, State>
  readonly #generator: Child<Load, Loaded>
  #identity = 0

  constructor ({ title, server, args }: Entrant, generator: Child<Load, Loaded>) {
    this.#title = title
    this.#server = new Child(`servers/${server}.ts`, { args: args?.() ?? [] })
    this.#generator = generator
  }

  /** Lets it answer for a while, and then finish what it has answered. */
  async take (load: Pick<Load, 'milliseconds' | 'connections' | 'timed'>): Promise<Slice> {
    const before = await this.#server.ask('state')
    const loaded = await this.#generator.ask({ ...load, port: before.port, from: this.#identity })
    const { events } = await this.#server.ask('state')
    const had = this.#identity
    this.#identity += loaded.requests
    const after = await this.#finish()
    // Else it did not do the work that is compared.
    if (after.events !== undefined && after.events !== this.#identity) {
      throw new Error(`${this.#title} had ${this.#identity} requests and emitted ${after.events} events`)
    }
    return { ...loaded, cpu: (after.cpu - before.cpu) / 1000, events: events && events - had }
  }

  // What it still delivers would slow down the next one.
  async #finish (): Promise<State> {
    const end = performance.now() + patience
    for (;;) {
      const state = await this.#server.ask('state')
      if (state.events === undefined || state.events >= this.#identity || performance.now() > end) return state
      await setTimeout(5)
    }
  }

  stop (): Promise<void> {
    return this.#server.stop()
  }
}
