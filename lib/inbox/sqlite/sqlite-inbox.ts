import { once, type EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { InboxError } from '../../errors.ts'
import { backoffDelay, longestBackoffDelay } from '../../util/backoff.ts'
import { errorMessage } from '../../util/error-message.ts'
import { logError } from '../../util/logging.ts'
import { settlesWithin } from '../../util/settles-within.ts'
import type { DeliveryHandler, Inbox, InboxEntry, PageQuery } from '../inbox.ts'
import { loadSqlite, type PendingEntry, type Position, type Store } from './store.ts'
import { serve, type Call, type Method, type Reply, type Turn } from './store-thread.ts'

/** How long the thread may take, in milliseconds. */
const deadlines = { open: 120_000, turn: 30_000, close: 10_000 }
/** When results of deliveries are committed, and when a failed operation is repeated, in milliseconds. */
const delays = { commit: 25, repeat: 1000 }
/** With this many results that cannot be written, no more deliveries are started. */
const unwrittenAtMost = 1024

interface Request { readonly call: Call, resolve (result: unknown): void, reject (error: Error): void }
type Thread = EventEmitter & Pick<MessagePort, 'postMessage' | 'ref' | 'unref'>

/**
 * The inbox in an SQLite file, which a thread uses. What is requested during a turn of the thread has the next one, so
 * that many entries share a commit.
 */
export class SqliteInbox implements Inbox {
  readonly #path: string
  readonly #concurrency: number
  readonly #backoff: number
  #handler: DeliveryHandler | undefined
  #thread: Thread | undefined
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  /** Why no requests are accepted. */
  #refusal: InboxError | undefined
  #running = false
  #active = 0
  /** Running deliveries, and those whose dead letter is reported. */
  readonly #deliveries = new Set<Promise<void>>()
  readonly #timers = new Set<NodeJS.Timeout>()

  // What is for the next turn.
  #requests: Request[] = []
  #finished: Position[] = []
  #resumed: Array<Turn['resumed'][number]> = []
  #commitDue = false
  #turnDue = false
  /** The requests of the current turn, and the turns until nothing is due. */
  #current: Request[] = []
  #turns: Promise<void> | undefined
  #unwritten = 0

  constructor (path: string, concurrency: number, backoff: number) {
    this.#path = path
    this.#concurrency = concurrency
    this.#backoff = backoff
    this.#refusal = this.#error('is not open. Use it after the plugin is registered and before the server closes')
  }

  async open (handler: DeliveryHandler): Promise<void> {
    const fix = 'Create one inbox for each registration of the plugin, each with its own file'
    if (this.#opening !== undefined) throw this.#error(`was opened before. ${fix}`)
    this.#handler = handler
    this.#opening = this.#open()
    await this.#opening
  }

  async #open (): Promise<void> {
    loadSqlite()
    const thread = startThread(this.#path)
    const opened = once(thread, 'message')
      // The error has lost its class on its way from the thread.
      .then(() => undefined, (error) => new InboxError(errorMessage(error), { cause: error.cause }))
    if (!await settlesWithin(opened, deadlines.open)) {
      stop(thread)
      throw this.#error(`did not open within ${deadlines.open} ms. Check its disk`)
    }
    const error = await opened
    if (error !== undefined) throw error
    thread.on('error', (error) => {
      this.#refuse(this.#error(`has failed: ${errorMessage(error)}. Restart the server`))
    })
    thread.unref()
    this.#thread = thread
    this.#refusal = undefined
  }

  start (): void {
    if (this.#refusal !== undefined) throw this.#refusal
    this.#running = true
    this.#schedule()
  }

  add (entry: InboxEntry) { return this.#request('add', entry, Date.now()) }
  pendingCount () { return this.#request('pendingCount') }
  deadLetterCount () { return this.#request('deadLetterCount') }
  deadLetters (page: PageQuery) { return this.#request('deadLetters', page) }
  retry (key: string) { return this.#request('retry', key, Date.now()) }
  discard (key: string) { return this.#request('discard', key) }

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
    for (const timer of this.#timers) clearTimeout(timer)
    await settlesWithin(Promise.all(this.#deliveries), timeout)
    const inTime = await settlesWithin(this.#end(thread).catch(() => {}), deadlines.close)
    this.#refuse(this.#error(inTime ? 'is closed' : `did not close within ${deadlines.close} ms. Check its disk`))
    stop(thread)
  }

  /** Writes what waits, and closes the file. */
  async #end (thread: Thread): Promise<void> {
    this.#commitDue = true
    this.#schedule()
    await this.#turns
    this.#refuse(this.#error('is closed'))
    thread.ref()
    thread.postMessage('close')
    await once(thread, thread instanceof Worker ? 'exit' : 'close')
  }

  #request<Name extends Method> (name: Name, ...values: Parameters<Store[Name]>): Promise<ReturnType<Store[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#refusal !== undefined) throw this.#refusal
      // The name and the values belong together, and so does the result.
      const call = [name, ...values] as unknown as Call
      this.#requests.push({ call, resolve: resolve as Request['resolve'], reject })
      this.#schedule()
    })
  }

  /** Requests to store the result of a delivery. The thread repeats it until it is stored. */
  #settle (call: Call): Promise<unknown> {
    const stored = new Promise((resolve, reject) => { this.#requests.push({ call, resolve, reject }) })
    this.#schedule()
    return stored.catch(() => {})
  }

  #schedule (): void {
    this.#turnDue = true
    if (this.#refusal !== undefined || this.#thread === undefined) return
    this.#turns ??= this.#takeTurns(this.#thread).catch(() => {})
  }

  async #takeTurns (thread: Thread): Promise<void> {
    thread.ref()
    while (this.#turnDue) {
      this.#turnDue = false
      // What arrives in this turn of the event loop shares the turn of the thread.
      await setImmediate()
      const overdue = this.#error(`did not answer within ${deadlines.turn} ms. Check its disk`)
      const deadline = setTimeout(() => { this.#refuse(overdue) }, deadlines.turn)
      thread.postMessage(this.#nextTurn())
      const [reply] = await once(thread, 'message').finally(() => { clearTimeout(deadline) })
      this.#conclude(reply)
    }
    this.#turns = undefined
    thread.unref()
  }

  #nextTurn (): Turn {
    this.#current = this.#requests.splice(0)
    const commit = this.#commitDue
    this.#commitDue = false
    return {
      calls: this.#current.map(({ call }) => call),
      commit,
      now: Date.now(),
      finished: this.#finished.splice(0),
      resumed: this.#resumed.splice(0),
      free: this.#running && this.#unwritten < unwrittenAtMost ? this.#concurrency - this.#active : 0
    }
  }

  #conclude ({ results, unwritten, entries, more, error }: Reply): void {
    // The reply may be late.
    if (this.#closing === undefined) this.#refusal = undefined
    const failure = results instanceof Error ? new InboxError(results.message, { cause: results.cause }) : undefined
    for (const [index, { resolve, reject }] of this.#current.entries()) {
      if (results instanceof Error) reject(failure ?? results)
      else resolve(results[index])
    }
    this.#unwritten = unwritten
    if (unwritten > 0 && failure !== undefined) this.#log(failure, 'cannot write to the inbox; retrying')
    if (unwritten > 0) this.#later(failure ? delays.repeat : delays.commit, () => { this.#commitDue = true })
    for (const entry of entries) this.#begin(entry)
    if (more) this.#turnDue = true
    if (error === undefined) return
    this.#log(error, 'cannot read the inbox; retrying')
    this.#later(delays.repeat)
  }

  #refuse (error: InboxError): void {
    this.#refusal = error
    for (const { reject } of [...this.#current, ...this.#requests]) reject(error)
  }

  #begin (entry: PendingEntry): void {
    const { id, orderingKey, attempts, dueAt } = entry
    if (!this.#running || this.#handler === undefined) return
    // The clock may have been changed since the attempt.
    const pause = dueAt && Math.min(dueAt - Date.now(), longestBackoffDelay(attempts, this.#backoff))
    if (pause > 0) return this.#resumeLater({ id, orderingKey, attempts }, pause)
    const delivery = this.#deliver(this.#handler, entry).finally(() => { this.#deliveries.delete(delivery) })
    this.#deliveries.add(delivery)
  }

  async #deliver (handler: DeliveryHandler, entry: PendingEntry): Promise<void> {
    const { id, key, orderingKey, name, body, revision, storedAt, damaged } = entry
    const stored = { key, orderingKey, name, body, revision }
    const attempt = entry.attempts + 1
    this.#active++
    const failed = damaged
      ? { error: this.#error(`has a damaged entry: ${key}. Discard it`) }
      : await handler.deliver({ ...stored, attempt, storedAt }).then(() => undefined, (error: unknown) => ({ error }))
    this.#active--
    if (failed !== undefined && !damaged && attempt < handler.attempts) {
      const pause = backoffDelay(attempt, this.#backoff)
      this.#settle(['postpone', id, attempt, Date.now() + pause])
      return this.#resumeLater({ id, orderingKey, attempts: attempt }, pause)
    }
    this.#finished.push({ id, orderingKey })
    if (failed === undefined) {
      this.#settle(['remove', id])
      return
    }
    await this.#settle(['bury', id, attempt, errorMessage(failed.error), Date.now()])
    // A closed inbox has not stored the dead letter.
    if (this.#refusal === undefined) await handler.onDeadLetter(stored, failed.error, attempt)
  }

  // Keeps no more of the entry: many may wait, and their bodies may be long.
  #resumeLater (resumed: Turn['resumed'][number], pause: number): void {
    this.#later(pause, () => { this.#resumed.push(resumed) })
  }

  #later (delay: number, act = () => {}): void {
    if (!this.#running) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
      this.#schedule()
    }, delay)
    this.#timers.add(timer)
  }

  #error (problem: string): InboxError {
    return new InboxError(`The inbox at ${this.#path} ${problem}`)
  }

  #log (error: unknown, message: string): void {
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
  // A port has the methods of an emitter that are used. Its type does not have them.
  return port1 as unknown as Thread
}

function stop (thread: Thread): void {
  if (thread instanceof Worker) thread.terminate()
}
