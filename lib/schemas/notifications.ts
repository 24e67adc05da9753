/**
 * The schema map: every kind of notification under its event name.
 *
 * Event names, types, validators, the table of events and the OpenAPI documents derive from it. To add a kind, write
 * its definition in a file of this folder and export it here.
 *
 * The map is a module, and not an object, so that published types refer to each definition in its own file. In one
 * object literal they would lose their docstrings.
 */

// Messages with buttons, and the replies to them
export { interactiveButtons, buttonsMessage, templateMessage, listMessage } from './menus.ts'
export { buttonReply } from './button-reply.ts'

// Text messages
export { textMessage, extendedTextMessage, quotedMessage } from './texts.ts'

// Files
export { imageMessage, videoMessage, documentMessage, audioMessage, stickerMessage } from './files.ts'

// Polls and votes
export { pollMessage, pollUpdateMessage } from './polls.ts'

// Other messages
export { locationMessage } from './location-message.ts'
export { contactMessage, contactsArrayMessage } from './contacts.ts'
export { groupInviteMessage } from './group-invite-message.ts'

// Changes of a message
export { reactionMessage } from './reaction-message.ts'
export { editedMessage, deletedMessage } from './changes.ts'
export { outgoingMessageStatus } from './outgoing-message-status.ts'

// Calls
export { incomingCall, outgoingCall } from './calls.ts'

// The instance and its contacts
export { stateInstanceChanged, statusInstanceChanged } from './instance-state.ts'
export { quotaExceeded } from './quota-exceeded.ts'
export { deviceInfo, avatarInfo } from './device-info.ts'
export { incomingBlock } from './incoming-block.ts'
