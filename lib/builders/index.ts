export { createBuilders } from './create-builders.ts'
export type { Builder, BuilderContent, Builders, BuildersOptions } from './create-builders.ts'
export type { ContextOf, MessageContext, Quote, TapOptions } from './event-context.ts'
export type { BodyOf } from './body-of.ts'
export type {
  InstanceData, MessageBody, MessageData, QuotedMessageData, SenderData, ServiceEventBody
} from './bodies.ts'
export type { ButtonContent, ContentOf } from './content.ts'
export { toEnvelope, toJournalMessage } from './formats.ts'
export type { JournalMessage, JournalMessageOptions } from './formats.ts'

export {
  interactiveButtons, buttonsMessage, templateMessage, listMessage,
  buttonReply,
  textMessage, extendedTextMessage, quotedMessage,
  imageMessage, videoMessage, documentMessage, audioMessage, stickerMessage,
  pollMessage, pollUpdateMessage,
  locationMessage,
  contactMessage, contactsArrayMessage,
  groupInviteMessage,
  reactionMessage,
  editedMessage, deletedMessage,
  outgoingMessageStatus,
  incomingCall, outgoingCall,
  stateInstanceChanged, statusInstanceChanged,
  quotaExceeded,
  deviceInfo, avatarInfo,
  incomingBlock
} from './default-builders.ts'
export type { Device } from '../schemas/devices.ts'
