export { createBuilders, toEnvelope, toRecord } from '../builders/index.ts'
export type {
  BodyOf, Builder, Builders, BuildersOptions, ButtonContent, ChatContext, ContentOf, ContextOf, Device, EventContext,
  IdentifiedContext, InstanceMembers, JournalMessage, MessageBody, MessageContext, MessageMembers, QuotedMembers, Quote,
  RecordOptions, RequestOf, SenderMembers, ServiceEventBody, TapOptions, TimedContext
} from '../builders/index.ts'

export { inject } from './inject.ts'
export type { Injected, InjectOptions } from './inject.ts'
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
