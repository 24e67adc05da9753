/** The kinds of notifications, in groups. */
export const kindGroups: Readonly<Record<string, readonly string[]>> = {
  Messages: [
    'textMessage', 'extendedTextMessage', 'quotedMessage', 'imageMessage', 'videoMessage', 'documentMessage',
    'audioMessage', 'stickerMessage', 'locationMessage', 'contactMessage', 'contactsArrayMessage',
    'groupInviteMessage', 'pollMessage', 'pollUpdateMessage', 'reactionMessage', 'editedMessage', 'deletedMessage'
  ],
  Menus: ['buttonReply', 'interactiveButtons', 'buttonsMessage', 'templateMessage', 'listMessage'],
  Service: [
    'outgoingMessageStatus', 'incomingCall', 'outgoingCall', 'stateInstanceChanged', 'statusInstanceChanged',
    'quotaExceeded', 'deviceInfo', 'avatarInfo', 'incomingBlock'
  ]
}
