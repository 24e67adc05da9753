import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { DeliveryOptions, NotificationHandler } from '../delivery/index.ts'
import { recoverChannel, type RecoverMessage } from '../diagnostics/index.ts'
import type { Event, EventName } from '../events/index.ts'
import { Client, requiredSettings, type Credentials } from '../green-api/index.ts'
import { recognize, toRecoveredBody } from '../recognition/index.ts'
import { readText, readTimestamp, type Content } from '../schemas/values.ts'
import { logError } from '../util/logging.ts'
import { readInstance, readQueueSize, type InstanceInfo } from './instance-info.ts'
import { isMissingJournal, journalMethods, readJournal } from './journals.ts'
import { journalsReachMs, type ResolvedRecover } from './options.ts'

/** What the recovery of an instance needs from the server that it belongs to. */
export interface RecoveryContext {
  readonly handler: NotificationHandler
  readonly delivery: DeliveryOptions
  readonly options: Omit<ResolvedRecover, 'instances'>
  readonly log: FastifyBaseLogger
  /** Takes a lock for a number of milliseconds, so that only one of several processes reads the journals. */
  lock (name: string, duration: number): Promise<boolean>
}

/** What a pass has found so far, as in a `RecoverMessage`. */
interface Tally {
  queueSize: number | undefined
  read: number
  readonly recovered: Partial<Record<EventName, number>>
  known: number
  tooYoung: number
  failed: number
  ignored: number
  error: unknown
}

interface JournalEntry {
  readonly key: string
  readonly record: Content
  /** Unix time in milliseconds. */
  readonly timestamp: number
}

/** A record that needs nothing more, and what it counts as. */
interface Settled {
  timestamp: number
  readonly as: 'known' | 'ignored'
}

/** The times of the messages that a pass recovers, by GREEN-API's clock: Unix times in milliseconds. */
interface Span {
  readonly from: number
  readonly to: number
}

const minuteMs = 60_000

/** How late a message can appear in a journal. It is usually there within two minutes. */
const journalDelayMs = 60 * minuteMs

/** The statuses of messages that were sent. GREEN-API sends no notification of others, or not yet. */
export const sentStatuses: ReadonlySet<string> = new Set(['', 'sent', 'delivered', 'read'])

/** Reads the journals of one instance again and again, and delivers what no notification has brought. */
export class Recovery {
  readonly #client: Client
  readonly #context: RecoveryContext
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  readonly #settled = new Map<string, Settled>()
  /** By how much GREEN-API's clock is ahead of this process's, in milliseconds. */
  #clockDifference: number | undefined
  /** When the last pass began that left nothing to the next one, by GREEN-API's clock. */
  #completeAt: number | undefined
  #isFailing = false

  constructor (credentials: Credentials, context: RecoveryContext) {
    this.#client = new Client(credentials)
    context.handler.arrivals ??= new Map()
    this.#context = context
  }

  /** Starts the passes. Has no effect on a recovery that is running or stopped. */
  start (): void {
    this.#running ??= this.#run()
  }

