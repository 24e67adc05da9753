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
import type { DeadLetterEntry, DeliveryHandler, Inbox, InboxEntry, PageQuery } from '../inbox.ts'
import { loadSqlite, type PendingEntry } from './store.ts'
import { serve, type Call, type Reply, type Turn } from './store-thread.ts'

/** How long the thread may take, and the pause after it failed, in milliseconds. */
const deadlines = { open: 120_000, turn: 30_000, close: 10_000 }
const pauseMs = 1000
/** With this many results of deliveries that cannot be written, no more deliveries are started. */
const unwrittenAtMost = 1024

type Thread = EventEmitter & Pick<MessagePort, 'postMessage' | 'ref' | 'unref'>
interface Request { readonly call: Call, resolve (result: unknown): void, reject (error: Error): void }

/**
 * The inbox in an SQLite file, which a thread uses. Requests that arrive during a turn of the thread share the next
 * turn, so that many entries share a transaction.
 */
export class SqliteInbox implements Inbox {
  readonly #path: string
  readonly #concurrency: number
  readonly #backoff: number
  #opening: Promise<void> | undefined
  #opened: { readonly thread: Thread, readonly handler: DeliveryHandler } | undefined
  #closing: Promise<void> | undefined
  /** Why no requests are accepted. */
  #refusal: InboxError | undefined
  #running = false
  readonly #deliveries = new Set<Promise<void>>()
  readonly #timers = new Set<NodeJS.Timeout>()

  // The input of the next turn, the requests of the current turn, and the turns until nothing is due.
  #requests: Request[] = []
  #finished: Array<Turn['finished'][number]> = []
  #resumed: Array<Turn['resumed'][number]> = []
  #current: Request[] = []
  #turns: Promise<void> | undefined
  #turnDue = false
  #unwritten = 0
  #pausing = false

  constructor (path: string, concurrency: number, backoff: number) {
    this.#path = path
    this.#concurrency = concurrency
    this.#backoff = backoff
    this.#refusal = this.#error('is not open. Use it after the plugin is registered and before the server closes')
  }

