import { Type } from '@sinclair/typebox'
import { Unchecked, WireBoolean, WireNumber, WireText, isObject, readFirst, type Content } from './values.ts'

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
  idMessage: Unchecked(WireText),
  participant: Unchecked(WireText),
  typeMessage: Unchecked(Type.String())
})

/** Whether a value quotes a message: an object may stand there that says nothing of one. */
export function isQuote (value: unknown): value is Content {
  return isObject(value) && (value.stanzaId ?? value.idMessage ?? value.typeMessage ?? value.textMessage) != null
}

/** The id of a quoted message, under either of its names; `''` where the wire has none. */
export function quotedId ({ stanzaId, idMessage }: Content): string {
  return readFirst(stanzaId, idMessage)
}

const envelope = {
  instanceData: Unchecked(InstanceData),
  /** Unix time in seconds. */
  timestamp: Unchecked(WireNumber),
  idMessage: Unchecked(WireText),
  chatId: Unchecked(WireText)
}

/**
 * What every webhook body has around its content. Members not named here pass unread.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/
 */
export const Webhook = Type.Object({ typeWebhook: Type.String(), ...envelope })

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
  type: Unchecked(Type.String()),
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
