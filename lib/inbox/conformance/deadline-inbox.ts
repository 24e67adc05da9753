import assert from 'node:assert/strict'
import { settlesWithin } from '../../util/settles-within.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, PageQuery, Inbox, InboxEntry, DeliveryHandler } from '../inbox.ts'

/** Wraps an inbox so that a method that throws or exceeds the deadline fails the test instead of blocking it. */
export class DeadlineInbox implements Inbox {
  readonly #inbox: Inbox
  readonly #deadline: number

  constructor (inbox: Inbox, deadline: number) {
    this.#inbox = inbox
    this.#deadline = deadline
  }

  open (handler: DeliveryHandler): Promise<void> {
    return this.#wait('open', () => this.#inbox.open(handler))
  }

  start (): void {
    this.#inbox.start()
  }

  add (entry: InboxEntry): Promise<boolean> {
    return this.#wait('add', () => this.#inbox.add(entry))
  }

  pendingCount (): Promise<number> {
    return this.#wait('pendingCount', () => this.#inbox.pendingCount())
  }

  deadLetterCount (): Promise<number> {
    return this.#wait('deadLetterCount', () => this.#inbox.deadLetterCount())
  }

  deadLetters (page: PageQuery): Promise<DeadLetterEntry[]> {
    return this.#wait('deadLetters', () => this.#inbox.deadLetters(page))
  }

  retry (key: string): Promise<number> {
    return this.#wait('retry', () => this.#inbox.retry(key))
  }

  discard (key: string): Promise<number> {
    return this.#wait('discard', () => this.#inbox.discard(key))
  }

  close (timeout: number): Promise<void> {
    return this.#wait('close', () => this.#inbox.close(timeout))
  }

  async #wait<Result> (method: string, call: () => Promise<Result>): Promise<Result> {
    const result = this.#call(method, call)
    const settled = result.then(() => {}, () => {})
    assert.ok(await settlesWithin(settled, this.#deadline), `${method} did not settle within ${this.#deadline} ms`)
    return await result
  }

  #call<Result> (method: string, call: () => Promise<Result>): Promise<Result> {
    try {
      return call()
    } catch (error) {
      assert.fail(`${method} must reject instead of throwing: ${errorMessage(error)}`)
    }
  }
}
