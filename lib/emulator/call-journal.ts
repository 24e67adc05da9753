import type { ServiceEventBody } from '../builders/index.ts'
import { isObject, type Content } from '../schemas/values.ts'

/** A call as `lastIncomingCalls` and `lastOutgoingCalls` return it. Its content is beside these members. */
export interface CallRecord {
  readonly type: 'incoming' | 'outgoing'
  readonly idMessage: string
  /** Unix time in seconds. */
  readonly timestamp: number
  readonly typeMessage: 'incomingCall' | 'outgoingCall'
  readonly chatId: string
  readonly [member: string]: unknown
}

/** How many calls a journal keeps. */
const capacity = 10_000

/** An instance's calls. Each has the status of its last notification. */
export class CallJournal {
  readonly #records = new Map<string, CallRecord>()

  /** Adds the call of a notification. Ignores notifications that are not of a call. */
  add (body: ServiceEventBody): void {
    const record = toRecord(body)
    if (record === undefined) return
    this.#records.delete(record.idMessage)
    this.#records.set(record.idMessage, record)
    if (this.#records.size <= capacity) return
    const [oldest] = this.#records.keys()
    if (oldest !== undefined) this.#records.delete(oldest)
  }

  /** The calls since `oldest`, Unix time in seconds, latest first. */
  since (oldest: number, type: CallRecord['type']): CallRecord[] {
    return [...this.#records.values()].reverse()
      .filter((record) => record.type === type && record.timestamp >= oldest)
  }
}

function toRecord (body: ServiceEventBody): CallRecord | undefined {
  const { typeWebhook, idMessage = '', timestamp = 0, from, status, isVideo, duration, participants }: Content &
    ServiceEventBody = { ...body }
  if (typeWebhook !== 'incomingCall' && typeWebhook !== 'outgoingCall') return undefined
  const isIncoming = typeWebhook === 'incomingCall'
  return {
    type: isIncoming ? 'incoming' : 'outgoing',
    idMessage,
    timestamp,
    typeMessage: typeWebhook,
    chatId: String(from),
    ...!isIncoming && { duration: duration ?? 0 },
    isVideo: isVideo ?? false,
    // Webhook bodies call the end of an incoming call hangUp.
    status: status === 'hangUp' ? 'hungUp' : status,
    ...isIncoming
      ? { isGroup: false }
      : { participants: Array.isArray(participants) ? participants.map(toParticipant) : [] }
  }
}

function toParticipant (participant: unknown): Content {
  const { id, wid, status }: Content = isObject(participant) ? participant : {}
  return { id: id ?? wid, status }
}
