import { Type, type Static, type TProperties } from '@sinclair/typebox'

// The notifications that the plugin recognizes, as an application without the plugin would describe them for Fastify's
// validation, according to GREEN-API's documentation.

const InstanceData = Type.Object({
  idInstance: Type.Number(),
  wid: Type.String(),
  typeInstance: Type.String()
})

const SenderData = Type.Object({
  chatId: Type.String(),
  chatName: Type.Optional(Type.String()),
  sender: Type.String(),
  senderName: Type.Optional(Type.String()),
  senderContactName: Type.Optional(Type.String())
})

const button = { buttonId: Type.String(), buttonText: Type.String() }

const Button = Type.Union([
  Type.Object({ type: Type.Literal('copy'), ...button, copyCode: Type.String() }),
  Type.Object({ type: Type.Literal('call'), ...button, phoneNumber: Type.String() }),
  Type.Object({ type: Type.Literal('url'), ...button, url: Type.String() }),
  Type.Object({ type: Type.Literal('reply'), ...button })
])

const Menu = Type.Object({
  titleText: Type.Optional(Type.String()),
  contentText: Type.String(),
  footerText: Type.Optional(Type.String()),
  buttons: Type.Array(Button)
})

const Tap = Type.Object({
  stanzaId: Type.String(),
  selectedIndex: Type.Optional(Type.Integer()),
  selectedId: Type.String(),
  selectedDisplayText: Type.String()
})

const LegacyTap = Type.Object({
  stanzaId: Type.String(),
  selectedButtonId: Type.String(),
  selectedButtonText: Type.String()
})

function Message<TypeMessage extends string, Content extends TProperties> (typeMessage: TypeMessage, content: Content) {
  return Type.Object({
    typeWebhook: Type.Union([
      Type.Literal('incomingMessageReceived'),
      Type.Literal('outgoingMessageReceived'),
      Type.Literal('outgoingAPIMessageReceived')
    ]),
    instanceData: InstanceData,
    timestamp: Type.Integer(),
    idMessage: Type.String(),
    senderData: SenderData,
    messageData: Type.Object({ typeMessage: Type.Literal(typeMessage), ...content })
  })
}

const Forwarding = { forwardingScore: Type.Optional(Type.Integer()), isForwarded: Type.Optional(Type.Boolean()) }

const Text = Type.Object({ textMessage: Type.String(), isTemplateMessage: Type.Optional(Type.Boolean()) })

const ExtendedText = Type.Object({
  text: Type.String(),
  description: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  previewType: Type.Optional(Type.String()),
  jpegThumbnail: Type.Optional(Type.String()),
  stanzaId: Type.Optional(Type.String()),
  participant: Type.Optional(Type.String()),
  ...Forwarding
})

const File = Type.Object({
  downloadUrl: Type.String(),
  caption: Type.Optional(Type.String()),
  fileName: Type.Optional(Type.String()),
  jpegThumbnail: Type.Optional(Type.String()),
  mimeType: Type.Optional(Type.String()),
  isAnimated: Type.Optional(Type.Boolean()),
  ...Forwarding
})

const Location = Type.Object({
  latitude: Type.Number(),
  longitude: Type.Number(),
  nameLocation: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  jpegThumbnail: Type.Optional(Type.String()),
  ...Forwarding
})

const Contact = Type.Object({ displayName: Type.String(), vcard: Type.String(), ...Forwarding })

const GroupInvite = Type.Object({
  groupJid: Type.String(),
  inviteCode: Type.String(),
  inviteExpiration: Type.Unknown(),
  groupName: Type.String(),
  caption: Type.Optional(Type.String()),
  jpegThumbnail: Type.Optional(Type.String())
})

const Poll = Type.Object({
  name: Type.String(),
  options: Type.Array(Type.Object({ optionName: Type.String() })),
  multipleAnswers: Type.Boolean()
})

const PollUpdate = Type.Object({
  stanzaId: Type.String(),
  name: Type.String(),
  votes: Type.Array(Type.Object({ optionName: Type.String(), optionVoters: Type.Array(Type.String()) })),
  multipleAnswers: Type.Boolean()
})

const LegacyMenu = Type.Object({
  contentText: Type.String(),
  footer: Type.Optional(Type.String()),
  buttons: Type.Array(Type.Unknown()),
  ...Forwarding
})

