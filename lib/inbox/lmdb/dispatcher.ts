import { settlesWithin } from '../../util/settles-within.ts'
import { logError } from '../../util/logging.ts'
import { errorMessage } from '../../util/error-message.ts'
import { backoffDelay } from '../../util/backoff.ts'
import type { DeliveryHandler } from '../inbox.ts'
import { Chats, type Ready } from './chat-order.ts'
import { Settlements, storePause } from './retrying-writer.ts'
import type { Pending, Store } from './store.ts'
import { Upcoming } from './read-ahead.ts'

/** How many are looked at before other work gets a turn. */
const lookedAtOnce = 512

/** What it asks of the store. */
type Shelf = Pick<Store, 'read' | 'get' | 'pass' | 'takePassed' | 'remove' | 'update' | 'bury'>

/**
 * Delivers what is in the store: in order where the ordering key is the same, side by side
 * otherwise, again where it failed.
 *
 * What is pending stays on disk. A position goes through it once, from the oldest on, and what
 * can be begun is begun. What must wait for something of the same ordering key is passed over,
 * and taken up when that is settled. In memory are only what is at work, a bounded number that
 * comes next, and the ordering keys that wait for another attempt.
 */
export class Dispatcher {
  readonly #store: Shelf
  readonly #host: DeliveryHandler
  readonly #concurrency: number
  readonly #backoff: number
  readonly #settlements: Settlements
  readonly #chats: Chats
  readonly #upcoming: Upcoming
  /** Those that were passed over, or waited, and whose turn has come. */
  readonly #ready: Ready[] = []
  /** Whether it is the turn of these, or of those that come next. */
  #readyFirst = true
  #active = 0
  /** How many are being given up, which takes no room. */
  #surrenders = 0
  #running = false
  #idle = () => {}

  constructor (store: Shelf, host: DeliveryHandler, concurrency: number, backoff: number) {
    this.#store = store
    this.#host = host
    this.#concurrency = concurrency
    this.#backoff = backoff
    this.#upcoming = new Upcoming(store)
    this.#settlements = new Settlements(host.log, () => { this.#pump() })
    this.#chats = new Chats(store, this.#settlements, host.log, (ready) => {
      this.#ready.push(ready)
      this.#pump()
    })
  }

  start (): void {
    this.#running = true
    this.#pump()
  }

  /** Begins nothing more, and waits at most `timeout` milliseconds for what is at work. */
  async stop (timeout: number): Promise<void> {
    this.#running = false
    this.#chats.stop()
    this.#settlements.stop()
    if (this.#active + this.#surrenders > 0) await settlesWithin(new Promise<void>((resolve) => { this.#idle = resolve }), timeout)
  }

  /** Takes on what was just stored. */
  arrived (pending: Pending): void {
    this.#upcoming.add(pending)
    this.#pump()
  }

  #hasRoom (): boolean {
    return this.#running && this.#active < this.#concurrency && !this.#settlements.areTooMany
  }

  #pump (): void {
    try {
      for (let looked = 0; this.#hasRoom(); looked++) {
        if (looked === lookedAtOnce) {
          setImmediate(() => { this.#pump() })
          break
        }
        const found = this.#readyFirst ? this.#takeReady() ?? this.#takeNext() : this.#takeNext() ?? this.#takeReady()
        if (found === undefined) break
        this.#readyFirst = !this.#readyFirst
        if (found !== 'held') this.#begin(found)
      }
    } catch (error) {
      logError(this.#host.log, 'error', error, {}, 'the inbox cannot be read, and will be tried again')
      setTimeout(() => { this.#pump() }, storePause).unref()
    }
  }

  #takeReady (): Pending | undefined {
    const [ready] = this.#ready
    const pending = ready && this.#store.get(ready.place)
    this.#ready.shift()
    return pending && { ...pending, ...ready }
  }

  #takeNext (): Pending | 'held' | undefined {
    const next = this.#upcoming.take()
    return next === undefined || this.#chats.claim(next) ? next : 'held'
  }

  #begin (pending: Pending): void {
    this.#active++
    this.#host.deliver({ ...pending, attempt: pending.attempts + 1 })
      .then(() => this.#succeed(pending), (error: unknown) => this.#fail(pending, error))
      .then(() => { this.#end() })
  }

  #end (): void {
    this.#active--
    this.#rest()
    this.#pump()
  }

  #rest (): void {
    if (this.#active + this.#surrenders === 0) this.#idle()
  }

  #succeed (pending: Pending): Promise<void> | undefined {
    this.#settlements.settle(() => this.#store.remove(pending))
    return this.#chats.release(pending)
  }

  #fail (pending: Pending, error: unknown): void {
    const tried = { ...pending, attempts: pending.attempts + 1 }
    if (tried.attempts < this.#host.attempts) return this.#postpone(tried)
    this.#surrenders++
    this.#giveUp(tried, error).then(() => {
      this.#surrenders--
      this.#rest()
    })
  }

  #postpone (pending: Pending): void {
    const postponed = { ...pending, dueAt: Date.now() + backoffDelay(pending.attempts, this.#backoff) }
    this.#settlements.settle(() => this.#store.update(postponed))
    this.#chats.wait(postponed)
  }

  async #giveUp (pending: Pending, error: unknown): Promise<void> {
    const failedAt = Date.now()
    await this.#settlements.settle(() => this.#store.bury(pending, errorMessage(error), failedAt))
    await this.#chats.release(pending)
    await this.#host.onDeadLetter(pending, error, pending.attempts)
  }
}
