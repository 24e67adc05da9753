import { RequestError, type Client } from '../../green-api/index.ts'
import { toEntry } from '../../inbox/index.ts'
import { recognize, toRecoveredBody } from '../../recognition/index.ts'
import {
  isMissingJournal, isSent, journalMethods, readJournal, sentStatuses, type InstanceInfo
} from '../../recovery/index.ts'
import { readText, type Content } from '../../schemas/values.ts'
import { catchRequestError } from '../diagnose-request-error.ts'
import type { MissingMessage } from './finding.ts'

/** A message or a call in GREEN-API's journals whose notification must have arrived. */
export interface JournalMessage {
  readonly message: MissingMessage
  /** The key of the notification in an inbox. */
  readonly key: string
  readonly isCall: boolean
}

interface Journals {
  /** The oldest first. */
  readonly messages: readonly JournalMessage[]
  /** Why some journals could not be read. */
  readonly failures: readonly RequestError[]
}

/** How late a notification may be. GREEN-API's journals are up to two minutes late themselves. */
export const graceMs = 3 * 60_000

/** Reads GREEN-API's journals, as many as it returns. */
export async function readMessages (
  client: Client, instance: InstanceInfo, minutes: number, signal: AbortSignal
): Promise<Journals> {
  const messages = new Map<string, JournalMessage>()
  const failures: RequestError[] = []
  // Not in parallel: GREEN-API allows one request per second for each method.
  for (const method of journalMethods) {
    const records = await catchRequestError(readJournal(client, method, minutes, signal))
    if (records instanceof RequestError) {
      if (!isMissingJournal(records)) failures.push(records)
      // Without an answer, the next request would take as long.
      if (records.status === undefined) break
      continue
    }
    const direction = method.startsWith('lastIncoming') ? 'incoming' : 'outgoing'
    const found = records.flatMap((record) => toMessage(record, direction, instance))
    for (const message of found) messages.set(message.key, message)
  }
  return { messages: [...messages.values()].sort(byTime), failures }
}

function byTime ({ message: one }: JournalMessage, { message: other }: JournalMessage): number {
  return one.timestamp - other.timestamp
}

/** Returns an empty list for a record whose notification GREEN-API need not have sent. */
function toMessage (
  record: Content, direction: MissingMessage['direction'], { now, settings, instanceData }: InstanceInfo
): JournalMessage[] {
  const body = toRecoveredBody(instanceData, record)
  const notification = recognize(body)
  const { event } = notification
  // An event without an id cannot be found in an inbox.
  if (event.name === 'unrecognized' || event.idMessage === undefined || event.idMessage === '') return []
  const { name, idMessage, timestamp, chatId = '' } = event
  const isDue = timestamp * 1000 <= now - graceMs && sentStatuses.has(readText(record.statusMessage))
  if (!isDue || !isSent(event, settings)) return []
  const { key } = toEntry(notification, body)
  return [{ message: { idMessage, timestamp, direction, chatId, name }, key, isCall: event.direction === undefined }]
}
