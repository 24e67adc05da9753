import { Type, type Static } from '@sinclair/typebox'
import { defineWebhook } from './definition.ts'
import { Maybe, WireText, readText } from './wire.ts'

/** The statuses that GREEN-API documents. */
export type KnownStatus = 'sent' | 'delivered' | 'read' | 'failed' | 'noAccount' | 'notInGroup' | 'yellowCard'

/** A status of an outgoing message: those known today complete in the editor, those to come pass. */
export const Status = Type.Unsafe<KnownStatus | (string & {})>(Type.String())
export type Status = Static<typeof Status>

/** What became of an outgoing message, as listeners receive it. */
export const OutgoingMessageStatus = Type.Object({
  status: Status,
  /** Whether the message was sent through the API rather than from the phone. */
  sendByApi: Type.Optional(Type.Boolean()),
  /** Why it failed, in GREEN-API's words. */
  description: Type.Optional(Type.String())
})
export type OutgoingMessageStatus = Static<typeof OutgoingMessageStatus>

/**
 * The members of the webhook body that say it.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/OutgoingMessageStatus/
 */
export const WireOutgoingMessageStatus = Type.Object({
  status: Status,
  sendByApi: Maybe(Type.Boolean()),
  description: Maybe(WireText)
})

/** A change of an outgoing message's status. */
export const outgoingMessageStatus = defineWebhook({
  typeWebhook: 'outgoingMessageStatus',
  wire: WireOutgoingMessageStatus,
  data: OutgoingMessageStatus,
  read ({ status, sendByApi, description }) {
    const data: OutgoingMessageStatus = { status }
    if (sendByApi != null) data.sendByApi = sendByApi
    if (description != null) data.description = readText(description)
    return data
  },
  identity: ({ status }) => status
})
