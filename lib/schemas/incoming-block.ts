import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { Open } from './values.ts'

/** What a contact did: what is known today completes in the editor, what is to come passes. */
export const ChatState = Open('blocked', 'unblocked')
export type ChatState = Static<typeof ChatState>

/** That a contact, the event's `chatId`, blocked the instance; listeners receive it as GREEN-API spells it. */
export const IncomingBlock = Type.Object({
  /** What the contact did. */
  chatState: ChatState
})
export type IncomingBlock = Static<typeof IncomingBlock>

/** A contact blocked the instance. GREEN-API calls it deprecated. */
export const incomingBlock = defineServiceEvent({
  summary: 'a contact blocked the instance',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/IncomingBlock/',
  typeWebhooks: ['incomingBlock'],
  wire: IncomingBlock,
  data: IncomingBlock,
  read: ({ chatState }) => ({ chatState })
})
