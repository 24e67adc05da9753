/** What a server is asked for: its state, or its state after a garbage collection. */
export type Question = 'state' | 'collected'

/** What a server answers. */
export interface State {
  readonly port: number
  /** Microseconds that the process has spent on a processor, all its threads together. */
  readonly cpu: number
  /** How many events its listeners received; nothing where the server has no listeners. */
  readonly events: number | undefined
  /** Bytes in use on the heap. */
  readonly heap: number
}

/** What the generator is told: load a server until the time is over or the requests are sent. */
export interface Load {
  readonly port: number
  /** The identity of the first request; those of the others follow it. */
  readonly from: number
  readonly milliseconds: number
  /** Default: as many as fit the time. */
  readonly requests?: number
}

/** What the generator answers, once every request was answered with 200. */
export interface Loaded {
  readonly requests: number
  readonly milliseconds: number
}
