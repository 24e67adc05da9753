import { InboxError } from '../../errors.ts'
import { assertOption, assertPositiveIntegers, assertKnownOptions } from '../../util/check-options.ts'
import type { DeadLetterEntry, PageQuery, Inbox, InboxEntry, DeliveryHandler } from '../inbox.ts'
import { missingPackage } from '../../util/missing-package.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Owned } from './open-store.ts'

/** The options of `lmdbInbox`. */
export interface LmdbInboxOptions {
  /** The folder of the store. Created if it does not exist. Only one process at a time can use it. */
  path: string
  /** How many notifications are delivered at the same time, each of another chat. Default: 16. */
  concurrency?: number | undefined
  /** The delay before the second attempt. Each further delay is twice as long. Default: 5000 ms. */
  backoff?: number | undefined
}

/**
 * Creates an inbox on the local disk, for one process. It needs no server. The package `lmdb` must be installed.
 *
 * @example
 * await app.register(greenApi, { token, inbox: lmdbInbox({ path: './inbox' }) })
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function lmdbInbox (options: LmdbInboxOptions): Inbox {
  assertKnownOptions(options, 'lmdbInbox', ['path', 'concurrency', 'backoff'])
  const { path, concurrency = 16, backoff = 5000 } = options
  assertOption(typeof path === 'string' && path !== '', 'path must be the path of a folder, such as "./inbox"')
  assertPositiveIntegers({ concurrency, backoff })
  return new LmdbInbox(path, concurrency, backoff)
}

/** Exists while the inbox is open. */
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

  async open (handler: DeliveryHandler): Promise<void> {
    if (this.#opening !== undefined) {
      throw new InboxError(
        'This inbox was opened before. Create one inbox for each registration of the plugin, each with its own folder'
      )
    }
    this.#opening = open(this.#path).then((owned) => (
      { owned, dispatcher: new Dispatcher(owned.store, handler, this.#concurrency, this.#backoff) }
    ))
    this.#opened = await this.#opening
  }

  start (): void {
    this.#requireOpen().dispatcher.start()
  }

  add (entry: InboxEntry): Promise<boolean> {
    if (this.#opened === undefined) return Promise.reject(this.#notOpen())
    const { owned, dispatcher } = this.#opened
    return owned.store.add(entry, (pending) => { dispatcher.arrived(pending) })
  }

  async pendingCount (): Promise<number> {
    return this.#requireOpen().owned.store.size
  }

  async deadLetterCount (): Promise<number> {
    return this.#requireOpen().owned.store.deadSize
  }

  async deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return this.#requireOpen().owned.store.readDead(page)
  }

  async retry (key: string): Promise<number> {
    const { owned, dispatcher } = this.#requireOpen()
    const revived = await owned.store.revive(key)
    for (const pending of revived) dispatcher.arrived(pending)
    return revived.length
  }

  async discard (key: string): Promise<number> {
    return await this.#requireOpen().owned.store.discard(key)
  }

  async close (timeout: number): Promise<void> {
    this.#closed ??= this.#close(timeout)
    await this.#closed
  }

  async #close (timeout: number): Promise<void> {
    // The caller of `open` got the error.
    const opened = await this.#opening?.catch(() => undefined)
    if (opened === undefined) return
    await opened.dispatcher.stop(timeout)
    this.#opened = undefined
    await opened.owned.close()
  }

  #requireOpen (): Opened {
    if (this.#opened === undefined) throw this.#notOpen()
    return this.#opened
  }

  #notOpen (): InboxError {
    const fix = 'Use it after the plugin is registered and before the server closes'
    return new InboxError(`The inbox at ${this.#path} is not open. ${fix}`)
  }
}

// The import is here so that a missing package is reported by this package and not by Node.
async function open (path: string): Promise<Owned> {
  try {
    const { openStore } = await import('./open-store.ts')
    return await openStore(path)
  } catch (error) {
    const advice = missingPackage(error, ['lmdb'])
    throw advice === undefined ? error : new InboxError(advice)
  }
}
