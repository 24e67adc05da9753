import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'
import { inTime } from '../util/in-time.ts'
import { logError } from '../util/logging.ts'
import type { FindInstances, ResolvedPoll } from './options.ts'
import type { Poller } from './poller.ts'

/** What a set of pollers needs from the registration that it belongs to. */
export interface PollerSetContext {
  readonly log: FastifyBaseLogger
  create (instance: ResolvedPoll): Poller
  /** Whether another registration of the scope polls the instance. */
  isPolled (instance: ResolvedPoll): boolean
}

/** The times of a set of pollers, in milliseconds. */
interface Times {
  readonly interval: number
  /** How long a call may take. */
  readonly timeout: number
}

/** Polls the instances that the function of the option `poll` returns, which it calls every minute. */
export class PollerSet {
  readonly #findInstances: FindInstances
  readonly #context: PollerSetContext
  readonly #times: Times
  readonly #stopping = new AbortController()
  /** By instance. A poller that stops is here until it has stopped. */
  readonly #pollers = new Map<string, { readonly instance: ResolvedPoll, readonly poller: Poller }>()

  constructor (
    findInstances: FindInstances, context: PollerSetContext, times: Times = { interval: 60_000, timeout: 10_000 }
  ) {
    this.#findInstances = findInstances
    this.#context = context
    this.#times = times
  }

  polls (instance: ResolvedPoll): boolean {
    return this.#pollers.has(keyOf(instance))
  }

  start (): void {
    this.#run()
  }

  /** Stops all pollers like `Poller.stop`. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    await Promise.all([...this.#pollers.values()].map(({ poller }) => poller.stop()))
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    const { interval, timeout } = this.#times
    while (!signal.aborted) {
      try {
        const instances = await inTime(this.#findInstances(), timeout, 'the function `poll`')
        if (!signal.aborted) this.#update(instances)
      } catch (error) {
        logError(this.#context.log, 'error', error, {}, 'poll lookup failed, the instances stay as they are')
      }
      await sleep(interval, undefined, { signal }).catch(() => {})
    }
  }

  #update (instances: readonly ResolvedPoll[]): void {
    for (const [key, { instance, poller }] of this.#pollers) {
      if (instances.some((each) => isDeepStrictEqual(each, instance))) continue
      poller.stop().then(() => { this.#pollers.delete(key) })
    }
    for (const instance of instances) {
      // One that changed starts with the next call, when its poller has stopped.
      if (!this.polls(instance)) this.#start(instance)
    }
  }

  #start (instance: ResolvedPoll): void {
    const { log, create, isPolled } = this.#context
    const { idInstance } = instance
    if (isPolled(instance)) {
      log.error({ idInstance }, 'another registration in this scope polls this instance, so it is not polled twice')
      return
    }
    const poller = create(instance)
    this.#pollers.set(keyOf(instance), { instance, poller })
    poller.start()
  }
}

function keyOf ({ apiUrl, idInstance }: ResolvedPoll): string {
  return `${apiUrl} ${idInstance}`
}
