import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Open, Unchecked, WireBoolean, WireText, readBooleans, readTexts } from './values.ts'

/** A status of an outgoing message: those known today complete in the editor, those to come pass. */
export const MessageStatus = Open('sent', 'delivered', 'read', 'failed', 'noAccount', 'notInGroup', 'yellowCard', 'suspended', 'noActiveSession', 'pending')
export type MessageStatus = Static<typeof MessageStatus>

/** What became of an outgoing message, as listeners receive it. */
export const OutgoingMessageStatus = Type.Object({
  /** How far it has come. */
  status: MessageStatus,
  /** Whether the message was sent through the API rather than from the phone. */
  sendByApi: Type.Optional(Type.Boolean()),
  /** Why it failed, in GREEN-API's words. */
  description: Type.Optional(Type.String())
})
export type OutgoingMessageStatus = Static<typeof OutgoingMessageStatus>

/** The members of the webhook body that say it. */
export const WireOutgoingMessageStatus = Type.Object({
  status: MessageStatus,
  sendByApi: Unchecked(WireBoolean),
  description: Unchecked(WireText)
})

/** A change of an outgoing message's status. */
export const outgoingMessageStatus = defineServiceEvent({
  summary: 'what became of a message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/outgoing-message/OutgoingMessageStatus/',
  typeWebhooks: ['outgoingMessageStatus'],
  wire: WireOutgoingMessageStatus,
  data: OutgoingMessageStatus,
  read (wire) {
    const data: OutgoingMessageStatus = { status: wire.status, ...readBooleans(wire, ['sendByApi']), ...readTexts(wire, ['description']) }
    return data
  },
  identity: ({ idMessage }, { status }) => ({ id: idMessage, state: status })
})
