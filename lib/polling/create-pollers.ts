import type { FastifyInstance } from 'fastify'
import { childLog, type LogOptions } from '../util/logging.ts'
import { emitPollingStopped, type DeliveryOptions, type NotificationHandler } from '../delivery/index.ts'
import { InstanceSet } from './instance-set.ts'
import type { FindInstances, ResolvedPoll } from './options.ts'
import { Poller } from './poller.ts'

/** The options of a registration that concern polling. */
export interface PollingOptions extends DeliveryOptions, LogOptions {
  readonly polls: readonly ResolvedPoll[] | FindInstances
  /** In bytes. */
  readonly bodyLimit: number
}

/** A poller, or a set of them. */
export interface PollingSource {
  polls (instance: ResolvedPoll): boolean
  start (): void
  stop (): Promise<void>
}

/**
 * Creates the pollers of the `poll` option: one for each instance, or a set for a function. They start when the server
 * is ready.
 *
 * @param isPolled whether another registration of the scope polls an instance
 */
export function createPollers (
  app: FastifyInstance,
  options: PollingOptions,
  handler: NotificationHandler,
  isPolled: (instance: ResolvedPoll) => boolean
): PollingSource[] {
  const create = (instance: ResolvedPoll) => createPoller(app, options, handler, instance)
  const { polls } = options
  const pollers = typeof polls === 'function'
    ? [new InstanceSet(polls, { option: 'poll', create, isPolled, log: childLog(app, options) })]
    : polls.map(create)
  if (pollers.length > 0) {
    app.addHook('onReady', async () => {
      // Code that runs right after `await app.ready()` can still subscribe before the first request.
      setImmediate(() => { for (const poller of pollers) poller.start() })
    })
  }
  return pollers
}

function createPoller (
  app: FastifyInstance,
  options: PollingOptions,
  handler: NotificationHandler,
  instance: ResolvedPoll
): Poller {
  const { idInstance } = instance
  const log = childLog(app, options, { idInstance })
  return new Poller(instance, {
    handler,
    delivery: options,
    log,
    onStopped (error) { emitPollingStopped(app.greenApi, { name: 'pollingStopped', idInstance, error }, log) }
  })
}
