import type { FastifyBaseLogger } from 'fastify'
import type { Body } from '../body/limited-body.ts'
import type { GreenApiEmitter } from './emitter.ts'
import type { RecognizedNotification } from '../recognition/recognize.ts'

/** How a registration wants its notifications delivered. */
export interface DeliveryOptions {
  /** In milliseconds: how long an attempt waits for its listeners. */
  readonly timeout: number
  /** How often a notification is tried before it is given up. */
  readonly attempts: number
}

/** A notification that was received, on whose terms, and where to write how it went. */
export interface IncomingNotification {
  readonly notification: RecognizedNotification
  /** What it was recognized from. */
  readonly body: Body
  readonly terms: DeliveryOptions
  readonly log: FastifyBaseLogger
}

/** Whether a notification is taken care of. If not, it is to be sent again. */
export type Verdict = boolean

/** Takes care of the notifications of one scope: delivers them at once, or stores them first. */
export interface NotificationHandler {
  /** Whose listeners they are for. */
  readonly emitter: GreenApiEmitter
  /** Whether newcomers are turned away. */
  readonly closing: boolean
  /** Never throws and never rejects. A promise only where there is something to wait for. */
  receive (task: IncomingNotification): Verdict | Promise<Verdict>
  /** Turns newcomers away, and waits for what is under way, no longer than its time. */
  close (): Promise<void>
}
