import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import { origins } from '../schemas/index.ts'
import type { MessageBody } from './bodies.ts'
import { flatten } from './flatten.ts'

/** A message as `lastIncomingMessages` and `lastOutgoingMessages` return it, its content flat beside these members. */
export interface JournalMessage {
  type: 'incoming' | 'outgoing'
  idMessage: string
  timestamp: number
  typeMessage: string
  chatId: string
  [member: string]: unknown
}

/** What a journal says of a message besides. */
export interface RecordOptions {
  /** Of an outgoing one, how far it has come. Default: `sent`. */
  statusMessage?: MessageStatus | undefined
  /** Of an outgoing one, whether it was sent through the API. Default: what `typeWebhook` says. */
  sendByApi?: boolean | undefined
  /** Whether it was edited since. Default: not said. */
  isEdited?: boolean | undefined
  /** Whether it was deleted since. Default: not said. */
  isDeleted?: boolean | undefined
}

/**
 * The journal record of a message: the same content in its flat spelling. Of the members that the
 * type of a button does not need, a journal has `null`.
 */
export function toRecord (body: MessageBody, { statusMessage = 'sent', sendByApi, ...changes }: RecordOptions = {}): JournalMessage {
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

/** A webhook body as ReceiveNotification returns it. */
export function toEnvelope<Body> (body: Body, receiptId = 1): { receiptId: number, body: Body } {
  return { receiptId, body }
}
