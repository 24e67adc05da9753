import type { FastifyInstance } from 'fastify'
import { childLog, type LogOptions } from '../util/logging.ts'
import { emitPollingStopped, type DeliveryOptions, type NotificationHandler } from '../delivery/index.ts'
import type { ResolvedPoll } from './options.ts'
import { Poller } from './poller.ts'

/** The options of a registration that concern polling. */
export interface PollingOptions extends DeliveryOptions, LogOptions {
  readonly polls: readonly ResolvedPoll[]
  /** In bytes. */
  readonly bodyLimit: number
}

/** Creates a poller for each instance in the `poll` option. The pollers start when the server is ready. */
export function createPollers (
  app: FastifyInstance,
  options: PollingOptions,
  handler: NotificationHandler
): Poller[] {
  const pollers = options.polls.map((instance) => createPoller(app, options, handler, instance))
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
