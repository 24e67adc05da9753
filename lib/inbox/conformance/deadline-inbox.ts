import assert from 'node:assert/strict'
import { settlesWithin } from '../../util/settles-within.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, PageQuery, Inbox, InboxEntry, DeliveryHandler } from '../inbox.ts'

/**
 * An inbox of which each answer must come, as a promise and before the deadline: a test that hangs
 * tells nothing.
 */
export class DeadlineInbox implements Inbox {
  readonly #inbox: Inbox
  readonly #deadline: number

  constructor (inbox: Inbox, deadline: number) {
    this.#inbox = inbox
    this.#deadline = deadline
  }

  open (host: DeliveryHandler): Promise<void> {
    return this.#wait('open', () => this.#inbox.open(host))
  }

  start (): void {
    this.#inbox.start()
  }

  add (entry: InboxEntry): Promise<boolean> {
    return this.#wait('add', () => this.#inbox.add(entry))
  }

  pendingCount (): Promise<number> {
    return this.#wait('size', () => this.#inbox.pendingCount())
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

  async #wait<Answer> (name: string, ask: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#ask(name, ask)
    const settled = answer.then(() => {}, () => {})
    assert.ok(await settlesWithin(settled, this.#deadline), `${name} has not answered after ${this.#deadline} ms`)
    return await answer
  }

  #ask<Answer> (name: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return ask()
    } catch (error) {
      assert.fail(`${name} has thrown where it is to reject: ${errorMessage(error)}`)
    }
  }
}
