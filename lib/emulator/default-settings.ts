import type { InstanceSettings } from '../api/settings.ts'

/** The settings of an emulated instance where nobody says otherwise: every notification is sent, to nowhere. */
export const defaultSettings: InstanceSettings = {
  wid: '',
  webhookUrl: '',
  webhookUrlToken: '',
  delaySendMessagesMilliseconds: 500,
  markIncomingMessagesReaded: 'no',
  markIncomingMessagesReadedOnReply: 'no',
  keepOnlineStatus: 'no',
  incomingWebhook: 'yes',
  outgoingWebhook: 'yes',
  outgoingMessageWebhook: 'yes',
  outgoingAPIMessageWebhook: 'yes',
  stateWebhook: 'yes',
  pollMessageWebhook: 'yes',
  incomingCallWebhook: 'yes',
  outgoingCallWebhook: 'yes',
  incomingBlockWebhook: 'yes',
  editedMessageWebhook: 'yes',
  deletedMessageWebhook: 'yes',
  deviceWebhook: 'yes',
  statusInstanceWebhook: 'yes',
  avatarInfoWebhook: 'yes'
}
