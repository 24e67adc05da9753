import { InboxError, InvalidOptionError } from '../../errors.ts'
import { assertPositiveIntegers, assertKnownOptions } from '../../util/check-options.ts'
import type { DeadLetterEntry, PageQuery, Inbox, InboxEntry, DeliveryHandler } from '../inbox.ts'
import { Dispatcher } from './dispatcher.ts'
import { openStore, type Owned } from './open-store.ts'

/** Where an embedded inbox is, and how it delivers. */
export interface LmdbInboxOptions {
  /** The folder that it is in; made where there is none. One process at a time can have it open. */
  path: string
  /** How many notifications are delivered side by side, each of another chat. Default: 16. */
  concurrency?: number | undefined
  /** In milliseconds: the pause before a notification is tried for the second time; each further one is twice as long. Default: 5000. */
  backoff?: number | undefined
}

/**
 * Makes an inbox on this machine's disk, for one process, without a server: in LMDB, of the
 * package `lmdb`, which is to be installed beside this one.
 *
 * @example
 * await app.register(greenApi, { token, inbox: lmdbInbox({ path: './inbox' }) })
 *
 * @throws {InvalidOptionError} where an option is wrong
 */
export function lmdbInbox (options: LmdbInboxOptions): Inbox {
  assertKnownOptions(options, 'lmdbInbox', ['path', 'concurrency', 'backoff'])
  const { path, concurrency = 16, backoff = 5000 } = options
  if (typeof path !== 'string' || path === '') throw new InvalidOptionError('path must be the path of a folder, such as "./inbox"')
  assertPositiveIntegers({ concurrency, backoff })
  return new LmdbInbox(path, concurrency, backoff)
}

/** What there is while it is open. */
interface Opened {
  readonly owned: Owned
  readonly dispatcher: Dispatcher
}

class LmdbInbox implements Inbox {
  readonly #path: string
  readonly #concurrency: number
  readonly #backoff: number
  #opening: Promise<Opened> | undefined
  #opened: Opened | undefined
  #closed: Promise<void> | undefined

  constructor (path: string, concurrency: number, backoff: number) {
    this.#path = path
    this.#concurrency = concurrency
    this.#backoff = backoff
  }

  async open (host: DeliveryHandler): Promise<void> {
    if (this.#opening !== undefined) throw new InboxError('this inbox was opened before: make one for each scope, with a folder of its own')
    this.#opening = openStore(this.#path).then((owned) => (
      { owned, dispatcher: new Dispatcher(owned.store, host, this.#concurrency, this.#backoff) }
    ))
    this.#opened = await this.#opening
  }

  start (): void {
    this.#use().dispatcher.start()
  }

  add (entry: InboxEntry): Promise<boolean> {
    if (this.#opened === undefined) return Promise.reject(this.#notOpen())
    const { owned, dispatcher } = this.#opened
    return owned.store.add(entry, (pending) => { dispatcher.arrived(pending) })
  }

  async pendingCount (): Promise<number> {
    return this.#use().owned.store.size
  }

  async deadLetterCount (): Promise<number> {
    return this.#use().owned.store.deadSize
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return this.#use().owned.store.readDead(page)
  }

  async retry (key: string): Promise<number> {
    const { owned, dispatcher } = this.#use()
    const revived = await owned.store.revive(key)
    for (const pending of revived) dispatcher.arrived(pending)
    return revived.length
  }

  async discard (key: string): Promise<number> {
    return await this.#use().owned.store.discard(key)
  }

  async close (timeout: number): Promise<void> {
    this.#closed ??= this.#close(timeout)
    await this.#closed
  }

  async #close (timeout: number): Promise<void> {
    // Where it could not be opened, whoever opened it was told.
    const opened = await this.#opening?.catch(() => undefined)
    if (opened === undefined) return
    await opened.dispatcher.stop(timeout)
    this.#opened = undefined
    await opened.owned.close()
  }

  #use (): Opened {
    if (this.#opened === undefined) throw this.#notOpen()
    return this.#opened
  }

  #notOpen (): InboxError {
    return new InboxError(`the inbox at ${this.#path} is not open`)
  }
}
