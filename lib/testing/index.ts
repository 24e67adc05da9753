export { createBuilders } from '../builders/create-builders.ts'
export type { Builder, Builders, BuildersOptions, RequestOf } from '../builders/create-builders.ts'
export type { EventContext, ChatContext, IdentifiedContext, MessageContext, TimedContext, ContextOf, Quote, TapOptions } from '../builders/event-context.ts'
export type { BodyOf, InstanceMembers, MessageBody, MessageMembers, ServiceEventBody, QuotedMembers, SenderMembers } from '../builders/bodies.ts'
export type { ButtonContent, ContentOf } from '../builders/content.ts'
export { toEnvelope, toRecord } from '../builders/formats.ts'
export type { JournalMessage, RecordOptions } from '../builders/formats.ts'
export type { Device } from '../builders/ids.ts'

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
} from '../builders/default-builders.ts'
