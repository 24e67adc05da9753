import type { FastifyBaseLogger } from 'fastify'
import type { GreenApiEmitter } from './emitter.ts'
import { ListenerTimeoutError } from '../errors.ts'
import type { Failed, PollingStopped, Unrecognized } from '../events/event-map.ts'
import { settlesWithin } from '../util/settles-within.ts'
import { logError } from '../util/logging.ts'
import type { RecognizedNotification } from '../recognition/recognize.ts'

/** Tells the listeners of `failed` what was given up, and waits for them at most `timeout` milliseconds. Never rejects. */
export async function emitFailed (emitter: GreenApiEmitter, failed: Failed, timeout: number, log: FastifyBaseLogger): Promise<void> {
  const { id } = failed.event
  const reported = Promise.resolve(emitter.deliver(['failed'], failed)).then((error) => {
    if (error !== undefined) logError(log, 'error', error, { id }, 'listeners of failed have failed')
  })
  if (!await settlesWithin(reported, timeout)) logError(log, 'error', new ListenerTimeoutError(timeout), { id }, 'listeners of failed are still at work')
}

/** Tells the listeners of `pollingStopped`, and waits for none of them: they may well close the server. Never throws. */
export function emitPollingStopped (emitter: GreenApiEmitter, stopped: PollingStopped, log: FastifyBaseLogger): void {
  log.error({ err: stopped.error }, stopped.error.message)
  Promise.resolve(emitter.deliver(['pollingStopped'], stopped)).then((error) => {
    if (error !== undefined) logError(log, 'error', error, {}, 'listeners of pollingStopped have failed')
  })
}

/** Tells of what nobody listens for; warns of it where it could not be recognized. */
export function logUnhandled (emitter: GreenApiEmitter, { event, names }: Pick<RecognizedNotification, 'event' | 'names'>, log: FastifyBaseLogger): void {
  if (emitter.countListeners(names) > 0) return
  if (isUnrecognized(event)) log.warn({ id: event.id, reason: event.reason, errors: event.errors }, 'unrecognized notification, and nobody listens for these')
  else log.debug({ name: event.name, id: event.id }, 'nobody listens for this notification')
}

function isUnrecognized (event: RecognizedNotification['event']): event is Unrecognized {
  return event.name === 'unrecognized'
}
