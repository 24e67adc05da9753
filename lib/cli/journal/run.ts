import { quoteLongIntegers } from '../../body/index.ts'
import { Client, RequestError, beginningOf } from '../../green-api/index.ts'
import { resolveInstance } from '../../polling/index.ts'
import { idNames } from '../../recognition/index.ts'
import { isObject } from '../../schemas/values.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { catchRequestError, diagnoseRequestError } from '../diagnose-request-error.ts'
import { parseJson } from '../parse-json.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { toJournalEntry, type JournalEntry } from './entry.ts'
import { formatEntry } from './format-entry.ts'
import { isSameChat } from './match-chat.ts'

const maxJournalBytes = 64 * 1024 * 1024

export interface JournalOptions extends CredentialOptions {
  readonly minutes: number
  readonly json?: true
}

const messageJournals = ['lastIncomingMessages', 'lastOutgoingMessages']
const callJournals = ['lastIncomingCalls', 'lastOutgoingCalls']

/** Prints the messages and calls of a chat (or of all chats), the oldest first. */
export async function journal (
  chat: string | undefined, options: JournalOptions, { stdout, stderr, signal }: Terminal
): Promise<number> {
  const { idInstance, apiToken: apiTokenInstance, minutes, json } = options
  const credentials = resolveInstance({ apiUrl: options.apiUrl, idInstance, apiTokenInstance })
  const journals = await catchRequestError(fetchJournals(new Client(credentials), minutes, signal))
  if (journals instanceof RequestError) {
    const { message, fix } = diagnoseRequestError(journals, credentials)
    if (json !== undefined) print(stdout, JSON.stringify({ ok: false, idInstance, messages: [], error: message, fix }))
    else print(stderr, paint(stderr, 'red', `error: ${message}`), `Fix: ${fix}.`)
    return exitCode.failed
  }
  const { entries, failures } = journals
  const matches = entries.filter(({ chatIds }) => chat === undefined || chatIds.some((id) => isSameChat(id, chat)))
  const ok = matches.length > 0
  const inChat = chat === undefined ? '' : ` in chat ${chat}`
  const warnings = failures.map(({ message }) => `${message}, so the list is incomplete`)
  if (json !== undefined) {
    const messages = matches.map(({ event }) => event)
    print(stdout, JSON.stringify({ ok, idInstance, messages, ...warnings.length > 0 && { warnings } }))
    return ok ? exitCode.ok : exitCode.failed
  }
  for (const warning of warnings) print(stderr, paint(stderr, 'yellow', `warning: ${warning}`))
  if (ok) print(stdout, ...matches.map((entry) => formatEntry(entry, entries)))
  else print(stderr, `Instance ${idInstance} has no messages${inChat} in the last ${minutes} minutes.`)
  return ok ? exitCode.ok : exitCode.failed
}

interface Journals {
  /** The oldest first. */
  readonly entries: readonly JournalEntry[]
  /** The journals that could not be read. */
  readonly failures: readonly RequestError[]
}

/**
 * Fetches all journals. If GREEN-API refuses one of them, the others are returned.
 *
 * @throws {RequestError} if there is no answer, if the token is wrong, or if GREEN-API refuses all journals
 */
async function fetchJournals (client: Client, minutes: number, signal: AbortSignal): Promise<Journals> {
  const entries: JournalEntry[] = []
  const failures: RequestError[] = []
  const methods = [...messageJournals, ...callJournals]
  // Not in parallel: GREEN-API allows one request per second for each method.
  for (const method of methods) {
    const journal = await catchRequestError(fetchJournal(client, method, minutes, signal))
    if (!(journal instanceof RequestError)) entries.push(...journal)
    else if (journal.status === undefined || journal.status === 401) throw journal
    else failures.push(journal)
  }
  const [first] = failures
  if (first !== undefined && failures.length === methods.length) throw first
  return {
    entries: entries.sort((a, b) => a.event.timestamp - b.event.timestamp),
    // An API without a journal of calls has no calls to show.
    failures: failures.filter(({ method, status }) => status !== 404 || !callJournals.includes(method))
  }
}

async function fetchJournal (
  client: Client, method: string, minutes: number, signal: AbortSignal
): Promise<JournalEntry[]> {
  const { body } = await client.call(method, { query: { minutes: String(minutes) }, signal, limit: maxJournalBytes })
  const text = beginningOf(body)
  // A body over the limit is cut off, so it is not valid JSON.
  if (!Array.isArray(parseJson(text))) throw new RequestError(method, 'was answered 200 without a list', 200)
  const list: unknown[] = JSON.parse(quoteLongIntegers(text, idNames))
  return list.filter(isObject).map(toJournalEntry)
}
