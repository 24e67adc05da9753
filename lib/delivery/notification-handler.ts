import type { FastifyBaseLogger } from 'fastify'
import type { Body } from '../body/index.ts'
import type { RecognizedNotification } from '../recognition/index.ts'
import type { GreenApiEmitter } from './emitter.ts'

/** The delivery options of a registration. */
export interface DeliveryOptions {
  /** How long an attempt waits for its listeners, in milliseconds. */
  readonly timeout: number
  /** How many attempts are made in total. */
  readonly attempts: number
}

/** A notification that arrived, over the route or by polling. */
export interface IncomingNotification {
  readonly notification: RecognizedNotification
  /** The body that the notification was recognized from. */
  readonly body: Body
  readonly options: DeliveryOptions
  readonly log: FastifyBaseLogger
  /** Called if a recovered notification is a duplicate, which is then neither logged nor published. */
  readonly onKnown?: () => void
}

/** Handles the notifications of a scope: delivers them directly, or stores them in an inbox first. */
export interface NotificationHandler {
  readonly emitter: GreenApiEmitter
  /** Whether new notifications are rejected. */
  readonly closing: boolean
  /**
   * Since when every notification is remembered: Unix time in milliseconds. With an inbox, which remembers longer than
   * GREEN-API's journals, it is 0.
   */
  readonly rememberedSince: number
  /** The timestamp of the notification that arrived last, by `idInstance`. Absent unless something needs it. */
  arrivals?: Map<string, number>
  /**
   * Handles a notification. Returns whether it is acknowledged; if not, GREEN-API must send it again.
   *
   * Never throws and never rejects. Returns a promise only if there is something to wait for.
   */
  receive (incoming: IncomingNotification): boolean | Promise<boolean>
  /** Rejects new notifications and waits for running ones, up to their timeout. */
  close (): Promise<void>
}

/** Notes the timestamp of a notification that arrived. One without a timestamp, or a recovered one, is ignored. */
export function noteArrival (
  arrivals: Map<string, number> | undefined, { idInstance, timestamp, recovered }: RecognizedNotification['event']
): void {
  if (arrivals !== undefined && timestamp > 0 && recovered !== true) arrivals.set(idInstance, timestamp)
}
