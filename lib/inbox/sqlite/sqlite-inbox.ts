import { once, type EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { InboxError } from '../../errors.ts'
import { backoffDelay } from '../../util/backoff.ts'
import { errorMessage } from '../../util/error-message.ts'
import { inTime } from '../../util/in-time.ts'
import { logError } from '../../util/logging.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import type { DeadLetterEntry, DeliveryHandler, Inbox, InboxEntry, PageQuery } from '../inbox.ts'
import { loadSqlite, type PendingEntry } from './store.ts'
import { isResult, serve, type Call, type NumberedCall, type Reply, type Settings } from './store-thread.ts'

type Thread = EventEmitter & Pick<MessagePort, 'postMessage' | 'ref' | 'unref'>
interface Request {
  readonly call: Call
  resolve (result: unknown): void
  reject (error: Error): void
}

/** The inbox in an SQLite file, which a thread uses. */
export class SqliteInbox implements Inbox {
  readonly #settings: Settings
  /** How long the thread may take, in milliseconds. */
  readonly #deadlines: { readonly open: number, readonly reply: number, readonly close: number }
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** `undefined` unless the inbox is open. */
  #thread: Thread | undefined
  /** Why no requests are accepted. Never `undefined` while there is no thread. */
  #refusal: InboxError | undefined
  #lastNumber = 0
  /** The requests without a reply, by their numbers. */
  readonly #requests = new Map<number, Request>()
  /** What the thread receives together, as a message costs more than a call. */
  #calls: NumberedCall[] = []
  #deadline: NodeJS.Timeout | undefined
  readonly #deliveries = new Set<Promise<void>>()

  constructor (settings: Settings, deadlines = { open: 120_000, reply: 30_000, close: 10_000 }) {
    this.#settings = settings
    this.#deadlines = deadlines
    this.#refusal = this.#error('is not open. Use it after the plugin is registered and before the server closes')
  }

  async open (handler: DeliveryHandler): Promise<void> {
    const fix = 'Create one inbox for each registration of the plugin, each with its own file'
    if (this.#opening !== undefined) throw this.#error(`was opened before. ${fix}`)
    await (this.#opening = this.#open(handler))
  }

  async #open (handler: DeliveryHandler): Promise<void> {
    loadSqlite()
    const thread = startThread(this.#settings)
    const subject = `Opening the inbox at ${this.#settings.path}`
    await inTime(once(thread, 'message'), this.#deadlines.open, subject).catch((error) => {
      if (thread instanceof Worker) thread.terminate()
      throw toInboxError(error)
    })
    thread.on('message', (reply: Reply) => { this.#receive(reply, handler) })
    thread.on('error', ({ message }) => {
      this.#thread = undefined
      this.#refuse(`has failed: ${message}. Restart the server`)
    })
    thread.unref()
    this.#thread = thread
    this.#refusal = undefined
  }

  start (): void {
    this.#thread?.postMessage('start')
    this.#thread?.ref()
  }

  add (entry: InboxEntry) { return this.#call<boolean>(['add', entry, Date.now()]) }
  pendingCount () { return this.#call<number>(['pendingCount']) }
  deadLetterCount () { return this.#call<number>(['deadLetterCount']) }
  deadLetters (page: PageQuery) { return this.#call<DeadLetterEntry[]>(['deadLetters', page]) }
  retry (key: string) { return this.#call<number>(['retry', key, Date.now()]) }
  discard (key: string) { return this.#call<number>(['discard', key]) }

  close (timeout: number): Promise<void> { return (this.#closing ??= this.#close(timeout)) }

  async #close (timeout: number): Promise<void> {
    // The caller of `open` got the error.
    await this.#opening?.catch(() => {})
    await settlesWithin(Promise.all(this.#deliveries), timeout)
    const thread = this.#thread
    if (thread === undefined) return
    this.#flush()
    thread.postMessage('close')
    thread.ref()
    this.#thread = undefined
    this.#refusal = this.#error('is closed')
    const closed = once(thread, thread instanceof Worker ? 'exit' : 'close').catch(() => {})
    if (await settlesWithin(closed, this.#deadlines.close)) return
    this.#refuse(`did not close within ${this.#deadlines.close} ms. Check its disk`)
    if (thread instanceof Worker) thread.terminate()
  }

  /** Rejects while the thread is late. The result of a delivery waits instead, because the thread repeats it. */
  #call<Result> (call: Call): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#thread === undefined || (this.#refusal !== undefined && !isResult(call))) return reject(this.#refusal)
      this.#requests.set(++this.#lastNumber, { call, resolve, reject })
      if (this.#calls.push([this.#lastNumber, call]) === 1) setImmediate(() => { this.#flush() })
      this.#awaitReply()
    })
  }

  #flush (): void {
    this.#thread?.postMessage(this.#calls)
    this.#calls = []
  }

  #awaitReply (): void {
    this.#thread?.ref()
    const { reply } = this.#deadlines
    this.#deadline ??= setTimeout(() => { this.#refuse(`did not reply within ${reply} ms. Check its disk`) }, reply)
  }

  #receive ({ results, entries, pause, error }: Reply, handler: DeliveryHandler): void {
    for (const [number, result] of results) {
      const request = this.#requests.get(number)
      this.#requests.delete(number)
      if (result instanceof Error) request?.reject(toInboxError(result))
      else request?.resolve(result)
    }
    // A delivery that is due later keeps the process alive.
    if (pause === undefined && error === undefined) this.#thread?.unref()
    clearTimeout(this.#deadline)
    this.#deadline = undefined
    if (this.#requests.size > 0) this.#awaitReply()
    if (error !== undefined) logError(handler.log, 'error', error, {}, 'cannot use the inbox; retrying')
    if (this.#closing !== undefined || this.#thread === undefined) return
    // The reply may be late.
    this.#refusal = undefined
    for (const entry of entries) {
      const delivery = this.#deliver(entry, handler).catch(() => {}).finally(() => this.#deliveries.delete(delivery))
      this.#deliveries.add(delivery)
    }
  }

  async #deliver (entry: PendingEntry, handler: DeliveryHandler): Promise<void> {
    const { id, key, orderingKey, name, body, revision, storedAt, damaged } = entry
    const stored = { key, orderingKey, name, body, revision }
    const attempt = entry.attempts + 1
    try {
      if (damaged) throw this.#error(`has a damaged entry: ${key}. Discard it`)
      await handler.deliver({ ...stored, attempt, storedAt })
    } catch (error) {
      if (!damaged && attempt < handler.attempts) {
        return await this.#call(['postpone', id, attempt, backoffDelay(attempt, this.#settings.backoff)])
      }
      await this.#call(['bury', id, orderingKey, attempt, errorMessage(error), Date.now()])
      return await handler.onDeadLetter(stored, error, attempt)
    }
    await this.#call(['remove', id, orderingKey])
  }

  #refuse (problem: string): void {
    clearTimeout(this.#deadline)
    this.#refusal = this.#error(problem)
    for (const { call, reject } of this.#requests.values()) {
      // Without a thread, results cannot be written any more.
      if (this.#thread === undefined || !isResult(call)) reject(this.#refusal)
    }
  }

  #error (problem: string) { return new InboxError(`The inbox at ${this.#settings.path} ${problem}`) }
}

function startThread (settings: Settings): Thread {
  // A bundle in CommonJS has no import.meta.url, and a bundler may have omitted the thread's program.
  const { url }: { url?: string } = import.meta
  const program = url === undefined ? undefined : new URL(`store-thread${extname(url)}`, url)
  if (program !== undefined && existsSync(program)) {
    // Arguments of this process may start the application again, such as `--import ./instrumentation.js`.
    const { NODE_OPTIONS, ...env } = process.env
    const execArgv = ['--disable-warning=ExperimentalWarning']
    return new Worker(program, { workerData: { sqliteInbox: settings }, execArgv, env })
  }
  const { port1, port2 } = new MessageChannel()
  serve(settings, port2)
  // A port has the methods of an emitter that are used. Its type does not have them.
  return port1 as unknown as Thread
}

// An error loses its class on its way from the thread.
function toInboxError ({ message, cause }: Error): InboxError { return new InboxError(message, { cause }) }
