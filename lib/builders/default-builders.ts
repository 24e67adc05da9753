import { createBuilders } from './create-builders.ts'

// One by one, so that an editor shows what each is for. Their ids are random, and their time is now.
const builders = createBuilders()

/** Builds a message with interactive buttons, sent through the API unless told otherwise. */
export const interactiveButtons = builders.interactiveButtons
/** Builds a message with legacy buttons. */
export const buttonsMessage = builders.buttonsMessage
/** Builds a message made of a template. */
export const templateMessage = builders.templateMessage
/** Builds a message with a list to choose from. */
export const listMessage = builders.listMessage

/** Builds a tap on a button of a menu, as the device makes it. */
export const buttonReply = builders.buttonReply

/** Builds a text. */
export const textMessage = builders.textMessage
/** Builds a text with a link, and its preview. */
export const extendedTextMessage = builders.extendedTextMessage
/** Builds a text that answers another message. */
export const quotedMessage = builders.quotedMessage

/** Builds an image. */
export const imageMessage = builders.imageMessage
/** Builds a video. */
export const videoMessage = builders.videoMessage
/** Builds a document. */
export const documentMessage = builders.documentMessage
/** Builds a sound, such as a voice message. */
export const audioMessage = builders.audioMessage
/** Builds a sticker. */
export const stickerMessage = builders.stickerMessage

/** Builds a poll. */
export const pollMessage = builders.pollMessage
/** Builds a vote in a poll, with the whole tally. */
export const pollUpdateMessage = builders.pollUpdateMessage

/** Builds a place. */
export const locationMessage = builders.locationMessage
/** Builds a contact. */
export const contactMessage = builders.contactMessage
/** Builds several contacts. */
export const contactsArrayMessage = builders.contactsArrayMessage
/** Builds an invitation to a group. */
export const groupInviteMessage = builders.groupInviteMessage

/** Builds a reaction to a message. */
export const reactionMessage = builders.reactionMessage
/** Builds the new content of a message that was edited. */
export const editedMessage = builders.editedMessage
/** Builds a message's deletion. */
export const deletedMessage = builders.deletedMessage

/** Builds what became of a message that was sent. */
export const outgoingMessageStatus = builders.outgoingMessageStatus

/** Builds a call that comes in. */
export const incomingCall = builders.incomingCall
/** Builds a call that goes out. */
export const outgoingCall = builders.outgoingCall

/** Builds a change of the instance's state. */
export const stateInstanceChanged = builders.stateInstanceChanged
/** Builds a change of the status of the instance's connection. */
export const statusInstanceChanged = builders.statusInstanceChanged
/** Builds a quota that is used up. */
export const quotaExceeded = builders.quotaExceeded

/** Builds what device the instance is on. */
export const deviceInfo = builders.deviceInfo
/** Builds a contact's new picture. */
export const avatarInfo = builders.avatarInfo
/** Builds a contact's blocking the instance. */
export const incomingBlock = builders.incomingBlock
