import { InboxError } from '../../errors.ts'
import { openStore } from '../inbox/open-store.ts'
import { formatTime } from '../journal/format-entry.ts'
import type { Finding } from './finding.ts'
import { graceMs, type JournalMessage } from './journal-messages.ts'

/** What else decides whether a message that is not in the inbox is lost. */
interface Circumstances {
  /** The beginning in the journals: Unix time in milliseconds. */
  readonly since: number
  /** How many notifications wait in GREEN-API's queue; `undefined` if that is not known. */
  readonly queueSize: number | undefined
}

const subject = 'inbox'

/** Looks for messages, the oldest first, in the file of a `sqliteInbox`. */
export function checkInbox (
  path: string, messages: readonly JournalMessage[], { since, queueSize }: Circumstances
): Finding[] {
  try {
    const store = openStore(path)
    const known = new Set(messages.filter(({ key }) => store.isKnown(key)))
    const knownSince = store.knownSince()
    store.close()
    if (known.size === messages.length) {
      return [{ level: 'ok', subject, message: `all ${known.size} messages and calls in the journals arrived` }]
    }
    return [...findMissing(messages, known, queueSize), ...checkAge(knownSince, since)]
  } catch (error) {
    if (!(error instanceof InboxError)) throw error
    return [{ level: 'problem', subject, message: error.message, fix: 'check the path, and stop the server first' }]
  }
}

function findMissing (
  messages: readonly JournalMessage[], known: ReadonlySet<JournalMessage>, queueSize: number | undefined
): Finding[] {
  // The queue is in order, so what waits in it is newer than the last message that arrived. Outgoing messages do not
  // count: their timestamp is that of their last status.
  const newest = messages.findLast((each) => each.message.direction === 'incoming' && known.has(each))
  const arrivedUntil = queueSize === 0 ? Infinity : (newest?.message.timestamp ?? 0) - graceMs / 1000
  const missing = messages.filter((each) => !known.has(each)).map(({ message }) => message)
  const lost = missing.filter(({ timestamp }) => timestamp < arrivedUntil)
  const waiting = missing.filter(({ timestamp }) => timestamp >= arrivedUntil)
  const findings: Finding[] = [
    {
      level: 'problem',
      subject,
      message: `${lost.length} of ${messages.length} messages and calls in the journals did not arrive`,
      fix: 'start the server with the option recover: it emits what is missing and at most 24 hours old',
      missing: lost
    },
    {
      level: 'note',
      subject,
      message: `${waiting.length} of ${messages.length} messages and calls in the journals did not arrive, ` +
        `but GREEN-API's queue may have them (size: ${queueSize ?? 'unknown'})`,
      fix: 'start the server, and run the doctor again when the queue is empty',
      missing: waiting
    }
  ]
  return findings.filter((finding) => finding.missing?.length !== 0)
}

/** A new inbox does not know what arrived before it. */
function checkAge (knownSince: number, since: number): Finding[] {
  if (knownSince <= since) return []
  return [{
    level: 'note',
    subject,
    message: `the oldest notification in the inbox arrived at ${formatTime(knownSince / 1000)} (UTC)`,
    fix: 'if the inbox is new, leave out what is older with --minutes'
  }]
}
