import type { Event, Unrecognized } from '../../events/event-map.ts'
import { recognize } from '../../recognition/recognize.ts'
import { readText, type Content } from '../../schemas/values.ts'

/** A message of a journal. */
export interface Recorded {
  readonly event: Event | Unrecognized
  readonly chatId: string
  readonly idMessage: string
  readonly incoming: boolean
  /** How far it has come, where it went out. */
  readonly status: string
}

/** Reads a record as the event that it is. */
export function readRecord (record: Content): Recorded {
  const { event } = recognize(JSON.stringify(record))
  return {
    event,
    chatId: readText(record.chatId),
    idMessage: readText(record.idMessage),
    incoming: record.type === 'incoming',
    status: readText(record.statusMessage)
  }
}
