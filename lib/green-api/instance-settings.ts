import { Type, type Static } from '@sinclair/typebox'

function yesOrNo (defaultValue: 'yes' | 'no') {
  return Type.Union([Type.Literal('yes'), Type.Literal('no')], { default: defaultValue })
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
 * The settings of an instance that concern notifications and sending, as `getSettings` returns them.
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
  ...webhookSettings
})
export type InstanceSettings = Static<typeof InstanceSettings>

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