  async open (handler: DeliveryHandler): Promise<void> {
    const fix = 'Create one inbox for each registration of the plugin, each with its own file'
    if (this.#opening !== undefined) throw this.#error(`was opened before. ${fix}`)
    this.#opening = this.#open(handler)
    await this.#opening
  }

  async #open (handler: DeliveryHandler): Promise<void> {
    loadSqlite()
    const thread = startThread(this.#path)
    const opened = once(thread, 'message').then(() => undefined, (error: Error) => error)
    const inTime = await settlesWithin(opened, deadlines.open)
    if (!inTime) stop(thread)
    const error = inTime ? await opened : this.#error(`did not open within ${deadlines.open} ms. Check its disk`)
    if (error !== undefined) throw toInboxError(error)
    thread.on('error', ({ message }) => { this.#refuse(this.#error(`has failed: ${message}. Restart the server`)) })
    thread.unref()
    this.#opened = { thread, handler }
    this.#refusal = undefined
  }

  start (): void {
    if (this.#refusal !== undefined) throw this.#refusal
    this.#running = true
    this.#schedule()
  }

  add (entry: InboxEntry) { return this.#request<boolean>(['add', entry, Date.now()]) }
  pendingCount () { return this.#request<number>(['pendingCount']) }
  deadLetterCount () { return this.#request<number>(['deadLetterCount']) }
  deadLetters (page: PageQuery) { return this.#request<DeadLetterEntry[]>(['deadLetters', page]) }
  retry (key: string) { return this.#request<number>(['retry', key, Date.now()]) }
  discard (key: string) { return this.#request<number>(['discard', key]) }

  async close (timeout: number): Promise<void> {
    this.#closing ??= this.#close(timeout)
    await this.#closing
  }

  async #close (timeout: number): Promise<void> {
    // The caller of `open` got the error.
    await this.#opening?.catch(() => {})
    if (this.#opened === undefined) return
    this.#running = false
    for (const timer of this.#timers) clearTimeout(timer)
    await settlesWithin(Promise.all(this.#deliveries), timeout)
    const { thread } = this.#opened
    const closed = Promise.resolve(this.#turns).then(() => {
      this.#refuse(this.#error('is closed'))
      thread.ref()
      thread.postMessage('close')
      return once(thread, thread instanceof Worker ? 'exit' : 'close')
    })
    if (await settlesWithin(closed.catch(() => {}), deadlines.close)) return
    this.#refuse(this.#error(`did not close within ${deadlines.close} ms. Check its disk`))
    stop(thread)
  }

  async #request<Result> (call: Call): Promise<Result> {
    if (this.#refusal !== undefined) throw this.#refusal
    // The method of the store returns it.
    return await this.#push(call) as Result
  }

  #push (call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#requests.push({ call, resolve, reject })
      this.#schedule()
    })
  }

  #schedule (): void {
    this.#turnDue = true
    if (this.#refusal !== undefined || this.#opened === undefined) return
    this.#turns ??= this.#takeTurns(this.#opened.thread, this.#opened.handler).catch(() => {})
  }

  async #takeTurns (thread: Thread, handler: DeliveryHandler): Promise<void> {
    thread.ref()
    while (this.#turnDue) {
      this.#turnDue = false
      // Requests of one turn of the event loop share a turn of the thread.
      await setImmediate()
      const overdue = this.#error(`did not answer within ${deadlines.turn} ms. Check its disk`)
      const deadline = setTimeout(() => { this.#refuse(overdue) }, deadlines.turn)
      thread.postMessage(this.#nextTurn())
      const [reply] = await once(thread, 'message').finally(() => { clearTimeout(deadline) })
      this.#conclude(reply, handler)
    }
    this.#turns = undefined
    thread.unref()
  }

  #nextTurn (): Turn {
    this.#current = this.#requests.splice(0)
    const canDeliver = this.#running && this.#unwritten < unwrittenAtMost
    return {
      calls: this.#current.map(({ call }) => call),
      finished: this.#finished.splice(0),
      resumed: this.#resumed.splice(0),
      free: canDeliver ? this.#concurrency - this.#deliveries.size : 0,
      now: Date.now()
    }
  }

  #conclude ({ results, unwritten, entries, more, error }: Reply, handler: DeliveryHandler): void {
    // The reply may be late.
    if (this.#closing === undefined) this.#refusal = undefined
    for (const [index, { resolve, reject }] of this.#current.entries()) {
      const result = results[index]
      if (result instanceof Error) reject(toInboxError(result))
      else resolve(result)
    }
    this.#unwritten = unwritten
    for (const entry of entries) this.#begin(entry, handler)
    if (more) this.#schedule()
    if (error === undefined || this.#pausing) return
    this.#pausing = true
    logError(handler.log, 'error', error, {}, 'cannot use the inbox; retrying')
    this.#later(pauseMs, () => { this.#pausing = false })
  }

  #refuse (error: InboxError): void {
    this.#refusal = error
    for (const { reject } of [...this.#current, ...this.#requests]) reject(error)
  }

  #begin (entry: PendingEntry, handler: DeliveryHandler): void {
    const { id, orderingKey, attempts, dueAt } = entry
    if (!this.#running) return
    // The clock may have been changed since the attempt.
    const pause = dueAt && Math.min(dueAt - Date.now(), longestBackoffDelay(attempts, this.#backoff))
    if (pause > 0) return this.#resumeLater({ id, orderingKey, attempts }, pause)
    const delivery = this.#deliver(entry, handler).finally(() => {
      this.#deliveries.delete(delivery)
      this.#schedule()
    })
    this.#deliveries.add(delivery)
  }

  async #deliver (entry: PendingEntry, handler: DeliveryHandler): Promise<void> {
    const { id, key, orderingKey, name, body, revision, storedAt, damaged } = entry
    const stored = { key, orderingKey, name, body, revision }
    const attempt = entry.attempts + 1
    const failed = damaged
      ? { error: this.#error(`has a damaged entry: ${key}. Discard it`) }
      : await handler.deliver({ ...stored, attempt, storedAt }).then(() => undefined, (error: unknown) => ({ error }))
    if (failed !== undefined && !damaged && attempt < handler.attempts) {
      const pause = backoffDelay(attempt, this.#backoff)
      this.#push(['postpone', id, attempt, Date.now() + pause]).catch(() => {})
      return this.#resumeLater({ id, orderingKey, attempts: attempt }, pause)
    }
    this.#finished.push({ id, orderingKey })
    if (failed === undefined) {
      this.#push(['remove', id]).catch(() => {})
      return
    }
    await this.#push(['bury', id, attempt, errorMessage(failed.error), Date.now()]).catch(() => {})
    // A closed inbox has not stored the dead letter.
    if (this.#refusal === undefined) await handler.onDeadLetter(stored, failed.error, attempt)
  }

  // Keeps no more of the entry: many may wait, and their bodies may be long.
  #resumeLater (resumed: Turn['resumed'][number], pause: number): void {
    this.#later(pause, () => { this.#resumed.push(resumed) })
  }

  #later (delay: number, act: () => void): void {
    if (!this.#running) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
      this.#schedule()
    }, delay)
    this.#timers.add(timer)
  }

  #error (problem: string) { return new InboxError(`The inbox at ${this.#path} ${problem}`) }
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

// An error loses its class on its way from the thread.
function toInboxError ({ message, cause }: Error): InboxError { return new InboxError(message, { cause }) }

function stop (thread: Thread): void {
  if (thread instanceof Worker) thread.terminate()
}
