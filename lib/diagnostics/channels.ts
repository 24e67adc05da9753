import { channel, tracingChannel, type TracingChannel } from 'node:diagnostics_channel'
import type { DeliverMessage, RecognizeMessage } from './messages.ts'

/** The names of the channels, for the functions of `node:diagnostics_channel`. */
export const channelNames = {
  /** For `tracingChannel`: `RecognizeMessage`. */
  recognize: 'fastify-green-api:recognize',
  /** For `tracingChannel`: `DeliverMessage`. */
  deliver: 'fastify-green-api:deliver',
  /** For `subscribe`: `ListenerMessage`. */
  listenerStart: 'fastify-green-api:listener:start',
  /** For `subscribe`: `ListenerMessage`. */
  listenerEnd: 'fastify-green-api:listener:end',
  /** For `subscribe`: `OutcomeMessage`. */
  outcome: 'fastify-green-api:outcome',
  /** For `subscribe`: `RefusalMessage`. */
  refusal: 'fastify-green-api:refusal'
} as const

/**
 * The recognition of each notification that arrives, `tracing:fastify-green-api:recognize:*`.
 *
 * Published are `start` and `end`. Recognition is synchronous and never fails, so that its `error`
 * is silent: what cannot be recognized is an event too.
 */
export const recognizeChannel: TracingChannel<unknown, RecognizeMessage> = tracingChannel(channelNames.recognize)

/**
 * Each attempt to deliver a notification, `tracing:fastify-green-api:deliver:*`.
 *
 * As Node's `tracePromise` publishes: `start` before the listeners are called, `end` when all of them
 * have returned, `asyncStart` and right after it `asyncEnd` when all are done or the time to wait for
 * them is over, which may be at once, and before these `error` where one has failed or time is up.
 * What is bound to `start` with `bindStore` surrounds the listeners and all that they do.
 */
export const deliverChannel: TracingChannel<unknown, DeliverMessage> = tracingChannel(channelNames.deliver)

/** Each call of a listener when it begins, a `ListenerMessage`; those of `failed` and `pollingStopped` included. */
export const listenerStartChannel = channel(channelNames.listenerStart)

/** Each call of a listener when it has ended, the same `ListenerMessage`. */
export const listenerEndChannel = channel(channelNames.listenerEnd)

/** What becomes of each notification, an `OutcomeMessage`. */
export const outcomeChannel = channel(channelNames.outcome)

/** Each request that is answered 401, a `RefusalMessage`. */
export const unauthorizedChannel = channel(channelNames.refusal)
