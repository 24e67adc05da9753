export { createBuilders, toEnvelope, toJournalMessage } from '../builders/index.ts'
export type {
  BodyOf, Builder, BuilderContent, Builders, BuildersOptions, ButtonContent, ContentOf, ContextOf, Device, InstanceData,
  JournalMessage, JournalMessageOptions, MessageBody, MessageContext, MessageData, QuotedMessageData, Quote, SenderData,
  ServiceEventBody, TapOptions
} from '../builders/index.ts'

export { inject } from './inject.ts'
export type { InjectOptions } from './inject.ts'
export type { InjectResult, ListenerCall } from './outcome.ts'
export type { Injectable } from './target-route.ts'

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
} from '../builders/index.ts'
