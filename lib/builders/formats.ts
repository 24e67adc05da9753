import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import { origins } from '../schemas/index.ts'
import type { MessageBody } from './bodies.ts'
import { flatten } from './flatten.ts'

/** A message as `lastIncomingMessages` and `lastOutgoingMessages` return it. Its content is beside these members. */
export interface JournalMessage {
  type: 'incoming' | 'outgoing'
  idMessage: string
  /** Unix time in seconds. */
  timestamp: number
  typeMessage: string
  chatId: string
  [member: string]: unknown
}

/** Options of `toJournalMessage`: members that a webhook body does not have. */
export interface JournalMessageOptions {
  /** The status of an outgoing message. Default: `sent`. */
  statusMessage?: MessageStatus | undefined
  /** Whether an outgoing message was sent through the API. Default: depends on `typeWebhook`. */
  sendByApi?: boolean | undefined
  /** Whether the message was edited. Default: left out. */
  isEdited?: boolean | undefined
  /** Whether the message was deleted. Default: left out. */
  isDeleted?: boolean | undefined
}

/**
 * Converts the webhook body of a message to the journal record of the same message.
 *
 * The content is flat, as in GREEN-API's journals. Buttons have `null` for the members that their type does not have.
 */
export function toJournalMessage (
  body: MessageBody, { statusMessage = 'sent', sendByApi, ...changes }: JournalMessageOptions = {}
): JournalMessage {
  const { typeWebhook, timestamp, idMessage, senderData, messageData } = structuredClone(body)
  const { chatId, sender, senderName, senderContactName } = senderData
  const { direction, sentBy } = origins[typeWebhook]
  const { typeMessage, ...content } = messageData
  return {
    type: direction,
    idMessage,
    timestamp,
    typeMessage,
    chatId,
    ...direction === 'incoming' && { senderId: sender, senderName, senderContactName },
    ...flatten(content, 'journal'),
    ...direction === 'outgoing' && { statusMessage, sendByApi: sendByApi ?? sentBy === 'api' },
    ...changes
  }
}

/** Wraps a webhook body in the queue envelope, as GREEN-API's method `ReceiveNotification` returns it. */
export function toEnvelope<Body> (body: Body, receiptId = 1): { receiptId: number, body: Body } {
  return { receiptId, body }
}
