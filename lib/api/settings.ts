import { Type, type Static } from '@sinclair/typebox'

const Switch = Type.Union([Type.Literal('yes'), Type.Literal('no')])

/** The settings that decide which notifications an instance sends. */
export const switchNames = [
  'incomingWebhook', 'outgoingWebhook', 'outgoingMessageWebhook', 'outgoingAPIMessageWebhook', 'stateWebhook',
  'pollMessageWebhook', 'incomingCallWebhook', 'outgoingCallWebhook', 'incomingBlockWebhook', 'editedMessageWebhook',
  'deletedMessageWebhook', 'deviceWebhook', 'statusInstanceWebhook', 'avatarInfoWebhook'
] as const

/** The name of a setting that decides which notifications an instance sends. */
export type SwitchName = (typeof switchNames)[number]

/**
 * The settings of an instance that concern what it sends and how.
 *
 * @see https://green-api.com/en/docs/api/account/GetSettings/
 */
export const InstanceSettings = Type.Object({
  /** The instance's own account; empty while it is not authorized. */
  wid: Type.String(),
  /** Where notifications are posted; empty where they are to be asked for. */
  webhookUrl: Type.String(),
  /** What they carry in the `Authorization` header; empty for none. */
  webhookUrlToken: Type.String(),
  /** In milliseconds: how long the instance pauses between two messages that it sends. */
  delaySendMessagesMilliseconds: Type.Integer({ minimum: 500, maximum: 600_000 }),
  markIncomingMessagesReaded: Switch,
  markIncomingMessagesReadedOnReply: Switch,
  keepOnlineStatus: Switch,
  incomingWebhook: Switch,
  outgoingWebhook: Switch,
  outgoingMessageWebhook: Switch,
  outgoingAPIMessageWebhook: Switch,
  stateWebhook: Switch,
  pollMessageWebhook: Switch,
  incomingCallWebhook: Switch,
  outgoingCallWebhook: Switch,
  incomingBlockWebhook: Switch,
  editedMessageWebhook: Switch,
  deletedMessageWebhook: Switch,
  deviceWebhook: Switch,
  statusInstanceWebhook: Switch,
  avatarInfoWebhook: Switch
})
export type InstanceSettings = Static<typeof InstanceSettings>

/** What a notification says of itself that decides whether it is sent. */
export interface Announcement {
  readonly typeWebhook: string
  readonly typeMessage?: string | undefined
  /** Of a message's status. */
  readonly status?: string | undefined
}

const byTypeWebhook = new Map<string, SwitchName>([
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

const byTypeMessage = new Map<string, SwitchName>([
  ['pollMessage', 'pollMessageWebhook'],
  ['pollUpdateMessage', 'pollMessageWebhook'],
  ['editedMessage', 'editedMessageWebhook'],
  ['deletedMessage', 'deletedMessageWebhook']
])

// Nobody can ask not to be told of these.
const unstoppable = new Set(['failed', 'noAccount'])

/** The settings that must all be `yes` for a notification to be sent; none where it always is. */
export function switchesOf ({ typeWebhook, typeMessage = '', status = '' }: Announcement): SwitchName[] {
  if (unstoppable.has(status)) return []
  return [byTypeWebhook.get(typeWebhook), byTypeMessage.get(typeMessage)].filter((name) => name !== undefined)
}
