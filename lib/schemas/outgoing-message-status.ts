import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { OpenEnum, readOptional, wireOf } from './values.ts'

/** The status of an outgoing message. An editor completes the known values; GREEN-API can add others. */
export const MessageStatus = OpenEnum(
  'sent', 'delivered', 'read', 'failed', 'noAccount', 'notInGroup', 'yellowCard', 'suspended', 'noActiveSession',
  'pending'
)
export type MessageStatus = Static<typeof MessageStatus>

const optional = {
  /** Whether the message was sent through the API, and not from the phone. */
  sendByApi: Type.Optional(Type.Boolean()),
  /** Why the message failed, in GREEN-API's words. */
  description: Type.Optional(Type.String())
}

/** The `data` of `outgoingMessageStatus`. The message is the event's `idMessage`. */
export const OutgoingMessageStatus = Type.Object({
  /** The status. */
  status: MessageStatus,
  ...optional
})
export type OutgoingMessageStatus = Static<typeof OutgoingMessageStatus>

/** The members of a webhook body about the status of a message. */
export const WireOutgoingMessageStatus = Type.Object({ status: MessageStatus, ...wireOf(optional) })

export const outgoingMessageStatus = defineServiceEvent({
  summary: 'the status of an outgoing message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/OutgoingMessageStatus/',
  typeWebhooks: ['outgoingMessageStatus'],
  wire: WireOutgoingMessageStatus,
  data: OutgoingMessageStatus,
  read: (wire) => ({ status: wire.status, ...readOptional(wire, optional) }),
  identity: ({ idMessage }, { status }) => ({ id: idMessage, state: status })
})
