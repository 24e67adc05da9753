import { settlesWithin } from '../../util/settles-within.ts'
import { logError } from '../../util/logging.ts'
import { errorMessage } from '../../util/error-message.ts'
import { backoffDelay, longestBackoffDelay } from '../../util/backoff.ts'
import type { DeliveryHandler } from '../inbox.ts'
import { Chats, type Ready } from './chat-order.ts'
import { Settlements, storePause } from './retrying-writer.ts'
import type { Pending } from './pending.ts'
import type { Store } from './store.ts'
import { Upcoming } from './read-ahead.ts'

/** How many notifications are examined before the event loop gets a turn. */
const lookedAtOnce = 512

/** The part of the store that a dispatcher needs. */
type Shelf = Pick<Store, 'read' | 'get' | 'pass' | 'takePassed' | 'remove' | 'update' | 'bury'>

/**
 * Delivers the notifications in the store: those of one ordering key in order, others concurrently, and failed ones
 * again.
 *
 * Pending notifications stay on disk. The dispatcher reads them once, from the oldest to the newest. It delivers each
 * notification whose ordering key is free, and passes over the others until the key is free. Memory holds only running
 * deliveries, a limited number of next notifications, and the ordering keys that wait for another attempt.
 */
export class Dispatcher {
  readonly #store: Shelf
  readonly #handler: DeliveryHandler
  readonly #concurrency: number
  readonly #backoff: number
  readonly #settlements: Settlements
  readonly #chats: Chats
  readonly #upcoming: Upcoming
  /** Notifications that were passed over or waited, and can be delivered now. */
  readonly #ready: Ready[] = []
  /** Whether the next notification is taken from `#ready` first. Alternates, so that neither source starves. */
  #readyFirst = true
  #active = 0
  /** How many notifications are being moved to the dead letters. They do not count towards the concurrency. */
  #surrenders = 0
  #running = false
  #idle = () => {}

  constructor (store: Shelf, handler: DeliveryHandler, concurrency: number, backoff: number) {
    this.#store = store
    this.#handler = handler
    this.#concurrency = concurrency
    this.#backoff = backoff
    this.#upcoming = new Upcoming(store)
    this.#settlements = new Settlements(handler.log, () => { this.#pump() })
    this.#chats = new Chats(store, this.#settlements, handler.log, (ready) => {
      this.#ready.push(ready)
      this.#pump()
    })
  }

  start (): void {
    this.#running = true
    this.#pump()
  }

  /** Starts no more deliveries, and waits at most `timeout` milliseconds for running ones. */
  async stop (timeout: number): Promise<void> {
    this.#running = false
    this.#chats.stop()
    this.#settlements.stop()
    if (this.#active + this.#surrenders === 0) return
    await settlesWithin(new Promise<void>((resolve) => { this.#idle = resolve }), timeout)
  }

  /** Handles a notification that was just stored. */
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
      logError(this.#handler.log, 'error', error, {}, 'cannot read the inbox; retrying')
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
    return next === undefined || this.#chats.claim(next, this.#remainingPause(next)) ? next : 'held'
  }

  #begin (pending: Pending): void {
    this.#active++
    this.#handler.deliver({ ...pending, attempt: pending.attempts + 1 })
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
    if (tried.attempts < this.#handler.attempts) return this.#postpone(tried)
    this.#surrenders++
    this.#giveUp(tried, error).then(() => {
      this.#surrenders--
      this.#rest()
    })
  }

  #postpone (pending: Pending): void {
    const pause = backoffDelay(pending.attempts, this.#backoff)
    const postponed = { ...pending, dueAt: Date.now() + pause }
    this.#settlements.settle(() => this.#store.update(postponed))
    this.#chats.wait(postponed, pause)
  }

  /**
   * Returns how long a notification from disk still waits. The clock may have been changed since it was stored, so this
   * is never longer than the pause after its last attempt can be.
   */
  #remainingPause ({ attempts, dueAt }: Pending): number {
    if (dueAt === 0) return 0
    return Math.min(Math.max(0, dueAt - Date.now()), longestBackoffDelay(attempts, this.#backoff))
  }

  async #giveUp (pending: Pending, error: unknown): Promise<void> {
    const failedAt = Date.now()
    await this.#settlements.settle(() => this.#store.bury(pending, errorMessage(error), failedAt))
    await this.#chats.release(pending)
    await this.#handler.onDeadLetter(pending, error, pending.attempts)
  }
}
