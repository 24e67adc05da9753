import { failureCause, failureReason } from '../../green-api/index.ts'
import { withDeadline } from '../../util/deadline.ts'
import { formatTime } from '../journal/format-entry.ts'
import { formatUrl } from './address.ts'
import type { Finding, MissingMessage } from './finding.ts'
import { graceMs, type JournalMessage } from './journal-messages.ts'

/** What is compared. */
interface Scope {
  readonly idInstance: string
  /** The beginning of the journals: Unix time in milliseconds. */
  readonly since: number
}

type Direction = MissingMessage['direction']

const subject = 'metrics'
const requestTimeoutMs = 15_000

/** Compares the number of messages with the metrics of the server at a URL. */
export async function checkMetrics (
  url: URL, messages: readonly JournalMessage[], scope: Scope, signal: AbortSignal
): Promise<Finding[]> {
  try {
    return compareWithPage(await fetchPage(url, signal), messages, scope)
  } catch (error) {
    return [{
      level: 'problem',
      subject,
      message: `cannot read ${formatUrl(url)}: ${failureReason(failureCause(error))}`,
      fix: 'start the server, and use the URL of its metrics, such as http://127.0.0.1:3000/metrics'
    }]
  }
}

async function fetchPage (url: URL, canceled: AbortSignal): Promise<string> {
  const { username, password } = url
  const credentials = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString('base64')
  // fetch rejects a URL with a password, and its error has the password.
  const address = Object.assign(new URL(url), { username: '', password: '' })
  return await withDeadline({ timeout: requestTimeoutMs }, canceled, async (signal) => {
    const response = await fetch(address, {
      headers: username === '' ? {} : { authorization: `Basic ${credentials}` }, signal
    })
    if (!response.ok) throw new Error(`it was answered ${response.status}`)
    return await response.text()
  })
}

function compareWithPage (page: string, messages: readonly JournalMessage[], { idInstance, since }: Scope): Finding[] {
  const startedAt = Number(/^process_start_time_seconds (\S+)/m.exec(page)?.[1]) * 1000
  if (!page.includes('green_api_outcomes_total') || Number.isNaN(startedAt)) {
    return [{
      level: 'problem',
      subject,
      message: 'green_api_outcomes_total or process_start_time_seconds is missing',
      fix: 'call collectMetrics() with its default prefix, and collectDefaultMetrics() of prom-client'
    }]
  }
  const start = `${formatTime(startedAt / 1000)} (UTC)`
  if (startedAt < since) {
    return [{
      level: 'warning',
      subject,
      message: `cannot be compared: the server counts since ${start}, and the journals begin later`,
      fix: 'use --inbox, or run the doctor within 24 hours after a start of the server'
    }]
  }
  // While a process replaces another one, either may receive a message.
  const counted = messages.filter(({ message, isCall }) => !isCall && message.timestamp * 1000 > startedAt + graceMs)
  const findings = (['incoming', 'outgoing'] as const).map((direction) => {
    const inJournal = counted.filter(({ message }) => message.direction === direction).length
    return compareCounts(direction, inJournal, countHandled(page, direction, idInstance))
  })
  return [...findings, {
    level: 'note',
    subject,
    message: `only the numbers of messages since the server started at ${start} are compared, without calls`,
    fix: 'use --inbox to see which messages are missing'
  }]
}

function compareCounts (direction: Direction, inJournal: number, handled: number): Finding {
  const counts = `${inJournal} ${direction} messages in the journals, ${handled} handled by the server`
  if (inJournal <= handled) return { level: 'ok', subject, message: counts }
  const missing = `${counts}: at least ${inJournal - handled} are missing`
  const fix = 'start the server with the option recover: it emits what is missing and at most 24 hours old'
  if (direction === 'incoming') return { level: 'problem', subject, message: missing, fix }
  // The timestamp of an outgoing message is that of its last status.
  return { level: 'warning', subject, message: `${missing}, or they were sent before the server started`, fix }
}

/** Counts the different messages that the server has stored, delivered, or put on the dead-letter list. */
function countHandled (page: string, direction: Direction, idInstance: string): number {
  const counts = new Map<string | undefined, number>()
  for (const [, labels = '', value] of page.matchAll(/^green_api_outcomes_total\{(.*)\} (\S+)/gm)) {
    const label = new Map(Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, name, text]) => [name, text]))
    // Without `byInstance`, the metrics have all instances of the server.
    if (label.get('direction') !== direction || (label.get('idInstance') ?? idInstance) !== idInstance) continue
    const outcome = label.get('outcome')
    counts.set(outcome, (counts.get(outcome) ?? 0) + Number(value))
  }
  const { stored = 0, delivered = 0, dead_letter: deadLetters = 0 } = Object.fromEntries(counts)
  // With an inbox, each message is stored first, and counted again when it is delivered.
  return stored > 0 ? stored : delivered + deadLetters
}
