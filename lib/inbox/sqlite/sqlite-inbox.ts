import { once, type EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { InboxError } from '../../errors.ts'
import { backoffDelay, longestBackoffDelay } from '../../util/backoff.ts'
import { errorMessage } from '../../util/error-message.ts'
import { logError } from '../../util/logging.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import type { DeadLetterEntry, DeliveryHandler, Inbox, InboxEntry, PageQuery } from '../inbox.ts'
import { loadSqlite, type PendingEntry, type Position } from './store.ts'
import { serve, type Call, type Reply, type Turn } from './store-thread.ts'

/** How long the thread may take, in milliseconds. */
const deadlines = { open: 120_000, turn: 30_000, close: 10_000 }

/** How long, and how many, results of deliveries wait for a commit. A crash repeats these deliveries. */
const uncommitted = { milliseconds: 25, count: 256 }

/** With this many results that cannot be written, no more deliveries are started. */
const unwrittenAtMost = 1024

/** The delay after a failed operation of the store, in milliseconds. */
const pauseMs = 1000

const withoutCommit: ReadonlySet<string> = new Set(
  ['remove', 'postpone', 'pendingCount', 'deadLetterCount', 'deadLetters'] satisfies Array<Call[0]>
)

type Resumed = Turn['resumed'][number]

/** A worker, or a port of this thread. */
type Thread = Pick<EventEmitter, 'on' | 'once' | 'removeListener'> & Pick<MessagePort, 'postMessage' | 'ref' | 'unref'>

interface Settings { readonly path: string, readonly concurrency: number, readonly backoff: number }

/** A call for the store. If nobody waits for its failure, it is the result of a delivery, and is repeated. */
interface Request { readonly call: Call, done (result: unknown): void, failed?(error: InboxError): void }

/**
 * The inbox in an SQLite file, which a thread uses. What arrives during a turn of the thread is passed on in the next
 * one, so that many entries share a commit.
 */
export class SqliteInbox implements Inbox {
  readonly #settings: Settings
  #handler: DeliveryHandler | undefined
  #thread: Thread | undefined
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** Why the inbox cannot be used. */
  #unusable: InboxError | undefined

  #running = false
  #active = 0
  /** How many entries are being moved to the dead-letter list. They do not count towards the concurrency. */
  #burying = 0
  #idle = () => {}
  readonly #pauses = new Set<NodeJS.Timeout>()

  // What the next turn passes on.
  #requests: Request[] = []
  #finished: Position[] = []
  #resumed: Resumed[] = []
  #commitDue = false

  #scheduled = false
  /** The requests of the running turn. */
  #sent: Request[] | undefined
  #overdue: NodeJS.Timeout | undefined
  /** Results of deliveries that are written, but not committed. */
  #uncommitted: Request[] = []
  /** Results of deliveries to write again after a failure. */
  #repeated: Request[] = []
  #repeatDue = false

  constructor (settings: Settings) {
    this.#settings = settings
    this.#unusable = this.#error('is not open. Use it after the plugin is registered and before the server closes')
  }

  async open (handler: DeliveryHandler): Promise<void> {
    if (this.#opening !== undefined) {
      throw this.#error('was opened before. Create one inbox for each registration of the plugin, each with its own file')
    }
    this.#handler = handler
    this.#opening = this.#open()
    await this.#opening
  }

  async #open (): Promise<void> {
    loadSqlite()
    const thread = startThread(this.#settings.path)
    const opened = once(thread, 'message')
    if (!await settlesWithin(opened.catch(() => {}), deadlines.open)) {
      stop(thread)
      throw this.#error(`did not open within ${deadlines.open} ms. Check its disk`)
    }
    await opened.catch((error: unknown) => { throw toInboxError(error) })
    thread.on('message', (reply: Reply) => { this.#conclude(reply) })
    thread.on('error', (error: Error) => { this.#break(this.#error(`has failed: ${error.message}. Restart the server`)) })
    thread.unref()
    this.#thread = thread
    this.#unusable = undefined
  }

  start (): void {
    if (this.#unusable !== undefined) throw this.#unusable
    this.#running = true
    this.#schedule()
  }

  async add (entry: InboxEntry): Promise<boolean> {
    return await this.#request(['add', entry, Date.now()]) === true
  }

  async retry (key: string): Promise<number> {
    return Number(await this.#request(['retry', key, Date.now()]))
  }

  async discard (key: string): Promise<number> {
    return Number(await this.#request(['discard', key]))
  }

  async pendingCount (): Promise<number> {
    return Number(await this.#request(['pendingCount']))
  }

  async deadLetterCount (): Promise<number> {
    return Number(await this.#request(['deadLetterCount']))
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    // The thread returns what the method of the store returns.
    return await this.#request(['deadLetters', page]) as DeadLetterEntry[]
  }

  async close (timeout: number): Promise<void> {
    this.#closing ??= this.#close(timeout)
    await this.#closing
  }

  async #close (timeout: number): Promise<void> {
    // The caller of `open` got the error.
    await this.#opening?.catch(() => {})
    const thread = this.#thread
    if (thread === undefined) return
    this.#running = false
    for (const pause of this.#pauses) clearTimeout(pause)
    if (this.#active + this.#burying > 0) {
      await settlesWithin(new Promise<void>((resolve) => { this.#idle = resolve }), timeout)
    }
    const inTime = await settlesWithin(this.#end(thread).catch(() => {}), deadlines.close)
    this.#break(this.#error(inTime ? 'is closed' : `did not close within ${deadlines.close} ms. Check its disk`))
    stop(thread)
  }

  /** Writes what waits, and closes the file. */
  async #end (thread: Thread): Promise<void> {
    this.#repeatDue = true
    this.#schedule()
    while (this.#scheduled || this.#sent !== undefined) await once(thread, 'message')
    this.#unusable = this.#error('is closed')
    thread.ref()
    thread.postMessage('close')
    await once(thread, thread instanceof Worker ? 'exit' : 'close')
  }

  #request (call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#unusable !== undefined) throw this.#unusable
      this.#requests.push({ call, done: resolve, failed: reject })
      this.#schedule()
    })
  }

  /** Starts a turn, unless one is running, with all that arrives in this turn of the event loop. */
  #schedule (): void {
    if (this.#scheduled || this.#sent !== undefined || this.#unusable !== undefined) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#take()
    })
  }

  #take (): void {
    // Repeated results are written alone: they free space on a full disk.
    const sent = this.#repeatDue ? this.#repeated.splice(0) : this.#requests.splice(0)
    const commit = this.#repeatDue || this.#commitDue || !this.#running ||
      this.#uncommitted.length + sent.length > uncommitted.count || sent.some(({ call: [name] }) => !withoutCommit.has(name))
    const hasRoom = this.#running && this.#repeated.length < unwrittenAtMost
    const turn: Turn = {
      calls: sent.map(({ call }) => call),
      commit,
      finished: this.#finished.splice(0),
      resumed: this.#resumed.splice(0),
      free: hasRoom ? this.#settings.concurrency - this.#active : 0
    }
    this.#sent = sent
    this.#repeatDue = this.#commitDue = false
    this.#overdue = setTimeout(() => {
      this.#break(this.#error(`did not answer within ${deadlines.turn} ms. Check its disk`))
    }, deadlines.turn)
    this.#thread?.ref()
    this.#thread?.postMessage(turn)
  }

  #conclude ({ results, committed, entries, more, error }: Reply): void {
    clearTimeout(this.#overdue)
    this.#thread?.unref()
    const sent = this.#sent ?? []
    this.#sent = undefined
    // The answer was late.
    if (this.#closing === undefined) this.#unusable = undefined
    if (results instanceof Error) this.#fail(toInboxError(results), sent)
    else this.#succeed(results, sent, committed)
    for (const entry of entries) this.#begin(entry)
    if (error !== undefined) {
      this.#log(error, 'cannot read the inbox; retrying')
      this.#later(pauseMs, () => {})
    } else if (more || this.#repeatDue || this.#requests.length + this.#finished.length + this.#resumed.length > 0) {
      this.#schedule()
    }
  }

  #succeed (results: readonly unknown[], sent: Request[], committed: boolean): void {
    for (const [index, { done }] of sent.entries()) done(results[index])
    const isFirst = this.#uncommitted.length === 0
    if (committed) this.#uncommitted = []
    else this.#uncommitted.push(...sent.filter(({ failed }) => failed === undefined))
    if (isFirst && this.#uncommitted.length > 0) this.#later(uncommitted.milliseconds, () => { this.#commitDue = true })
  }

  #fail (error: InboxError, sent: Request[]): void {
    const repeated: Request[] = []
    for (const request of [...this.#uncommitted.splice(0), ...sent]) {
      if (request.failed === undefined) repeated.push(request)
      else request.failed(error)
    }
    if (repeated.length === 0) return
    this.#repeated.unshift(...repeated)
    this.#log(error, 'cannot write to the inbox; retrying')
    this.#later(pauseMs, () => { this.#repeatDue = true })
  }

  /** Rejects what waits. */
  #break (error: InboxError): void {
    this.#unusable = error
    for (const { failed } of [...this.#sent ?? [], ...this.#requests]) failed?.(error)
    this.#requests = this.#requests.filter(({ failed }) => failed === undefined)
  }

  #begin (entry: PendingEntry): void {
    if (!this.#running || this.#handler === undefined) return
    const { id, key, orderingKey, name, body, revision, attempts, storedAt, dueAt, damaged } = entry
    // The clock may have been changed since the attempt failed.
    const pause = dueAt === 0 ? 0 : Math.min(dueAt - Date.now(), longestBackoffDelay(attempts, this.#settings.backoff))
    if (damaged) return this.#bury(entry, this.#error(`has a damaged entry, ${key}. Discard it`), attempts)
    if (pause > 0) return this.#wait({ id, orderingKey, attempts }, pause)
    this.#active++
    this.#handler.deliver({ key, orderingKey, name, body, revision, attempt: attempts + 1, storedAt })
      .then(() => {
        this.#finished.push({ id, orderingKey })
        this.#settle(['remove', id])
      }, (error: unknown) => { this.#retry(entry, error) })
      .then(() => {
        this.#active--
        this.#rest()
      })
  }

  #retry (entry: PendingEntry, error: unknown): void {
    const { id, orderingKey } = entry
    const attempts = entry.attempts + 1
    if (this.#handler === undefined || attempts >= this.#handler.attempts) return this.#bury(entry, error, attempts)
    const pause = backoffDelay(attempts, this.#settings.backoff)
    this.#settle(['postpone', id, attempts, Date.now() + pause])
    this.#wait({ id, orderingKey, attempts }, pause)
  }

  // The entry itself is not kept: its body may be long, and many may wait.
  #wait (resumed: Resumed, pause: number): void {
    this.#later(pause, () => { this.#resumed.push(resumed) })
  }

  #bury ({ id, key, orderingKey, name, body, revision }: PendingEntry, error: unknown, attempts: number): void {
    this.#burying++
    this.#finished.push({ id, orderingKey })
    this.#settle(['bury', id, attempts, errorMessage(error), Date.now()], () => {
      this.#handler?.onDeadLetter({ key, orderingKey, name, body, revision }, error, attempts).then(() => {
        this.#burying--
        this.#rest()
      })
    })
  }

  /** Writes the result of a delivery. */
  #settle (call: Call, done = () => {}): void {
    // In the order of the results, which matters after a failure.
    const requests = this.#repeated.length > 0 ? this.#repeated : this.#requests
    requests.push({ call, done })
    this.#schedule()
  }

  #rest (): void {
    if (this.#active + this.#burying === 0) this.#idle()
  }

  #later (milliseconds: number, act: () => void): void {
    if (!this.#running) return
    const timer = setTimeout(() => {
      this.#pauses.delete(timer)
      act()
      this.#schedule()
    }, milliseconds)
    this.#pauses.add(timer)
  }

  #error (what: string): InboxError {
    return new InboxError(`The inbox at ${this.#settings.path} ${what}`)
  }

  #log (error: Error, message: string): void {
    if (this.#handler !== undefined) logError(this.#handler.log, 'error', error, {}, message)
  }
}

function startThread (path: string): Thread {
  // A bundle in CommonJS has no import.meta.url, and a bundler may have omitted the thread's program.
  const { url }: { url?: string } = import.meta
  const program = url === undefined ? undefined : new URL(`store-thread${extname(url)}`, url)
  if (program !== undefined && existsSync(program)) {
    // Arguments of this process may start the application again, such as `--import ./instrumentation.js`.
    const { NODE_OPTIONS, ...env } = process.env
    const execArgv = ['--disable-warning=ExperimentalWarning']
    return new Worker(program, { workerData: { sqliteInbox: path }, execArgv, env })
  }
  const { port1, port2 } = new MessageChannel()
  serve(path, port2)
  return port1
}

function stop (thread: Thread): void {
  if (thread instanceof Worker) thread.terminate()
}

// An error of the thread has lost its class.
function toInboxError (error: unknown): InboxError {
  if (error instanceof InboxError) return error
  return new InboxError(errorMessage(error), { cause: error instanceof Error ? error.cause : undefined })
}
