import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent } from './definition.ts'
import { OpenEnum } from './values.ts'

/** What the contact did. An editor completes the known values; GREEN-API can add others. */
export const ChatState = OpenEnum('blocked', 'unblocked')
export type ChatState = Static<typeof ChatState>

/** The `data` of `incomingBlock`, as GREEN-API sends it. The contact is the event's `chatId`. */
export const IncomingBlock = Type.Object({
  /** What the contact did. */
  chatState: ChatState
})
export type IncomingBlock = Static<typeof IncomingBlock>

/** GREEN-API calls this kind deprecated. */
export const incomingBlock = defineServiceEvent({
  summary: 'a contact that blocked or unblocked the account of the instance',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/IncomingBlock/',
  typeWebhooks: ['incomingBlock'],
  wire: IncomingBlock,
  data: IncomingBlock,
  read: ({ chatState }) => ({ chatState })
})
