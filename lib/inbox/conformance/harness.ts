import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Inbox, StoredEntry } from '../inbox.ts'
import { DeadlineInbox } from './deadline-inbox.ts'
import { Gate } from './gate.ts'
import { RecordingHandler, type Listener } from './recording-handler.ts'

/** The settings that a tested inbox must respect. */
export interface ConformanceSettings {
  /** How many entries are delivered at the same time, each with another ordering key. */
  readonly concurrency: number
  /**
   * The delay before the second attempt, in milliseconds. Each further delay is twice as long. Each delay may be up
   * to half shorter.
   */
  readonly backoff: number
}

/** An implementation of `Inbox` to test. */
export interface ConformanceSubject {
  /**
   * Creates an inbox that is not open yet, on the store with this name. The same name means the same store; a new
   * name means an empty store. Names have letters, digits and hyphens.
   */
  create (store: string, settings: ConformanceSettings): Inbox | Promise<Inbox>
  /** How long the inbox may take for anything that a case waits for. Default: 20 000 ms. */
  readonly deadline?: number | undefined
}

/** Rejects when the inbox does not meet the requirement. */
export type Check = (harness: TestHarness) => Promise<void>

/** Checks by requirement. */
export type Checks = Readonly<Record<string, Check>>

export interface OpenOptions extends Partial<ConformanceSettings> {
  /** The name of a store of this harness. Default: `'main'`. */
  readonly store?: string
  /** Default: 3. */
  readonly attempts?: number
  readonly deliver?: Listener
  readonly onDeadLetter?: Listener<StoredEntry>
}

export interface Opened {
  readonly inbox: Inbox
  readonly handler: RecordingHandler
}

/** How long a check waits for something that must not happen. */
const quietPeriodMs = 100

const pollIntervalMs = 10

/** The environment of one check: its own stores and gates, and the inboxes it opened. */
export class TestHarness {
  /** In milliseconds. */
  readonly deadline: number
  readonly #subject: ConformanceSubject
  readonly #name = randomUUID()
  readonly #inboxes: Inbox[] = []
  readonly #gates: Gate[] = []

  constructor (subject: ConformanceSubject) {
    this.#subject = subject
    this.deadline = subject.deadline ?? 20_000
  }

  /** Creates an inbox that is not open. */
  async create ({ store = 'main', concurrency = 8, backoff = 10 }: OpenOptions = {}): Promise<Inbox> {
    const created = await this.#subject.create(`${this.#name}-${store}`, { concurrency, backoff })
    const inbox = new DeadlineInbox(created, this.deadline)
    this.#inboxes.push(inbox)
    return inbox
  }

  /** Creates and opens an inbox. */
  async open (options: OpenOptions = {}): Promise<Opened> {
    const { attempts = 3, deliver = () => {}, onDeadLetter = () => {} } = options
    const inbox = await this.create(options)
    const handler = new RecordingHandler(attempts, deliver, onDeadLetter)
    await inbox.open(handler)
    return { inbox, handler }
  }

  /** Creates, opens and starts an inbox. */
  async start (options: OpenOptions = {}): Promise<Opened> {
    const opened = await this.open(options)
    opened.inbox.start()
    return opened
  }

  /** Creates a gate. It is opened at the end of the check at the latest. */
  gate (): Gate {
    const gate = new Gate()
    this.#gates.push(gate)
    return gate
  }

  /** Waits until the condition holds. */
  async until (expected: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + this.deadline
    while (!await condition()) {
      if (Date.now() > end) assert.fail(`Not so after ${this.deadline} ms: ${expected}`)
      await sleep(pollIntervalMs)
    }
  }

  /** Waits, to give something that must not happen the time to happen. */
  async wait (milliseconds = quietPeriodMs): Promise<void> {
    await sleep(milliseconds)
  }

  /** Opens all gates and closes all inboxes. */
  async end (): Promise<void> {
    for (const gate of this.#gates) gate.open()
    await Promise.all(this.#inboxes.map((inbox) => inbox.close(this.deadline / 2)))
  }
}
