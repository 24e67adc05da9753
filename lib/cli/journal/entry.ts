import type { Event, Unrecognized } from '../../events/index.ts'
import { recognize } from '../../recognition/index.ts'
import { isObject, readText, type Content } from '../../schemas/values.ts'

/** A message or a call in GREEN-API's journals. */
export interface JournalEntry {
  readonly event: Event | Unrecognized
  /** Several only for a call to a group whose record has no chatId. */
  readonly chatIds: readonly string[]
  readonly idMessage: string
  readonly incoming: boolean
  /** Such as `read` or `pickUp`. Empty for an incoming message. */
  readonly status: string
}

export function toJournalEntry (record: Content): JournalEntry {
  const { event } = recognize(JSON.stringify(record))
  return {
    event,
    chatIds: chatIdsOf(record),
    idMessage: readText(record.idMessage),
    incoming: record.type === 'incoming',
    status: readText(record.statusMessage) || readText(record.status)
  }
}

// The record of an outgoing call lists its participants.
function chatIdsOf ({ chatId, participants }: Content): string[] {
  if (readText(chatId) !== '' || !Array.isArray(participants)) return [readText(chatId)]
  return participants.filter(isObject).map(({ id }) => readText(id))
}
