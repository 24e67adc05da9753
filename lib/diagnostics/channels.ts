import type { AsyncLocalStorage } from 'node:async_hooks'
import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { DeliverMessage, RecognizeMessage, SendMessage } from './messages.ts'

// The type parameters of Node's own types have another order since version 26 of @types/node.

/** One of the channels of a `MessageTracing`: Node's `Channel`, with typed messages. */
export interface TracedChannel<Message> {
  /** Whether anyone has subscribed to this channel. */
  readonly hasSubscribers: boolean
  /** Sends a message to each subscriber. */
  publish (message: Message): void
  /** Calls `listener` with each message. */
  subscribe (listener: (message: Message) => void): void
  /** Stops calling `listener`. */
  unsubscribe (listener: (message: Message) => void): void
  /** Fills `store` with the result of `transform` for everything that runs inside `runStores()`. */
  bindStore<Store> (store: AsyncLocalStorage<Store>, transform: (message: Message) => Store): void
  /** Undoes `bindStore()`. */
  unbindStore<Store> (store: AsyncLocalStorage<Store>): void
  /** Publishes `message` and calls `run` with the bound stores filled. Returns what `run` returns. */
  runStores<Result> (message: Message, run: () => Result): Result
}

/** Node's `TracingChannel`, with typed messages. */
export interface MessageTracing<Message> extends Readonly<Record<TracedEvent, TracedChannel<Message>>> {
  /** Whether anyone has subscribed to one of the five channels. */
  readonly hasSubscribers: boolean
  /** Calls each listener with the messages of the channel it is named after. */
  subscribe (listeners: Partial<Record<TracedEvent, (message: Message) => void>>): void
  /** Stops calling these listeners. */
  unsubscribe (listeners: Partial<Record<TracedEvent, (message: Message) => void>>): void
  /** Calls `run`, publishes `message` on the five channels as it starts, ends or fails, and returns its promise. */
  tracePromise<Result> (run: () => Promise<Result>, message: Message): Promise<Result>
}

type TracedEvent = 'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error'

/**
 * The names of the channels, for the functions of `node:diagnostics_channel`.
 *
 * `recognize`, `deliver` and `send` are names for `tracingChannel()`. The others are names for `subscribe()`.
 */
export const channelNames = {
  /** A tracing channel with a `RecognizeMessage`. */
  recognize: 'fastify-green-api:recognize',
  /** A tracing channel with a `DeliverMessage`. */
  deliver: 'fastify-green-api:deliver',
  /** A tracing channel with a `SendMessage`. */
  send: 'fastify-green-api:send',
  /** A channel with a `ListenerMessage`. */
  listenerStart: 'fastify-green-api:listener:start',
  /** A channel with a `ListenerMessage`. */
  listenerEnd: 'fastify-green-api:listener:end',
  /** A channel with an `OutcomeMessage`. */
  outcome: 'fastify-green-api:outcome',
  /** A channel with a `RecoverMessage`. */
  recover: 'fastify-green-api:recover',
  /** A channel with an `UnauthorizedMessage`. */
  unauthorized: 'fastify-green-api:unauthorized'
} as const

/**
 * Traces the recognition of each notification that arrives: `tracing:fastify-green-api:recognize:*`.
 *
 * It publishes a `RecognizeMessage` on `start` and `end`. Recognition is synchronous and never fails, so
 * nothing is published on `error`: an invalid body is recognized as the event `unrecognized`.
 */
export const recognizeChannel = trace<RecognizeMessage>(channelNames.recognize)

/**
 * Traces each attempt to deliver a notification: `tracing:fastify-green-api:deliver:*`.
 *
 * It publishes a `DeliverMessage` in the order of Node's `tracePromise`:
 *
 * - `start`: before the listeners are called.
 * - `end`: when all listeners have returned.
 * - `error`: when a listener failed, or the attempt timed out.
 * - `asyncStart` and then `asyncEnd`: when all listeners are done, or the attempt timed out. If all
 *   listeners are synchronous, right after `end`.
 *
 * A store bound to `start` with `bindStore()` is available in the listeners and in everything they start.
 */
export const deliverChannel = trace<DeliverMessage>(channelNames.deliver)

/**
 * Traces each call of a `Sender`, with its waiting and its retries: `tracing:fastify-green-api:send:*`.
 *
 * It publishes a `SendMessage` in the order of Node's `tracePromise`: `start`, `end`, `error` if the call failed, then
 * `asyncStart` and `asyncEnd`.
 */
export const sendChannel = trace<SendMessage>(channelNames.send)

/**
 * Publishes a `ListenerMessage` before each call of a listener, including listeners of `failed` and
 * `pollingStopped`.
 */
export const listenerStartChannel = channel(channelNames.listenerStart)

/** Publishes the same `ListenerMessage` again after the call, with its duration and error. */
export const listenerEndChannel = channel(channelNames.listenerEnd)

/** Publishes an `OutcomeMessage` for each result of a notification, see its `outcome`. */
export const outcomeChannel = channel(channelNames.outcome)

/** Publishes a `RecoverMessage` at the end of each pass of recovery. */
export const recoverChannel = channel(channelNames.recover)

/** Publishes an `UnauthorizedMessage` for each request that is answered 401. */
export const unauthorizedChannel = channel(channelNames.unauthorized)

function trace<Message> (name: string): MessageTracing<Message> {
  // Node's types do not know what is published under a name.
  return tracingChannel(name) as unknown as MessageTracing<Message>
}
