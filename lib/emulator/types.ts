import type { InstanceSettings } from '../green-api/instance-settings.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import type { MessageBody, ServiceEventBody } from '../builders/bodies.ts'
import type { Builders } from '../builders/create-builders.ts'
import type { JournalMessage } from '../builders/formats.ts'
import type { Device } from '../builders/ids.ts'
import type { Faults } from './faults.ts'

/** An instance to emulate. */
export interface InstanceOptions {
  /** Default: `1101000001`. */
  readonly idInstance?: string | number | undefined
  /** What its API is called with. Default: `'emulated-token'`. */
  readonly apiTokenInstance?: string | undefined
  /** Its own account. Default: `'79001234567@c.us'`. */
  readonly wid?: string | undefined
  /** The customer's account, and chat, for what `build` makes. Default: `'4915550001234@c.us'`. */
  readonly chatId?: string | undefined
  /** The name that the customer goes by. Default: `'Ada Lovelace'`. */
  readonly senderName?: string | undefined
  /** Default: all notifications are sent, and there is no `webhookUrl` to send them to. */
  readonly settings?: Partial<InstanceSettings> | undefined
  /** Default: `'authorized'`. */
  readonly stateInstance?: InstanceState | undefined
}

/** Who taps, and on what. */
export interface TapOptions {
  /** Decides as what the tap arrives. Default: `'android'`. */
  readonly device?: Device | undefined
  /** Who taps. Default: whom the message was sent to. */
  readonly sender?: string | undefined
}

/** An instance of GREEN-API, and the customer at the other end. */
export interface EmulatedInstance {
  readonly idInstance: string
  readonly apiTokenInstance: string
  readonly settings: Readonly<InstanceSettings>
  readonly stateInstance: InstanceState
  /** The notifications that wait to be taken. */
  readonly queue: { readonly size: number }
  /** Builders of this instance's notifications. */
  readonly build: Builders
  /**
   * Taps a button of a message that has left, as the customer. Returns the notification of it.
   *
   * @throws where there is no such message or button, or one whose taps WhatsApp keeps to itself
   */
  tap (idMessage: string, buttonId: string, options?: TapOptions): MessageBody
  /** Sends a notification, such as `build` makes, if the settings want it sent. A message is noted in the journal too. */
  receive (body: MessageBody | ServiceEventBody): void
  /** The messages as the journals have them, of one direction or both, the latest first. */
  messages (type?: JournalMessage['type']): JournalMessage[]
  /** Changes the instance's state, of which a notification tells. */
  changeState (stateInstance: InstanceState): void
  /** Changes some settings, as `setSettings` does. Resolves when they apply. */
  applySettings (changes: Partial<InstanceSettings>): Promise<void>
  /** Changes how often it misbehaves from now on. */
  setFaults (faults: Faults): void
}
