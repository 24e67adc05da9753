import * as Type from '@sinclair/typebox'
import { Unchecked, WireBoolean, WireNumber, WireText, isObject, readFirst, type Content } from './values.ts'

/** The instance that sent the notification. `wid` is empty while the instance is not authorized. */
export const InstanceData = Type.Object({
  idInstance: Unchecked(WireText),
  wid: Unchecked(WireText),
  typeInstance: Unchecked(Type.String())
})

/** The chat and the sender of a message. Only MAX and Telegram send the last three members. */
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

/** Whether and how often a message was forwarded. These members are in the content or beside it. */
export const forwarding = {
  isForwarded: Unchecked(WireBoolean),
  forwardingScore: Unchecked(WireNumber)
}

/** A quoted message. Its content has the form of a journal record or of a webhook body. */
export const WireQuotedMessage = Type.Object({
  stanzaId: Unchecked(WireText),
  idMessage: Unchecked(WireText),
  participant: Unchecked(WireText),
  typeMessage: Unchecked(Type.String())
})

/** Whether the value refers to a message. `quotedMessage` can be an object without any reference. */
export function isQuote (value: unknown): value is Content {
  return isObject(value) && (value.stanzaId ?? value.idMessage ?? value.typeMessage ?? value.textMessage) != null
}

/** The id of a quoted message, from `stanzaId` or `idMessage`. `''` if missing. */
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
 * The members of every webhook body. Other members are ignored.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/
 */
export const Webhook = Type.Object({ typeWebhook: Type.String(), ...envelope })

/** The webhook body of a message. */
export const MessageWebhook = Type.Object({
  ...Webhook.properties,
  senderData: Unchecked(SenderData),
  messageData: Type.Object({ typeMessage: Type.String(), quotedMessage: Unchecked(WireQuotedMessage), ...forwarding })
})

/**
 * A journal record, as `lastIncomingMessages` and `lastOutgoingMessages` return it. Its content is beside `idMessage`
 * and not inside `messageData`.
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
