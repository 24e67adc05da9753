import type { Static } from '@sinclair/typebox'
import * as notifications from './notifications.ts'

export { notifications }

/** The type of the schema map. */
export type Notifications = typeof notifications

/** The `data` of the event with this name, not read-only. */
export type StaticData<Name extends keyof Notifications> = Static<Notifications[Name]['data']>

/** The values of `typeWebhook` of messages, with the direction and the sender that each implies. */
export const origins = {
  incomingMessageReceived: { direction: 'incoming', sentBy: 'contact' },
  outgoingMessageReceived: { direction: 'outgoing', sentBy: 'phone' },
  outgoingAPIMessageReceived: { direction: 'outgoing', sentBy: 'api' }
} as const

/** The type of `origins`. */
export type Origins = typeof origins

/** The names of the messages that are texts. Their `data` is `TextMessage`. */
export const textNames = ['textMessage', 'extendedTextMessage', 'quotedMessage'] as const

/** The `name` of a text. */
export type TextName = typeof textNames[number]

/** A `typeWebhook` of a message. */
export type TypeWebhookOfMessage = keyof Origins
