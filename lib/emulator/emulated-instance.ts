import type { Builders, JournalMessage, MessageBody, ServiceEventBody } from '../builders/index.ts'
import type { Device } from '../schemas/devices.ts'
import type { InstanceSettings, InstanceSettingsInput } from '../green-api/index.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import type { Faults } from './faults.ts'

/** How a button is tapped. */
export interface TapOptions {
  /** The customer's device. It decides the `typeMessage` of the notification. Default: `'android'`. */
  readonly device?: Device | undefined
  /** The account that taps. Default: the account that the message was sent to. */
  readonly sender?: string | undefined
}

/** An emulated GREEN-API instance, and the customer who writes to it. */
export interface EmulatedInstance {
  readonly idInstance: string
  readonly apiTokenInstance: string
  readonly settings: Readonly<InstanceSettings>
  readonly stateInstance: InstanceState
  /** The queue of notifications; `size` is how many are not delivered yet. */
  readonly queue: { readonly size: number }
  /** Builds bodies of this instance's notifications. */
  readonly build: Builders
  /**
   * Taps a reply button of a sent message, as the customer, and sends the notification of it.
   *
   * @param idMessage - the id that the send method answered with
   * @param buttonId - the `buttonId` of a button of the type `reply`
   * @returns the body of the notification
   * @throws {Error} if the message has not been sent, does not exist, reached no account or has no
   * buttons; if it has no such button; or if the button's type is not `reply`
   */
  tap (idMessage: string, buttonId: string, options?: TapOptions): MessageBody
  /** Sends a notification, if the settings allow it. A message or a call is also added to the journal. */
  receive (body: MessageBody | ServiceEventBody): void
  /** Returns the journal's messages of one direction, or of both, latest first. It keeps the last 10 000. */
  messages (type?: JournalMessage['type']): JournalMessage[]
  /** Changes the state, and sends a `stateInstanceChanged` notification. */
  changeState (stateInstance: InstanceState): void
  /**
   * Changes some settings, as `setSettings` does. Resolves when they apply, after `settingsDelay`.
   *
   * @throws {InvalidOptionError} (as a rejection) if a setting is unknown or invalid
   */
  applySettings (changes: InstanceSettingsInput): Promise<void>
  /** Posts the first notification of the queue again at once, instead of after the pause of 60 s. */
  retryNow (): void
  /**
   * Replaces the rates of faults. A rate that is not given is 0.
   *
   * @throws {InvalidOptionError} if a fault is unknown or a rate is not from 0 to 1
   */
  setFaults (faults: Faults): void
}
