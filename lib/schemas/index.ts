import type { Static } from '@sinclair/typebox'
import type { Definition } from './definition.ts'
import { buttonReply } from './button-reply.ts'
import { interactiveButtons } from './interactive-buttons.ts'
import { outgoingMessageStatus } from './outgoing-message-status.ts'

/**
 * The map of notifications: every kind that is recognized, under the name of its event.
 *
 * Names, types and validators all derive from it. To add a kind, write its definition in a
 * file of its own and name it here.
 */
export const notifications = {
  interactiveButtons,
  buttonReply,
  outgoingMessageStatus
} as const satisfies Record<string, Definition>

/** The map's type. */
export type Notifications = typeof notifications

/** The `data` of the event with this name. */
export type DataOf<Name extends keyof Notifications> = Static<Notifications[Name]['data']>

/** The values of `typeWebhook` that announce a message, and what each says of its origin. */
export const origins = {
  incomingMessageReceived: { direction: 'incoming', sentBy: 'contact' },
  outgoingMessageReceived: { direction: 'outgoing', sentBy: 'phone' },
  outgoingAPIMessageReceived: { direction: 'outgoing', sentBy: 'api' }
} as const

/** What the values of `typeWebhook` say of a message's origin. */
export type Origins = typeof origins

/** A value of `typeWebhook` that announces a message. */
export type TypeWebhookOfMessage = keyof Origins
