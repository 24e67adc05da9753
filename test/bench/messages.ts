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
  /** How many requests are under way at a time. */
  readonly connections: number
  /** Whether to tell how long each answer took. */
  readonly timed?: boolean
}

/** What the generator answers, once every request was answered with 200. */
export interface Loaded {
  readonly requests: number
  readonly milliseconds: number
  /** How many milliseconds each answer took; nothing where that was not asked for. */
  readonly latencies: readonly number[]
}

/** What a process that was to deliver a backlog answers. */
export interface Delivered {
  readonly events: number
  /** From the first one to the last, what was done to measure memory left out. */
  readonly milliseconds: number
  /** The most bytes in use, on the heap and by what the heap refers to, after a garbage collection. */
  readonly heap: number
  /** The most bytes of memory that is the process's own, after a garbage collection; nothing where the system does not tell. */
  readonly own: number | undefined
}
