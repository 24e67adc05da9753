import type { FastifyInstance } from 'fastify'
import { childLog } from '../util/logging.ts'
import type { ResolvedOptions } from '../options.ts'
import type { NotificationHandler } from '../delivery/receiver.ts'
import { emitPollingStopped } from '../delivery/report.ts'
import { Poller } from './poller.ts'

/** Makes a poller for each instance that a registration polls. They begin once the server is ready, and whoever listens has subscribed. */
export function createPollers (app: FastifyInstance, settings: ResolvedOptions, receiver: NotificationHandler): Poller[] {
  const pollers = settings.polls.map((instance) => makePoller(app, settings, receiver, instance))
  if (pollers.length > 0) {
    app.addHook('onReady', async () => {
      setImmediate(() => { for (const poller of pollers) poller.start() })
    })
  }
  return pollers
}

function makePoller (app: FastifyInstance, settings: ResolvedOptions, receiver: NotificationHandler, instance: ResolvedOptions['polls'][number]): Poller {
  const { idInstance } = instance
  const log = childLog(app, settings, { idInstance })
  return new Poller(instance, {
    receiver,
    terms: settings,
    log,
    onStopped (error) { emitPollingStopped(app.greenApi, { name: 'pollingStopped', idInstance, error }, log) }
  })
}
