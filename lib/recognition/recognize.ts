import { crc32 } from 'node:zlib'
import type { Event, ListenableName, Unrecognized, UnrecognizedReason, ValidationIssue } from '../events/event-map.ts'
import { digest, formatIdentity, identifyContent, type Identity } from './identity.ts'
import { interpret } from './interpret.ts'
import { minifyJson, sliceMember } from '../body/json-text.ts'
import { envelopePrefix, OversizedBody, type Body } from '../body/limited-body.ts'
import { isObject, readText, readTimestamp, type Content } from '../schemas/values.ts'

/** A body as read: the event it announces, who is told of it, and what its content sums up to. */
export interface RecognizedNotification {
  readonly event: Event | Unrecognized
  readonly names: readonly ListenableName[]
  readonly identity: Identity
  /** Of the body without the queue envelope: the same where the body is the same. */
  readonly checksum: number
}

/**
 * Reads a request body as the event it announces.
 *
 * Takes a webhook body, one inside the queue envelope `{ receiptId, body }`, or a journal record.
 * Never throws: GREEN-API repeats whatever is refused every minute for a day and holds back all
 * that follows, so a body that cannot be read is an event too.
 */
export function recognize (body: Body): RecognizedNotification {
  if (body instanceof OversizedBody) return unrecognized('too-large', body.digest, undefined)

  let parsed: unknown
  const json = body.startsWith(byteOrderMark) ? body.slice(1) : body
  try {
    parsed = JSON.parse(json)
  } catch {
    const text = withoutBrokenEnvelope(body)
    return unrecognized('not-json', digest(text), text)
  }

  const raw = unwrapEnvelope(parsed)
  const text = canonicalText(json, raw !== parsed)
  const found = interpret(raw)
  if ('reason' in found) return unrecognized(found.reason, digest(text.slice(envelopePrefix(text).length)), raw, found.errors)

  const { event, names, identity = identifyContent(digest(text)) } = found
  if (event.id === '') Object.assign(event, { id: formatIdentity(identity) })
  return { event, names, identity, checksum: crc32(text) }
}

/** The notification as this revision of it; a copy where that is not the revision of its event. */
export function withRevision (notification: RecognizedNotification, revision: number): RecognizedNotification {
  if (notification.event.revision === revision) return notification
  return { ...notification, event: { ...notification.event, revision } }
}

const byteOrderMark = '\uFEFF'

// The queue hands out what would have been posted, each time under another receipt.
function unwrapEnvelope (parsed: unknown): unknown {
  return isObject(parsed) && 'receiptId' in parsed && isObject(parsed.body) ? parsed.body : parsed
}

// The same for what is no JSON. The envelope itself is written well; it may lack its end.
function withoutBrokenEnvelope (text: string): string {
  const [start = ''] = /^\s*\{\s*"receiptId"\s*:\s*"?\d+"?\s*,\s*"body"\s*:/.exec(text) ?? []
  return start === '' ? text : text.slice(start.length).trimEnd().replace(/\}$/, '')
}

// What of a body is the same for every delivery: neither the envelope nor the white space. It is
// cut from the text, since a parsed number no longer tells how it was written.
function canonicalText (json: string, enveloped: boolean): string {
  const text = isCompact(json) && !enveloped ? json : minifyJson(json)
  return enveloped ? sliceMember(text, 'body') ?? text : text
}

// GREEN-API writes no white space between tokens; one look at the first of them tells.
function isCompact (json: string): boolean {
  return json.startsWith('{"') && json[json.indexOf(':') + 1] !== ' '
}

function unrecognized (reason: UnrecognizedReason, id: string, raw: unknown, errors: readonly ValidationIssue[] = []): RecognizedNotification {
  const event: Unrecognized = { name: 'unrecognized', id, revision: 1, reason, ...partialFields(raw), errors, raw }
  return { event, names: ['unrecognized'], identity: identifyContent(id), checksum: 0 }
}

// What can be said of a body all the same.
function partialFields (raw: unknown) {
  const { instanceData, messageData, typeWebhook, typeMessage, timestamp }: Content = isObject(raw) ? raw : {}
  const idInstance = isObject(instanceData) ? instanceData.idInstance : undefined
  const type = isObject(messageData) ? messageData.typeMessage : typeMessage
  return {
    idInstance: readText(idInstance),
    timestamp: readTimestamp(timestamp),
    ...typeof typeWebhook === 'string' && { typeWebhook },
    ...typeof type === 'string' && { typeMessage: type }
  }
}
