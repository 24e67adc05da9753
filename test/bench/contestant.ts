import { setTimeout } from 'node:timers/promises'
import { Child } from './child.ts'
import type { Load, Loaded, Question, State } from './messages.ts'

/** A server of the benchmark. */
export interface Entrant {
  /** The name in the tables. */
  readonly title: string
  /** The file name in `servers/`, without its extension. */
  readonly server: string
  /** Returns the arguments of a launch. */
  readonly args?: () => readonly string[]
}

/** The measurements of one server in one round. */
export interface Slice {
  readonly requests: number
  /** Wall time. */
  readonly milliseconds: number
  /** Processor time in milliseconds. */
  readonly cpu: number
  /** The number of events until the last response. `undefined` without listeners. */
  readonly events: number | undefined
  /** The response times in milliseconds. Empty unless the load is `timed`. */
  readonly latencies: readonly number[]
}

/** How long a server may take, in milliseconds, to emit the events of a round. */
const eventTimeout = 30_000

/** A started server. */
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

  /** Sends requests to the server, then waits until it has emitted all events. */
  async take (load: Pick<Load, 'milliseconds' | 'connections' | 'timed'>): Promise<Slice> {
    const before = await this.#server.ask('state')
    const loaded = await this.#generator.ask({ ...load, port: before.port, from: this.#identity })
    const { events } = await this.#server.ask('state')
    const previous = this.#identity
    this.#identity += loaded.requests
    const after = await this.#finish()
    // A server that emits fewer events does less work than the others.
    if (after.events !== undefined && after.events !== this.#identity) {
      throw new Error(`${this.#title} had ${this.#identity} requests and emitted ${after.events} events`)
    }
    return { ...loaded, cpu: (after.cpu - before.cpu) / 1000, events: events && events - previous }
  }

  // Running deliveries would slow down the next server.
  async #finish (): Promise<State> {
    const end = performance.now() + eventTimeout
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
