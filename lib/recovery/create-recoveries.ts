import type { FastifyInstance } from 'fastify'
import type { DeliveryOptions, NotificationHandler } from '../delivery/index.ts'
import type { Credentials } from '../green-api/index.ts'
import type { Inbox } from '../inbox/index.ts'
import { InstanceSet } from '../polling/index.ts'
import { childLog, type LogOptions } from '../util/logging.ts'
import type { ResolvedRecover } from './options.ts'
import { Recovery } from './recovery.ts'

/** The options of a registration that concern recovery. */
export interface RecoveryOptions extends DeliveryOptions, LogOptions {
  readonly recover: ResolvedRecover
}

/** The recovery of an instance, or of a set of them. */
export interface RecoverySource {
  start (): void
  stop (): Promise<void>
}

/**
 * Creates the recoveries of the `recover` option: one for each instance, or a set for a function. They start when the
 * server is ready.
 */
export function createRecoveries (
  app: FastifyInstance, options: RecoveryOptions, handler: NotificationHandler, inbox: Inbox | undefined
): RecoverySource[] {
  const { recover } = options
  const create = (credentials: Credentials) => new Recovery(credentials, {
    handler,
    delivery: options,
    options: recover,
    log: childLog(app, options, { idInstance: credentials.idInstance }),
    lock: async (name, duration) => await inbox?.lock?.(name, duration) ?? true
  })
  const { instances } = recover
  const sources = typeof instances === 'function'
    ? [new InstanceSet(instances, { option: 'recover', create, log: childLog(app, options) })]
    : instances.map(create)
  app.addHook('onReady', async () => {
    // Code that runs right after `await app.ready()` can still subscribe.
    setImmediate(() => { for (const source of sources) source.start() })
  })
  return sources
}
