import { Type, type Static } from '@sinclair/typebox'

/** `yes` or `no`. */
function yesOrNo (usual: 'yes' | 'no') {
  return Type.Union([Type.Literal('yes'), Type.Literal('no')], { default: usual })
}

const switches = {
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

/** The name of a setting that decides which notifications an instance sends. */
export type WebhookSettingName = keyof typeof switches

/** The settings that decide which notifications an instance sends. Of an object's keys, TypeScript forgets the names. */
export const webhookSettingNames = Object.keys(switches) as WebhookSettingName[]

/**
 * The settings of an instance that concern what it sends and how. The defaults are the emulator's:
 * every notification is sent, to nowhere.
 *
 * @see https://green-api.com/en/docs/api/account/GetSettings/
 */
export const InstanceSettings = Type.Object({
  /** The instance's own account; empty while it is not authorized. */
  wid: Type.String({ default: '' }),
  /** Where notifications are posted; empty where they are to be asked for. */
  webhookUrl: Type.String({ default: '' }),
  /** What they carry in the `Authorization` header; empty for none. */
  webhookUrlToken: Type.String({ default: '' }),
  /** In milliseconds: how long the instance pauses between two messages that it sends. */
  delaySendMessagesMilliseconds: Type.Integer({ minimum: 500, maximum: 600_000, default: 500 }),
  markIncomingMessagesReaded: yesOrNo('no'),
  markIncomingMessagesReadedOnReply: yesOrNo('no'),
  keepOnlineStatus: yesOrNo('no'),
  ...switches
})
export type InstanceSettings = Static<typeof InstanceSettings>

/** What a notification says of itself that decides whether it is sent. */
export interface NotificationType {
  readonly typeWebhook: string
  readonly typeMessage?: string | undefined
  /** Of a message's status. */
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

// Nobody can ask not to be told of these.
const alwaysSent = new Set(['failed', 'noAccount'])

/** The settings that must all be `yes` for a notification to be sent; none where it always is. */
export function requiredSettings ({ typeWebhook, typeMessage = '', status = '' }: NotificationType): WebhookSettingName[] {
  if (alwaysSent.has(status)) return []
  return [byTypeWebhook.get(typeWebhook), byTypeMessage.get(typeMessage)].filter((name) => name !== undefined)
}
