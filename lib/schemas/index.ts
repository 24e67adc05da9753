import type { Static } from '@sinclair/typebox'
import * as notifications from './notifications.ts'

export { notifications }

/** The map's type. */
export type Notifications = typeof notifications

/** The `data` of the event with this name, before it is typed read-only. */
export type StaticData<Name extends keyof Notifications> = Static<Notifications[Name]['data']>

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
