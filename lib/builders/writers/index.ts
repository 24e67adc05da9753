import type { EventName } from '../../events/index.ts'
import { buttonReply } from './button-reply.ts'
import { incomingCall, outgoingCall } from './calls.ts'
import { deletedMessage, editedMessage } from './changes.ts'
import { contactMessage, contactsArrayMessage } from './contacts.ts'
import { audioMessage, documentMessage, imageMessage, stickerMessage, videoMessage } from './files.ts'
import { groupInviteMessage } from './group-invite-message.ts'
import {
  avatarInfo, deviceInfo, incomingBlock, quotaExceeded, stateInstanceChanged, statusInstanceChanged
} from './instance.ts'
import { locationMessage } from './location-message.ts'
import { buttonsMessage, interactiveButtons, listMessage, templateMessage } from './menus.ts'
import { outgoingMessageStatus } from './outgoing-message-status.ts'
import { pollMessage, pollUpdateMessage } from './polls.ts'
import { reactionMessage } from './reaction-message.ts'
import { extendedTextMessage, quotedMessage, textMessage } from './texts.ts'
import type { Writer } from './writer.ts'

/** The writer of each kind of notification. If a kind has no writer, this does not compile. */
export const writers = {
  interactiveButtons,
  buttonsMessage,
  templateMessage,
  listMessage,
  buttonReply,
  textMessage,
  extendedTextMessage,
  quotedMessage,
  imageMessage,
  videoMessage,
  documentMessage,
  audioMessage,
  stickerMessage,
  pollMessage,
  pollUpdateMessage,
  locationMessage,
  contactMessage,
  contactsArrayMessage,
  groupInviteMessage,
  reactionMessage,
  editedMessage,
  deletedMessage,
  outgoingMessageStatus,
  incomingCall,
  outgoingCall,
  stateInstanceChanged,
  statusInstanceChanged,
  quotaExceeded,
  deviceInfo,
  avatarInfo,
  incomingBlock
} satisfies { [Name in EventName]: Writer<Name> }

export type Writers = typeof writers
