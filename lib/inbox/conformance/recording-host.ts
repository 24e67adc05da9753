import type { FastifyBaseLogger } from 'fastify'
import type { DueEntry, DeliveryHandler, StoredEntry } from '../inbox.ts'

/** What is to be done about an entry. Nothing, unless told otherwise. */
export type Listener<Entry extends StoredEntry = DueEntry> = (entry: Entry) => unknown

/** What a host was told of an entry that was given up. */
export interface DeadLetterCall {
  readonly entry: StoredEntry
  readonly error: unknown
  readonly attempts: number
}

/** A host that keeps a record of what an inbox asks of it. */
export class RecordingHandler implements DeliveryHandler {
  readonly attempts: number
  readonly log = silence
  /** Once for each attempt, in the order in which they began. */
  readonly begun: DueEntry[] = []
  /** Once for each attempt that succeeded, in the order in which they ended. */
  readonly delivered: DueEntry[] = []
  readonly surrenders: DeadLetterCall[] = []
  /** How many attempts were under way at the same time, at most. */
  busiest = 0
  /** The ordering keys of which two entries were under way at the same time. */
  readonly overlapping = new Set<string>()
  readonly #underWay: string[] = []
  readonly #deliver: Listener
  readonly #givenUp: Listener<StoredEntry>

  constructor (attempts: number, deliver: Listener, givenUp: Listener<StoredEntry>) {
    this.attempts = attempts
    this.#deliver = deliver
    this.#givenUp = givenUp
  }

  async deliver (entry: DueEntry): Promise<void> {
    this.begun.push(entry)
    if (this.#underWay.includes(entry.orderingKey)) this.overlapping.add(entry.orderingKey)
    this.#underWay.push(entry.orderingKey)
    this.busiest = Math.max(this.busiest, this.#underWay.length)
    try {
      await this.#deliver(entry)
      this.delivered.push(entry)
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(entry.orderingKey), 1)
    }
  }

  async onDeadLetter (entry: StoredEntry, error: unknown, attempts: number): Promise<void> {
    this.surrenders.push({ entry, error, attempts })
    await this.#givenUp(entry)
  }
}

// What an inbox logs is for whoever runs it; no promise is made about it.
const ignore = () => {}

const silence: FastifyBaseLogger = {
  level: 'silent',
  fatal: ignore,
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
  trace: ignore,
  silent: ignore,
  child: () => silence
}
