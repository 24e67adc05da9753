import type { FastifyBaseLogger } from 'fastify'
import type { DueEntry, DeliveryHandler, StoredEntry } from '../inbox.ts'

export type Listener<Entry extends StoredEntry = DueEntry> = (entry: Entry) => unknown

/** The arguments of a call of `onDeadLetter`. */
export interface DeadLetterCall {
  readonly entry: StoredEntry
  readonly error: unknown
  readonly attempts: number
}

/** Records the calls of an inbox. */
export class RecordingHandler implements DeliveryHandler {
  readonly attempts: number
  readonly log = silentLog
  /** The entry of each attempt, in the order in which they started. */
  readonly started: DueEntry[] = []
  /** The entry of each successful attempt, in the order in which they ended. */
  readonly delivered: DueEntry[] = []
  readonly deadLetterCalls: DeadLetterCall[] = []
  /** The largest number of attempts at the same time. */
  maxConcurrent = 0
  /** The ordering keys with two attempts at the same time. */
  readonly overlapping = new Set<string>()
  readonly #running: string[] = []
  readonly #deliver: Listener
  readonly #onDeadLetter: Listener<StoredEntry>

  constructor (attempts: number, deliver: Listener, onDeadLetter: Listener<StoredEntry>) {
    this.attempts = attempts
    this.#deliver = deliver
    this.#onDeadLetter = onDeadLetter
  }

  async deliver (entry: DueEntry): Promise<void> {
    this.started.push(entry)
    if (this.#running.includes(entry.orderingKey)) this.overlapping.add(entry.orderingKey)
    this.#running.push(entry.orderingKey)
    this.maxConcurrent = Math.max(this.maxConcurrent, this.#running.length)
    try {
      await this.#deliver(entry)
      this.delivered.push(entry)
    } finally {
      this.#running.splice(this.#running.indexOf(entry.orderingKey), 1)
    }
  }

  async onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void> {
    this.deadLetterCalls.push({ entry, error, attempts })
    await this.#onDeadLetter(entry)
  }
}

// There are no requirements for what an inbox logs.
const ignore = () => {}

const silentLog: FastifyBaseLogger = {
  level: 'silent',
  fatal: ignore,
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
  trace: ignore,
  silent: ignore,
  child: () => silentLog
}
