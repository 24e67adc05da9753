import type { Event, EventMap, EventName, ListenableName, Unrecognized } from '../events/index.ts'

interface Message {
  /** The `app.greenApi` that the message is about. Compare with `===`. */
  readonly emitter: object
}

/**
 * The recognition of a notification that arrived. The same object is published on `start` and, with the
 * event, on `end`.
 *
 * It is not published when an inbox reads a stored body again, or for journal records that recovery reads. It is also
 * published for requests that are answered 401 because of their instance: the instance is known only after recognition.
 */
export interface RecognizeMessage extends Message {
  /** How the notification arrived: `route` is a webhook request, `poll` is polling. */
  readonly source: 'route' | 'poll'
  /**
   * The length of the body in UTF-16 code units, including the queue envelope of a polled one. Absent if
   * the body is larger than `bodyLimit`.
   */
  readonly length?: number
  /** The recognized event; `unrecognized`, with its `reason`, for an invalid body. Absent on `start`. */
  event?: Event | Unrecognized
}

/**
 * An attempt to deliver a notification. The same object is published on every channel of the attempt.
 *
 * The attempt ends when all listeners are done, or when its timeout is over.
 */
export interface DeliverMessage extends Message {
  /** The event that the listeners receive. */
  readonly event: Event | Unrecognized
  /** The number of the attempt, from 1. */
  readonly attempt: number
  /** The number of listeners, under all names of the event. */
  readonly listeners: number
  /**
   * When an inbox stored the notification, or `retry()` sent it again: Unix time in milliseconds. Absent
   * without an inbox.
   */
  readonly storedAt?: number
  /** When the attempt started, as a value of `performance.now()`. */
  readonly startedAt: number
  /** How long the attempt took, in milliseconds. Absent while it is running. */
  duration?: number
  /** The errors of the listeners, including a `ListenerTimeoutError` on timeout. Absent after a success. */
  error?: AggregateError
}

/**
 * A call of a listener. The same object is published at the start of the call and, with `duration` and
 * `error`, at its end.
 */
export interface ListenerMessage extends Message {
  /** The name under which the listener is registered. */
  readonly name: ListenableName
  /** The event that the listener receives. */
  readonly event: EventMap[ListenableName][0]
  /** The listener as passed to `on()` or `once()`. */
  readonly listener: (event: never) => unknown
  /** When the call started, as a value of `performance.now()`. */
  readonly startedAt: number
  /** How long the call took, in milliseconds, until its promise settled. Absent while it is running. */
  duration?: number
  /** What the listener threw, or rejected with. Absent after a success. */
  error?: unknown
}

/**
 * A call of one of GREEN-API's methods by a `Sender`. The same object is published on every channel of the call.
 *
 * It contains neither the token nor anything of the message. A `Sender` does not belong to an application, so there is
 * no `emitter`.
 */
export interface SendMessage {
  /** The instance that sends. */
  readonly idInstance: string
  /** GREEN-API's method, such as `sendMessage`. */
  readonly method: string
  /** When the call started, as a value of `performance.now()`. */
  readonly startedAt: number
  /** The number of requests, including those that were answered 429. 0 if the call was refused before. */
  attempts: number
  /** How long the call took, in milliseconds, including the time that it waited. Absent while it is running. */
  duration?: number
  /** What the call resolved with. Absent while it is running, and after a failure. */
  result?: unknown
  /** A `SendError`. Absent after a success. */
  error?: unknown
}

/** A request that is answered 401, because its token is unknown or belongs to another instance. */
export interface UnauthorizedMessage extends Message {
  /** The instance that the body names. Absent if the request was rejected before its body was read. */
  readonly idInstance?: string
}

/** The result of a notification, published each time it changes. */
export interface OutcomeMessage extends Message {
  /** The notification. */
  readonly event: Event | Unrecognized
  /**
   * The result:
   *
   * - `delivered`: all listeners succeeded, or there are none.
   * - `duplicate`: an exact repeat of a notification that was delivered, dead-lettered or stored before.
   * - `failed`: an attempt failed, and another one follows.
   * - `dead-letter`: the last attempt failed, and the listeners of `failed` were called.
   * - `stored`: the inbox stored it. Its delivery is published as well, sometimes before this message.
   * - `not-stored`: the inbox could not store it. GREEN-API sends it again.
   * - `shutting-down`: it arrived while the server was closing. GREEN-API sends it again.
   *
   * A repeat that arrives while the first one is being delivered joins it, without a message of its own.
   */
  readonly outcome: 'delivered' | 'duplicate' | 'failed' | 'dead-letter' | 'stored' | 'not-stored' | 'shutting-down'
  /** The number of attempts so far. Present for `failed` and `dead-letter`, if known. */
  readonly attempts?: number
  /** The error of the last attempt, or of the inbox. Present for `failed`, `dead-letter` and `not-stored`, if known. */
  readonly error?: unknown
}

/** A pass of recovery over the journals of one instance, published when the pass ends. */
export interface RecoverMessage extends Message {
  /** The instance whose journals were read. */
  readonly idInstance: string
  /**
   * How many notifications waited in GREEN-API's queue when the pass began. Absent if GREEN-API did not answer that
   * request.
   */
  readonly queueSize?: number
  /** How many records the journals had. */
  readonly read: number
  /** How many records were emitted or stored because no notification had brought them, by the `name` of the event. */
  readonly recovered: Readonly<Partial<Record<EventName, number>>>
  /** How many records a notification or an earlier pass had brought. */
  readonly known: number
  /**
   * How many records are left to a later pass: they are younger than `grace`, their notification may still be in
   * GREEN-API's queue, or the message is not sent yet.
   */
  readonly tooYoung: number
  /** How many records could not be delivered or stored. The next pass tries again. */
  readonly failed: number
  /**
   * How many records are not recovered at all: the instance's settings turn their notifications off, they are not
   * recognized or have no id, or they are from before the time that recovery covers.
   */
  readonly ignored: number
  /** How long the pass took, in milliseconds. */
  readonly duration: number
  /** Why a request to GREEN-API failed, or the first such reason. Absent if everything was read. */
  readonly error?: unknown
}
