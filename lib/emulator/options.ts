import type { FastifyServerOptions } from 'fastify'
import type { MessageBody } from '../builders/index.ts'
import type { InstanceSettingsInput } from '../green-api/index.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import type { ClockOptions } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Plan } from './plan.ts'

/**
 * The options of an emulator.
 *
 * @example
 * new Emulator({ clock: { speed: 60 }, faults: { duplicates: 0.1 }, seed: 1 })
 */
export interface EmulatorOptions {
  /** The instances to emulate, each with its own `idInstance`. Default: `[{}]`, one instance with the defaults. */
  readonly instances?: readonly InstanceOptions[] | undefined
  /** How fast the emulator's time passes, and when it starts. Default: real time, from now. */
  readonly clock?: ClockOptions | undefined
  /** Makes ids and faults the same in every run. Default: they differ in every run. */
  readonly seed?: string | number | undefined
  /** How often each fault is injected. Default: `{}`, no faults. */
  readonly faults?: Faults | undefined
  /** Decides which statuses a sent message gets. Default: `() => ['sent', 'delivered', 'read']`. */
  readonly statuses?: StatusRule | undefined
  /** The delay before changed settings apply, in ms. With GREEN-API it is up to five minutes. Default: 0 ms. */
  readonly settingsDelay?: number | undefined
  /** The delay before each status of a message, in ms. Default: 500 ms. */
  readonly statusDelay?: number | undefined
  /**
   * Whether each method has GREEN-API's limit of calls per second, above which it is answered 429. Default: `false`,
   * only `receiveNotification` and `deleteNotification` have one.
   */
  readonly rateLimits?: boolean | undefined
  /** Fastify's `logger` option, for the API's server. Default: no logs. */
  readonly logger?: FastifyServerOptions['logger']
}

/**
 * Returns the statuses that a sent message gets, in order. Each is sent as an
 * `outgoingMessageStatus`. If `noAccount` is one of them, no `outgoingAPIMessageReceived` is sent,
 * as for a chat without a WhatsApp account.
 *
 * @example
 * new Emulator({ statuses: ({ senderData }) => senderData.chatId === '1@c.us' ? ['noAccount'] : ['sent'] })
 */
export type StatusRule = (message: MessageBody) => readonly MessageStatus[]

/** The networks of instances: WhatsApp, WhatsApp Business API, MAX and Telegram. */
export const typeInstances = ['whatsapp', 'waba', 'v3', 'telegram'] as const

/** The options of an emulated instance. */
export interface InstanceOptions {
  /** Digits only. Default: `'1101000001'`. */
  readonly idInstance?: string | number | undefined
  /** The token in the path of API calls. Default: `'emulated-token'`. */
  readonly apiTokenInstance?: string | undefined
  /**
   * The network: `'whatsapp'`, `'waba'` (WhatsApp Business API), `'v3'` (MAX) or `'telegram'`. Default: `'whatsapp'`.
   */
  readonly typeInstance?: typeof typeInstances[number] | undefined
  /** The account of the instance. Default: `'79001234567@c.us'`. */
  readonly wid?: string | undefined
  /**
   * The customer's account and chat, for bodies made with `build`. Default: `'4915550001234@c.us'`, for MAX and
   * Telegram `'10000000'`.
   */
  readonly chatId?: string | undefined
  /** The customer's name. Default: `'Ada Lovelace'`. */
  readonly senderName?: string | undefined
  /** The settings that differ from the defaults: every notification is sent, no `webhookUrl`, no token. */
  readonly settings?: InstanceSettingsInput | undefined
  /** The state at the start. Messages are sent only in `'authorized'`. Default: `'authorized'`. */
  readonly stateInstance?: InstanceState | undefined
  /** What the instance's plan allows in a month. Default: everything. */
  readonly plan?: Plan | undefined
}
