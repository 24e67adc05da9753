/** Asks a server for its state, or for its state after a garbage collection. */
export type Question = 'state' | 'collected'

/** A server's answer to a question. */
export interface State {
  readonly port: number
  /** The processor time of all threads in microseconds. */
  readonly cpu: number
  /** The number of events that the listeners received. `undefined` without listeners. */
  readonly events: number | undefined
  /** Heap and external memory in use, in bytes. */
  readonly heap: number
}

/** Makes the generator load a server until the time is over or the requests are sent. */
export interface Load {
  readonly port: number
  /** The number of the first request. The others have the following numbers. */
  readonly from: number
  readonly milliseconds: number
  /** Default: no limit. */
  readonly requests?: number
  /** The number of concurrent requests. */
  readonly connections: number
  /** Whether to return the response times. Default: false. */
  readonly timed?: boolean
}

/** The generator's answer, after every request was answered 200. */
export interface Loaded {
  readonly requests: number
  readonly milliseconds: number
  /** The response times in milliseconds. Empty unless the load is `timed`. */
  readonly latencies: readonly number[]
}

/** The answer of a process that delivered a backlog. */
export interface Delivered {
  readonly events: number
  /** The time from the first to the last event, without the time for memory measurements. */
  readonly milliseconds: number
  /** The maximum of heap and external memory after a garbage collection, in bytes. */
  readonly heap: number
  /** The maximum of anonymous memory after a garbage collection, in bytes. Only known on Linux. */
  readonly own: number | undefined
}
