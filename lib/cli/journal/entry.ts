import type { Event, Unrecognized } from '../../events/index.ts'
import { recognize } from '../../recognition/index.ts'
import { readText, type Content } from '../../schemas/values.ts'

/** A message in GREEN-API's journals. */
export interface JournalEntry {
  readonly event: Event | Unrecognized
  readonly chatId: string
  readonly idMessage: string
  readonly incoming: boolean
  /** Such as `read`. Empty for an incoming message. */
  readonly status: string
}

export function toJournalEntry (record: Content): JournalEntry {
  const { event } = recognize(JSON.stringify(record))
  return {
    event,
    chatId: readText(record.chatId),
    idMessage: readText(record.idMessage),
    incoming: record.type === 'incoming',
    status: readText(record.statusMessage)
  }
}
