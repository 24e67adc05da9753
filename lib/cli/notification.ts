import { isObject, readText, type Content } from '../schemas/values.ts'

/** The fields of a body that identify a notification. Fields that the body lacks are left out. */
export interface NotificationFields {
  readonly typeWebhook?: string
  readonly typeMessage?: string
  readonly idMessage?: string
  /** The status of a message, or the state of the instance. */
  readonly state?: string
}

/** Accepts any body, valid or not. */
export function readNotificationFields (body: unknown): NotificationFields {
  const content: Content = isObject(body) ? body : {}
  const { typeWebhook, messageData, idMessage, status, stateInstance } = content
  const typeMessage = isObject(messageData) ? messageData.typeMessage : content.typeMessage
  const fields = Object.entries({ typeWebhook, typeMessage, state: status ?? stateInstance, idMessage })
  return Object.fromEntries(fields.map(([name, value]) => [name, readText(value)]).filter(([, text]) => text !== ''))
}

/** Describes a body in a few words. Empty if the body has none of the fields. */
export function describeNotification (body: unknown): string {
  return Object.values(readNotificationFields(body)).join(' ')
}
