import { createBuilders } from './create-builders.ts'

// They are exported one by one so that an editor shows the docstring of each.
const builders = createBuilders()

/** Builds a message with interactive buttons. Default for `sentBy`: `api`. */
export const interactiveButtons = builders.interactiveButtons
/** Builds a message with legacy buttons. */
export const buttonsMessage = builders.buttonsMessage
/** Builds a template message. */
export const templateMessage = builders.templateMessage
/** Builds a message with a list of options. */
export const listMessage = builders.listMessage

/** Builds a tap on a reply button, or the selection of a list row. */
export const buttonReply = builders.buttonReply

/** Builds a text message. */
export const textMessage = builders.textMessage
/** Builds a text message with a link preview. */
export const extendedTextMessage = builders.extendedTextMessage
/** Builds a text message that replies to another message. */
export const quotedMessage = builders.quotedMessage

/** Builds an image. */
export const imageMessage = builders.imageMessage
/** Builds a video. */
export const videoMessage = builders.videoMessage
/** Builds a document. */
export const documentMessage = builders.documentMessage
/** Builds a voice message. */
export const audioMessage = builders.audioMessage
/** Builds a sticker. */
export const stickerMessage = builders.stickerMessage

/** Builds a poll. */
export const pollMessage = builders.pollMessage
/** Builds a vote in a poll, with the current votes of all voters. */
export const pollUpdateMessage = builders.pollUpdateMessage

/** Builds a location. */
export const locationMessage = builders.locationMessage
/** Builds a contact. */
export const contactMessage = builders.contactMessage
/** Builds several contacts. */
export const contactsArrayMessage = builders.contactsArrayMessage
/** Builds an invitation to a group. */
export const groupInviteMessage = builders.groupInviteMessage

/** Builds a reaction to a message. */
export const reactionMessage = builders.reactionMessage
/** Builds an edited message. */
export const editedMessage = builders.editedMessage
/** Builds the deletion of a message. */
export const deletedMessage = builders.deletedMessage

/** Builds the status of an outgoing message. */
export const outgoingMessageStatus = builders.outgoingMessageStatus

/** Builds an incoming call. */
export const incomingCall = builders.incomingCall
/** Builds an outgoing call. */
export const outgoingCall = builders.outgoingCall

/** Builds a change of the instance's state. */
export const stateInstanceChanged = builders.stateInstanceChanged
/** Builds a change of the instance's connection status. */
export const statusInstanceChanged = builders.statusInstanceChanged
/** Builds an exceeded quota. */
export const quotaExceeded = builders.quotaExceeded

/** Builds information about the instance's device. */
export const deviceInfo = builders.deviceInfo
/** Builds a contact's new avatar. */
export const avatarInfo = builders.avatarInfo
/** Builds a contact that blocks the instance. */
export const incomingBlock = builders.incomingBlock
