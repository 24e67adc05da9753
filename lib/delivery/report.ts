import type { FastifyBaseLogger } from 'fastify'
import { ListenerTimeoutError } from '../errors.ts'
import type { Failed, PollingStopped, Unrecognized } from '../events/index.ts'
import type { RecognizedNotification } from '../recognition/index.ts'
import { logError } from '../util/logging.ts'
import { settlesWithin } from '../util/settles-within.ts'
import { callListeners } from './call-listeners.ts'
import { countListeners, type GreenApiEmitter } from './emitter.ts'

/** Emits `failed` and waits for its listeners, at most `timeout` milliseconds. Never rejects. */
export async function emitFailed (
  emitter: GreenApiEmitter,
  failed: Failed,
  timeout: number,
  log: FastifyBaseLogger
): Promise<void> {
  const { name, id } = failed.event
  const finished = Promise.resolve(callListeners(emitter, ['failed'], failed)).then((error) => {
    if (error !== undefined) logError(log, 'error', error, { name, id }, "a listener for 'failed' threw")
  })
  if (await settlesWithin(finished, timeout)) return
  logError(log, 'error', new ListenerTimeoutError(timeout), { name, id }, "a listener for 'failed' timed out")
}

/** Emits `pollingStopped` without waiting for its listeners, which may close the server. Never throws. */
export function emitPollingStopped (emitter: GreenApiEmitter, stopped: PollingStopped, log: FastifyBaseLogger): void {
  log.error({ err: stopped.error }, stopped.error.message)
  Promise.resolve(callListeners(emitter, ['pollingStopped'], stopped)).then((error) => {
    if (error !== undefined) logError(log, 'error', error, {}, "a listener for 'pollingStopped' threw")
  })
}

/** Logs a notification that has no listener: as a warning if it is unrecognized. */
export function logUnhandled (
  emitter: GreenApiEmitter,
  { event, names }: Pick<RecognizedNotification, 'event' | 'names'>,
  log: FastifyBaseLogger
): void {
  if (countListeners(emitter, names) > 0) return
  const { name, id } = event
  if (isUnrecognized(event)) {
    const { reason, errors } = event
    log.warn({ name, id, reason, errors }, "unrecognized notification, no 'unrecognized' listener registered")
  } else {
    log.debug({ name, id }, 'no listener registered for this notification')
  }
}

function isUnrecognized (event: RecognizedNotification['event']): event is Unrecognized {
  return event.name === 'unrecognized'
}
