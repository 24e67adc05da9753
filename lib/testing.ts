export { createBuilders } from './testing/builders.ts'
export type { Builder, Builders, BuildersOptions, RequestOf } from './testing/builders.ts'
export type { Around, AroundChat, AroundId, AroundMessage, AroundMoment, AroundOf, Quote, Tap } from './testing/around.ts'
export type { BodyOf, InstanceMembers, MessageBody, MessageMembers, NoticeBody, QuotedMembers, SenderMembers } from './testing/bodies.ts'
export type { ButtonContent, ContentOf } from './testing/content.ts'
export { toEnvelope, toRecord } from './testing/forms.ts'
export type { MessageRecord, RecordOptions } from './testing/forms.ts'
export type { Device } from './testing/ids.ts'

export { inject } from './testing/inject.ts'
export type { Injected, InjectOptions } from './testing/inject.ts'
export type { Conclusion, ListenerCall } from './testing/conclude.ts'
export type { Injectable } from './testing/entrance.ts'

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
} from './testing/each-builder.ts'
