/**
 * The map of notifications: every kind that is recognized, under the name of its event.
 *
 * Names, types, validators, the README's table and the OpenAPI description all derive from
 * it. To add a kind, write its definition in the file of its family, or in one of its own,
 * and name it here.
 *
 * It is a module rather than an object, so that published types refer to each definition where
 * it stands: written out in one place, they would lose their descriptions.
 */

// Messages with buttons, and the taps on them
export { interactiveButtons, buttonsMessage, templateMessage, listMessage } from './menus.ts'
export { buttonReply } from './button-reply.ts'

// Texts
export { textMessage, extendedTextMessage, quotedMessage } from './texts.ts'

// Files
export { imageMessage, videoMessage, documentMessage, audioMessage, stickerMessage } from './files.ts'

// Polls, and the votes in them
export { pollMessage, pollUpdateMessage } from './polls.ts'

// Other messages
export { locationMessage } from './location-message.ts'
export { contactMessage, contactsArrayMessage } from './contacts.ts'
export { groupInviteMessage } from './group-invite-message.ts'

// What happens to a message
export { reactionMessage } from './reaction-message.ts'
export { editedMessage, deletedMessage } from './changes.ts'
export { outgoingMessageStatus } from './outgoing-message-status.ts'

// Calls
export { incomingCall, outgoingCall } from './calls.ts'

// The instance, its account and its contacts
export { stateInstanceChanged, statusInstanceChanged } from './instance-state.ts'
export { quotaExceeded } from './quota-exceeded.ts'
export { deviceInfo, avatarInfo } from './device-info.ts'
export { incomingBlock } from './incoming-block.ts'
