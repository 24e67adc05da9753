import { Type, type Static, type TProperties } from '@sinclair/typebox'

// The notifications that the plugin recognizes, as one would write them down from GREEN-API's
// documentation for Fastify to validate.

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

const Status = Type.Object({
  typeWebhook: Type.Literal('outgoingMessageStatus'),
  chatId: Type.Optional(Type.String()),
  instanceData: InstanceData,
  timestamp: Type.Integer(),
  idMessage: Type.String(),
  status: Type.String(),
  sendByApi: Type.Optional(Type.Boolean()),
  description: Type.Optional(Type.String())
})

export const Notification = Type.Union([
  Message('interactiveButtons', { interactiveButtons: Menu }),
  Message('interactiveButtonsReply', { interactiveButtonsReply: Menu }),
  Message('interactiveButtonReply', { interactiveButtonReply: Menu }),
  Message('interactiveButtonsResponse', { interactiveButtonsResponse: Tap }),
  Message('templateButtonsReplyMessage', { templateButtonReplyMessage: Tap }),
  Message('templateButtonReplyMessage', { templateButtonReplyMessage: Tap }),
  Message('buttonsResponseMessage', { buttonsResponseMessage: LegacyTap }),
  Status
])
export type Notification = Static<typeof Notification>