  /** Aborts the current request, and waits until the current message is delivered. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    const { every } = this.#context.options
    while (!signal.aborted) {
      const hasRead = await this.pass()
      // While another process reads, look often whether it still does.
      await sleep(hasRead ? every : every / 10, undefined, { signal }).catch(() => {})
    }
  }

  /** Makes one pass. Resolves with `false` if another process has the lock. Never rejects. */
  async pass (): Promise<boolean> {
    const { lock, options: { every } } = this.#context
    const startedAt = performance.now()
    const tally: Tally = {
      queueSize: undefined, read: 0, recovered: {}, known: 0, tooYoung: 0, failed: 0, ignored: 0, error: undefined
    }
    try {
      if (!await lock(`recover ${this.#client.idInstance}`, Math.ceil(every * 0.9))) return false
      await this.#recover(tally)
    } catch (error) {
      tally.error = error
    }
    if (!this.#stopping.signal.aborted) this.#logError(tally.error)
    this.#report(tally, performance.now() - startedAt)
    return true
  }

  async #recover (tally: Tally): Promise<void> {
    const { signal } = this.#stopping
    const instance = await readInstance(this.#client, signal)
    const { now } = instance
    // Before the other requests, because a slow answer would change the difference.
    const clockDifference = this.#clockDifference ??= now - Date.now()
    let mayWait = true
    try {
      tally.queueSize = await readQueueSize(this.#client, signal)
      mayWait = (tally.queueSize ?? 0) > 0
    } catch (error) {
      tally.error = error
    }
    const entries = await this.#readJournals(now, tally)
    const span = this.#spanAt(now, clockDifference, mayWait)
    for (const entry of entries) {
      if (signal.aborted) return
      await this.#handle(entry, span, instance, tally)
    }
    const isComplete = tally.error === undefined && tally.failed === 0 && !mayWait
    if (isComplete) this.#completeAt = now
    for (const [key, { timestamp }] of this.#settled) {
      if (timestamp < now - journalsReachMs) this.#settled.delete(key)
    }
  }

  /** Reads all journals, or as many as GREEN-API returns, the oldest records first. */
  async #readJournals (now: number, tally: Tally): Promise<JournalEntry[]> {
    const { reach, grace } = this.#context.options
    // The first pass reads all, to know which messages are older than the process: the timestamp of an outgoing message
    // is that of its last status.
    const from = this.#completeAt === undefined
      ? now - journalsReachMs
      : Math.max(now - reach, this.#completeAt - grace - journalDelayMs)
    const minutes = Math.ceil((now - from) / minuteMs)
    const entries: JournalEntry[] = []
    for (const method of journalMethods) {
      try {
        const records = await readJournal(this.#client, method, minutes, this.#stopping.signal)
        // GREEN-API returns the latest first.
        entries.push(...records.reverse().map((record) => toEntry(method, record)))
      } catch (error) {
        if (!isMissingJournal(error)) tally.error ??= error
      }
    }
    tally.read = entries.length
    return entries.sort((one, other) => one.timestamp - other.timestamp)
  }

  /** @param mayWait whether notifications may wait in GREEN-API's queue */
  #spanAt (now: number, clockDifference: number, mayWait: boolean): Span {
    const { handler: { rememberedSince, arrivals }, options: { reach, grace, overlap } } = this.#context
    const from = Math.max(now - reach, rememberedSince + clockDifference - overlap)
    if (!mayWait) return { from, to: now - grace }
    // What waits in the queue is not lost. The queue is in order, so that is newer than the last arrival. It expires
    // after 24 hours, so it does not count forever.
    const arrivedAt = (arrivals?.get(this.#client.idInstance) ?? 0) * 1000
    return { from, to: Math.max(Math.min(now, arrivedAt) - grace, now - Math.max(grace, reach / 2)) }
  }

  async #handle (
    { key, record, timestamp }: JournalEntry, { from, to }: Span, { instanceData, settings }: InstanceInfo, tally: Tally
  ): Promise<void> {
    const settled = this.#settled.get(key)
    if (settled !== undefined) {
      settled.timestamp = timestamp
      tally[settled.as]++
    } else if (timestamp < from) {
      this.#settled.set(key, { timestamp, as: 'ignored' })
      tally.ignored++
    } else if (timestamp > to || !sentStatuses.has(readText(record.statusMessage))) {
      tally.tooYoung++
    } else {
      const body = toRecoveredBody(instanceData, record)
      const notification = recognize(body)
      const { event } = notification
      if (event.name === 'unrecognized' || event.idMessage === '' || !isSent(event, settings)) {
        tally.ignored++
        return
      }
      const { handler, delivery, log } = this.#context
      let isKnown = false
      const onKnown = () => { isKnown = true }
      const isHandled = await handler.receive({ notification, body, options: delivery, log, onKnown })
      if (isHandled) this.#settled.set(key, { timestamp, as: 'known' })
      if (!isHandled) tally.failed++
      else if (isKnown) tally.known++
      else tally.recovered[event.name] = (tally.recovered[event.name] ?? 0) + 1
    }
  }

  #logError (error: unknown): void {
    const { log } = this.#context
    const isFailing = error !== undefined
    const level = this.#isFailing ? 'debug' : 'warn'
    if (isFailing) logError(log, level, error, {}, 'recovery failed, the next pass tries again')
    else if (this.#isFailing) log.info('recovery works again')
    this.#isFailing = isFailing
  }

  #report ({ queueSize, error, ...counts }: Tally, duration: number): void {
    const { log, handler: { emitter } } = this.#context
    const { idInstance } = this.#client
    const message: RecoverMessage = {
      emitter,
      idInstance,
      ...queueSize !== undefined && { queueSize },
      ...counts,
      duration,
      ...error !== undefined && { error }
    }
    if (Object.keys(counts.recovered).length > 0) {
      log.warn({ ...counts, queueSize }, 'recovered notifications that GREEN-API did not send')
    }
    recoverChannel.publish(message)
  }
}

function toEntry (method: string, record: Content): JournalEntry {
  const { typeMessage, idMessage, status } = record
  // A call has a status, which changes when it ends.
  const key = [method, typeMessage, idMessage, status].map(readText).join(' ')
  return { key, record, timestamp: readTimestamp(record.timestamp) * 1000 }
}

/** Whether the settings of the instance let GREEN-API send the notification. Some instances lack some settings. */
export function isSent ({ typeWebhook, typeMessage }: Event, settings: Content): boolean {
  return requiredSettings({ typeWebhook: typeWebhook ?? '', typeMessage }).every((name) => settings[name] !== 'no')
}
