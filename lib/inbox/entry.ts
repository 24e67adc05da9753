import { digest } from '../recognition/identity.ts'
import { OversizedBody, type Body } from '../body/limited-body.ts'
import { recognize, type RecognizedNotification } from '../recognition/recognize.ts'
import type { InboxEntry, StoredEntry } from './inbox.ts'

/** A notification, and the body it was recognized from, as an inbox keeps it. */
export function toEntry ({ event, checksum }: RecognizedNotification, body: Body): InboxEntry {
  const { id, idInstance, name } = event
  const chatId = 'chatId' in event ? event.chatId : ''
  return {
    key: keyOf(id),
    checksum,
    orderingKey: keyOf(`${idInstance}/${chatId}`),
    name,
    body: body instanceof OversizedBody ? null : body
  }
}

/** What an inbox keeps, as the notification that it was. */
export function toNotification ({ key, revision, body }: StoredEntry): RecognizedNotification {
  const notification = recognize(body ?? new OversizedBody(key, false))
  Object.assign(notification.event, { revision })
  return notification
}

/** An id as a key that any store can take: the id itself, unless it is long or holds odd characters. */
export function keyOf (id: string): string {
  return /^[\x21-\x7e]{1,300}$/.test(id) ? id : digest(id)
}
