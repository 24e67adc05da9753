/**
 * Emulates GREEN-API in the process or on the local machine.
 * @module fastify-green-api/emulator
 */
export { Emulator, type EmulatorEvents } from './emulator.ts'
export type { EmulatorOptions, InstanceOptions, StatusRule } from './options.ts'
export type { Clock, ClockOptions } from './clock.ts'
export type { EmulatedInstance, TapOptions } from './emulated-instance.ts'
export type { Faults } from './faults.ts'
export type { Plan } from './plan.ts'
export type { QueuedNotification, Fault } from './notification-queue.ts'
export type { WebhookAttempt } from './webhook-sender.ts'
export type { InstanceSettings, InstanceSettingsInput, WebhookSettingName } from '../green-api/index.ts'