const List = Type.Object({
  contentText: Type.String(),
  title: Type.Optional(Type.String()),
  footer: Type.Optional(Type.String()),
  buttonText: Type.Optional(Type.String()),
  sections: Type.Array(Type.Unknown()),
  ...Forwarding
})

const ListTap = Type.Object({
  stanzaId: Type.String(),
  title: Type.String(),
  listType: Type.Integer(),
  singleSelectReply: Type.String()
})

function ServiceEvent<TypeWebhook extends string, Content extends TProperties> (
  typeWebhook: TypeWebhook,
  content: Content
) {
  return Type.Object({
    typeWebhook: Type.Literal(typeWebhook),
    instanceData: InstanceData,
    timestamp: Type.Optional(Type.Integer()),
    ...content
  })
}

const call = { idMessage: Type.String(), from: Type.String(), status: Type.Optional(Type.String()) }

export const Notification = Type.Union([
  Message('textMessage', { textMessageData: Text }),
  Message('extendedTextMessage', { extendedTextMessageData: ExtendedText }),
  Message('quotedMessage', { extendedTextMessageData: ExtendedText, quotedMessage: Type.Optional(Type.Unknown()) }),
  Message('imageMessage', { fileMessageData: File }),
  Message('videoMessage', { fileMessageData: File }),
  Message('documentMessage', { fileMessageData: File }),
  Message('audioMessage', { fileMessageData: File }),
  Message('stickerMessage', { fileMessageData: File }),
  Message('locationMessage', { locationMessageData: Location }),
  Message('contactMessage', { contactMessageData: Contact }),
  Message('contactsArrayMessage', { messageData: Type.Object({ contacts: Type.Array(Contact), ...Forwarding }) }),
  Message('reactionMessage', {
    extendedTextMessageData: ExtendedText,
    quotedMessage: Type.Object({ stanzaId: Type.String() })
  }),
  Message('groupInviteMessage', { groupInviteMessageData: GroupInvite }),
  Message('pollMessage', { pollMessageData: Poll }),
  Message('pollUpdateMessage', { pollMessageData: PollUpdate }),
  Message('editedMessage', {
    editedMessageData: Type.Object({ textMessage: Type.Optional(Type.String()), stanzaId: Type.String() })
  }),
  Message('deletedMessage', { deletedMessageData: Type.Object({ stanzaId: Type.String() }) }),
  Message('buttonsMessage', { buttonsMessage: LegacyMenu }),
  Message('templateMessage', { templateMessage: LegacyMenu }),
  Message('listMessage', { listMessage: List }),
  Message('interactiveButtons', { interactiveButtons: Menu }),
  Message('interactiveButtonsReply', { interactiveButtonsReply: Menu }),
  Message('interactiveButtonReply', { interactiveButtonReply: Menu }),
  Message('interactiveButtonsResponse', { interactiveButtonsResponse: Tap }),
  Message('templateButtonsReplyMessage', { templateButtonReplyMessage: Tap }),
  Message('templateButtonReplyMessage', { templateButtonReplyMessage: Tap }),
  Message('buttonsResponseMessage', { buttonsResponseMessage: LegacyTap }),
  Message('listResponseMessage', { listResponseMessage: ListTap }),
  ServiceEvent('outgoingMessageStatus', {
    chatId: Type.Optional(Type.String()),
    idMessage: Type.String(),
    status: Type.String(),
    sendByApi: Type.Optional(Type.Boolean()),
    description: Type.Optional(Type.String())
  }),
  ServiceEvent('stateInstanceChanged', { stateInstance: Type.String() }),
  ServiceEvent('statusInstanceChanged', { statusInstance: Type.String() }),
  ServiceEvent('deviceInfo', { deviceData: Type.Object({ platform: Type.String(), battery: Type.Integer() }) }),
  ServiceEvent('deviceInfo', { avatarInfo: Type.Object({ chatId: Type.String(), urlAvatar: Type.String() }) }),
  ServiceEvent('incomingCall', call),
  ServiceEvent('outgoingCall', call),
  ServiceEvent('incomingBlock', { chatId: Type.String(), chatState: Type.String() }),
  ServiceEvent('quotaExceeded', {
    quotaData: Type.Object({
      method: Type.String(),
      used: Type.Integer(),
      total: Type.Integer(),
      status: Type.String()
    })
  })
])
export type Notification = Static<typeof Notification>
