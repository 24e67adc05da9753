import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { isObject, type Content } from '../schemas/values.ts'

function yesOrNo (defaultValue: 'yes' | 'no') {
  return Type.Union([Type.Literal('yes'), Type.Literal('no')], { default: defaultValue })
}

/** A setting whose type differs between GREEN-API's sources, or which is deprecated. */
function anyValue (defaultValue: string | number) {
  return Type.Union([Type.String(), Type.Number(), Type.Boolean()], { default: defaultValue })
}

const webhookSettings = {
  incomingWebhook: yesOrNo('yes'),
  outgoingWebhook: yesOrNo('yes'),
  outgoingMessageWebhook: yesOrNo('yes'),
  outgoingAPIMessageWebhook: yesOrNo('yes'),
  stateWebhook: yesOrNo('yes'),
  pollMessageWebhook: yesOrNo('yes'),
  incomingCallWebhook: yesOrNo('yes'),
  outgoingCallWebhook: yesOrNo('yes'),
  incomingBlockWebhook: yesOrNo('yes'),
  editedMessageWebhook: yesOrNo('yes'),
  deletedMessageWebhook: yesOrNo('yes'),
  deviceWebhook: yesOrNo('yes'),
  statusInstanceWebhook: yesOrNo('yes'),
  avatarInfoWebhook: yesOrNo('yes')
}

/** The name of a setting that turns some notifications of an instance on or off, such as `incomingWebhook`. */
export type WebhookSettingName = keyof typeof webhookSettings

/** The names of all settings that turn notifications on or off. */
// Object.keys is typed as string[].
export const webhookSettingNames = Object.keys(webhookSettings) as WebhookSettingName[]

/**
 * The settings of an instance, as `getSettings` returns them.
 *
 * The defaults are the emulator's: all notifications are on, and there is no `webhookUrl`.
 *
 * @see https://green-api.com/en/docs/api/account/GetSettings/
 */
export const InstanceSettings = Type.Object({
  /** The instance's own account. Empty while the instance is not authorized. */
  wid: Type.String({ default: '' }),
  /** The URL that notifications are posted to. Empty: they are received by polling. */
  webhookUrl: Type.String({ default: '' }),
  /** The token in the `Authorization` header of webhook requests. Empty: no such header. */
  webhookUrlToken: Type.String({ default: '' }),
  /** The pause between two sent messages, in milliseconds: 500 to 600 000. Default: 500 ms. */
  delaySendMessagesMilliseconds: Type.Integer({ minimum: 500, maximum: 600_000, default: 500 }),
  markIncomingMessagesReaded: yesOrNo('no'),
  markIncomingMessagesReadedOnReply: yesOrNo('no'),
  keepOnlineStatus: yesOrNo('no'),
  ...webhookSettings,
  /** Personal chats and accounts have ids such as `120650379300963@lid`, which do not contain the phone number. */
  enableLidMode: yesOrNo('no'),
  catalogWebhook: yesOrNo('no'),
  enableMessagesHistory: yesOrNo('no'),
  linkPreview: yesOrNo('yes'),
  /** From 0 to 10. */
  autoTyping: anyValue(0),
  /** Only for MAX. */
  downloadUrlJpeg: Type.Optional(yesOrNo('no')),
  /** Deprecated. */
  sharedSession: yesOrNo('no'),
  /** Deprecated. */
  countryInstance: anyValue(''),
  /** Deprecated. */
  typeAccount: anyValue(''),
  /** Deprecated. */
  proxyInstance: anyValue('')
})
export type InstanceSettings = Static<typeof InstanceSettings>

/** Settings to change. A setting that is `yes` or `no` can also be a boolean, or 1 or 0. */
export type InstanceSettingsInput = {
  readonly [Name in keyof InstanceSettings]?:
    InstanceSettings[Name] | ('yes' extends InstanceSettings[Name] ? boolean | 0 | 1 : never)
}

const yesOrNoNames = new Set(Object.entries(InstanceSettings.properties)
  .filter(([, schema]) => schema.default === 'yes' || schema.default === 'no')
  .map(([name]) => name))

const otherSpellings = new Map<unknown, 'yes' | 'no'>([
  [true, 'yes'], [1, 'yes'], ['true', 'yes'], ['1', 'yes'],
  [false, 'no'], [0, 'no'], ['false', 'no'], ['0', 'no']
])

/** Spells settings as `getSettings` returns them. Returns a value that is not an object as it is. */
export function normalizeSettings (settings: unknown): unknown {
  if (!isObject(settings)) return settings
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, normalizeSetting(name, value)]))
}

function normalizeSetting (name: string, value: Content[string]): unknown {
  if (yesOrNoNames.has(name)) return otherSpellings.get(value) ?? value
  const isWholeNumber = typeof value === 'string' && /^\d{1,9}$/.test(value)
  return name === 'delaySendMessagesMilliseconds' && isWholeNumber ? Number(value) : value
}

/** The members of a notification that decide which settings apply to it. */
export interface NotificationType {
  readonly typeWebhook: string
  readonly typeMessage?: string | undefined
  /** Only in `outgoingMessageStatus`. */
  readonly status?: string | undefined
}

const byTypeWebhook = new Map<string, WebhookSettingName>([
  ['incomingMessageReceived', 'incomingWebhook'],
  ['outgoingMessageReceived', 'outgoingMessageWebhook'],
  ['outgoingAPIMessageReceived', 'outgoingAPIMessageWebhook'],
  ['outgoingMessageStatus', 'outgoingWebhook'],
  ['stateInstanceChanged', 'stateWebhook'],
  ['statusInstanceChanged', 'statusInstanceWebhook'],
  ['deviceInfo', 'deviceWebhook'],
  ['avatarInfo', 'avatarInfoWebhook'],
  ['incomingCall', 'incomingCallWebhook'],
  ['outgoingCall', 'outgoingCallWebhook'],
  ['incomingBlock', 'incomingBlockWebhook']
])

const byTypeMessage = new Map<string, WebhookSettingName>([
  ['pollMessage', 'pollMessageWebhook'],
  ['pollUpdateMessage', 'pollMessageWebhook'],
  ['editedMessage', 'editedMessageWebhook'],
  ['deletedMessage', 'deletedMessageWebhook']
])

// No setting turns these statuses off.
const alwaysSent = new Set(['failed', 'noAccount'])

/** Returns the settings that must all be `yes` for the notification to be sent. Empty: it is always sent. */
export function requiredSettings (
  { typeWebhook, typeMessage = '', status = '' }: NotificationType
): WebhookSettingName[] {
  if (alwaysSent.has(status)) return []
  return [byTypeWebhook.get(typeWebhook), byTypeMessage.get(typeMessage)].filter((name) => name !== undefined)
}
