import { OversizedBody, type Body } from '../body/index.ts'
import { digest, recognize, withRevision, type RecognizedNotification } from '../recognition/index.ts'
import type { InboxEntry, StoredEntry } from './inbox.ts'

/** Returns the entry that an inbox stores for a notification. */
export function toEntry ({ event, checksum }: RecognizedNotification, body: Body): InboxEntry {
  const { id, idInstance, name } = event
  const { chatId = '' } = event
  return {
    key: keyOf(id),
    checksum,
    orderingKey: keyOf(`${idInstance}/${chatId}`),
    name,
    body: body instanceof OversizedBody ? null : body
  }
}

/** Recognizes the notification that an inbox has stored. */
export function toNotification ({ key, revision, body }: StoredEntry): RecognizedNotification {
  return withRevision(recognize(body ?? new OversizedBody(key, false)), revision)
}

/**
 * Returns the key of an id, which every store can hold: the id itself if it is printable ASCII and not too
 * long, otherwise its digest.
 */
export function keyOf (id: string): string {
  return /^[\x21-\x7e]{1,300}$/.test(id) ? id : digest(id)
}
