import type { FastifyInstance } from 'fastify'
import { childLog } from '../util/child-log.ts'
import type { Settings } from '../options.ts'
import type { Receiver } from '../delivery/receiver.ts'
import { reportStopped } from '../delivery/report.ts'
import { Poller } from './poller.ts'

/** Makes a poller for each instance that a registration polls. They begin once the server is ready, and whoever listens has subscribed. */
export function makePollers (app: FastifyInstance, settings: Settings, receiver: Receiver): Poller[] {
  const pollers = settings.polls.map((instance) => makePoller(app, settings, receiver, instance))
  if (pollers.length > 0) {
    app.addHook('onReady', async () => {
      setImmediate(() => { for (const poller of pollers) poller.start() })
    })
  }
  return pollers
}

function makePoller (app: FastifyInstance, settings: Settings, receiver: Receiver, instance: Settings['polls'][number]): Poller {
  const { idInstance } = instance
  const log = childLog(app, settings, { idInstance })
  return new Poller(instance, {
    receiver,
    terms: settings,
    log,
    onStopped (error) { reportStopped(app.greenApi, { name: 'pollingStopped', idInstance, error }, log) }
  })
}
