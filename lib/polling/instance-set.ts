import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'
import { inTime } from '../util/in-time.ts'
import { logError } from '../util/logging.ts'
import type { Credentials } from '../green-api/index.ts'

/** What a set of instances needs from the registration that it belongs to. */
export interface InstanceSetContext<Instance> {
  /** The option that has the function. */
  readonly option: string
  readonly log: FastifyBaseLogger
  /** Creates what works for an instance, such as its poller. */
  create (instance: Instance): { start (): void, stop (): Promise<void> }
  /** Whether another registration of the scope polls the instance. Default: none does. */
  isPolled? (instance: Instance): boolean
}

/** The times of a set of instances, in milliseconds. */
interface Times {
  readonly interval: number
  /** How long a call may take. */
  readonly timeout: number
}

/** Works for the instances that the function of an option returns, which it calls every minute. */
export class InstanceSet<Instance extends Credentials> {
  readonly #findInstances: () => Promise<readonly Instance[]>
  readonly #context: InstanceSetContext<Instance>
  readonly #times: Times
  readonly #stopping = new AbortController()
  /** By instance. A worker that stops is here until it has stopped. */
  readonly #workers = new Map<string, {
    readonly instance: Instance, readonly worker: ReturnType<InstanceSetContext<Instance>['create']>
  }>()

  constructor (
    findInstances: () => Promise<readonly Instance[]>,
    context: InstanceSetContext<Instance>,
    times: Times = { interval: 60_000, timeout: 10_000 }
  ) {
    this.#findInstances = findInstances
    this.#context = context
    this.#times = times
  }

  polls (instance: Credentials): boolean {
    return this.#workers.has(keyOf(instance))
  }

  start (): void {
    this.#run()
  }

  /** Stops the work for all instances. */
  async stop (): Promise<void> {
    this.#stopping.abort()
    await Promise.all([...this.#workers.values()].map(({ worker }) => worker.stop()))
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    const { interval, timeout } = this.#times
    const { option, log } = this.#context
    while (!signal.aborted) {
      try {
        const instances = await inTime(this.#findInstances(), timeout, `the function \`${option}\``)
        if (!signal.aborted) this.#update(instances)
      } catch (error) {
        logError(log, 'error', error, {}, `${option} lookup failed, the instances stay as they are`)
      }
      await sleep(interval, undefined, { signal }).catch(() => {})
    }
  }

  #update (instances: readonly Instance[]): void {
    for (const [key, { instance, worker }] of this.#workers) {
      if (instances.some((each) => isDeepStrictEqual(each, instance))) continue
      worker.stop().then(() => { this.#workers.delete(key) })
    }
    for (const instance of instances) {
      // One that changed starts with the next call, when its worker has stopped.
      if (!this.polls(instance)) this.#start(instance)
    }
  }

  #start (instance: Instance): void {
    const { log, create, isPolled } = this.#context
    const { idInstance } = instance
    if (isPolled?.(instance) === true) {
      log.error({ idInstance }, 'another registration in this scope polls this instance, so it is not polled twice')
      return
    }
    const worker = create(instance)
    this.#workers.set(keyOf(instance), { instance, worker })
    worker.start()
  }
}

function keyOf ({ apiUrl, idInstance }: Credentials): string {
  return `${apiUrl} ${idInstance}`
}
