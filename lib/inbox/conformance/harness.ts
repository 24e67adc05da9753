import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Inbox, StoredEntry } from '../inbox.ts'
import { Gate } from './gate.ts'
import { DeadlineInbox } from './deadline-inbox.ts'
import { RecordingHandler, type Listener } from './recording-host.ts'
import type { ConformanceSettings, ConformanceSubject } from './subject.ts'

/** Rejects where an inbox does not keep a promise. */
export type Check = (trial: TestHarness) => Promise<void>

/** Checks by their names, each a sentence that is true of an inbox that conforms. */
export type Checks = Readonly<Record<string, Check>>

/** How an inbox is opened. */
export interface Opening extends Partial<ConformanceSettings> {
  /** Which of the trial's stores it is on. */
  readonly store?: string
  readonly attempts?: number
  readonly deliver?: Listener
  readonly givenUp?: Listener<StoredEntry>
}

/** An inbox that was opened, and the host that it was opened with. */
export interface Opened {
  readonly inbox: Inbox
  readonly host: RecordingHandler
}

/** How long to look on, in milliseconds, where nothing is to happen, and how often where something is. */
const quiet = 100
const often = 10

/** One run of one check: its stores are its own, and what it opened is closed when it ends. */
export class TestHarness {
  /** How long the inbox may take for anything, in milliseconds. */
  readonly deadline: number
  readonly #subject: ConformanceSubject
  readonly #name = randomUUID()
  readonly #inboxes: Inbox[] = []
  readonly #gates: Gate[] = []

  constructor (subject: ConformanceSubject) {
    this.#subject = subject
    this.deadline = subject.deadline ?? 20_000
  }

  /** Makes an inbox that is still to be opened. */
  async create ({ store = 'main', concurrency = 8, backoff = 10 }: Opening = {}): Promise<Inbox> {
    const inbox = new DeadlineInbox(await this.#subject.create(`${this.#name}-${store}`, { concurrency, backoff }), this.deadline)
    this.#inboxes.push(inbox)
    return inbox
  }

  /** Opens an inbox that is still to be started. */
  async open (opening: Opening = {}): Promise<Opened> {
    const { attempts = 3, deliver = () => {}, givenUp = () => {} } = opening
    const inbox = await this.create(opening)
    const host = new RecordingHandler(attempts, deliver, givenUp)
    await inbox.open(host)
    return { inbox, host }
  }

  /** Opens an inbox that delivers. */
  async start (opening: Opening = {}): Promise<Opened> {
    const opened = await this.open(opening)
    opened.inbox.start()
    return opened
  }

  /** Something to wait at, until it is opened; at the latest when the trial ends. */
  gate (): Gate {
    const gate = new Gate()
    this.#gates.push(gate)
    return gate
  }

  /** Waits until something is so. */
  async until (expected: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + this.deadline
    while (!await isSo()) {
      if (Date.now() > end) assert.fail(`after ${this.deadline} ms it is still not so that ${expected}`)
      await sleep(often)
    }
  }

  /** Waits for what should not happen. */
  async lookOn (milliseconds = quiet): Promise<void> {
    await sleep(milliseconds)
  }

  /** Lets go of everything, whether or not the check held. */
  async end (): Promise<void> {
    for (const gate of this.#gates) gate.open()
    await Promise.all(this.#inboxes.map((inbox) => inbox.close(this.deadline / 2)))
  }
}
