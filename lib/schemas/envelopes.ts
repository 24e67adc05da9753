import { Type, type Static } from '@sinclair/typebox'
import { Maybe, Unchecked, WireBoolean, WireNumber, WireText } from './values.ts'

/** Which instance sent the notification. `wid` is empty while the instance is not authorized. */
export const InstanceData = Type.Object({
  idInstance: Unchecked(WireText),
  wid: Unchecked(WireText),
  typeInstance: Unchecked(Type.String())
})

/** In which chat the message stands and whose account wrote it. The last three are of MAX and Telegram. */
export const SenderData = Type.Object({
  chatId: Unchecked(WireText),
  sender: Unchecked(WireText),
  chatName: Unchecked(WireText),
  senderName: Unchecked(WireText),
  senderContactName: Unchecked(WireText),
  chatType: Unchecked(Type.String()),
  senderType: Unchecked(Type.String()),
  senderPhoneNumber: Unchecked(WireText)
})

/** Whether and how often a message was forwarded; stands beside its content or in it. */
export const forwarding = {
  isForwarded: Unchecked(WireBoolean),
  forwardingScore: Unchecked(WireNumber)
}

/** The message that another one quotes: its content is spelled as in a journal record, or as in a webhook body. */
export const WireQuotedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  participant: Unchecked(WireText),
  typeMessage: Unchecked(Type.String())
})

const envelope = {
  instanceData: Unchecked(InstanceData),
  /** Unix time in seconds. */
  timestamp: Unchecked(WireNumber),
  idMessage: Maybe(WireText),
  chatId: Unchecked(WireText)
}

/** What surrounds the content of any notification. */
export type Enveloped = Static<ReturnType<typeof Type.Object<typeof envelope>>>

/**
 * What every webhook body has around its content. Members not named here pass unread.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/
 */
export const Webhook = Type.Object({ typeWebhook: Type.String(), ...envelope })
export type Webhook = Static<typeof Webhook>

/** What a webhook body about a message has besides. */
export const MessageWebhook = Type.Composite([Webhook, Type.Object({
  senderData: Unchecked(SenderData),
  messageData: Type.Object({ typeMessage: Type.String(), quotedMessage: Unchecked(WireQuotedMessage), ...forwarding })
})])

/**
 * A journal record, as `lastIncomingMessages` and `lastOutgoingMessages` return it: flat,
 * with the content's object beside `idMessage` rather than inside `messageData`.
 *
 * @see https://green-api.com/en/docs/api/journals/LastOutgoingMessages/
 */
export const JournalRecord = Type.Object({
  type: Maybe(Type.String()),
  typeMessage: Type.String(),
  ...envelope,
  senderId: Unchecked(WireText),
  senderName: Unchecked(WireText),
  senderContactName: Unchecked(WireText),
  chatName: Unchecked(WireText),
  chatType: Unchecked(Type.String()),
  senderType: Unchecked(Type.String()),
  senderPhoneNumber: Unchecked(WireText),
  statusMessage: Unchecked(Type.String()),
  sendByApi: Unchecked(WireBoolean),
  isEdited: Unchecked(WireBoolean),
  isDeleted: Unchecked(WireBoolean),
  quotedMessage: Unchecked(WireQuotedMessage),
  ...forwarding
})
