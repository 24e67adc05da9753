import { Client, RequestError } from '../../green-api/index.ts'
import { resolveInstance } from '../../polling/index.ts'
import { isMissingJournal, journalMethods, readJournal } from '../../recovery/index.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { catchRequestError, diagnoseRequestError } from '../diagnose-request-error.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { toJournalEntry, type JournalEntry } from './entry.ts'
import { formatEntry } from './format-entry.ts'
import { isSameChat } from './match-chat.ts'

export interface JournalOptions extends CredentialOptions {
  readonly minutes: number
  readonly json?: true
}

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
  // Not in parallel: GREEN-API allows one request per second for each method.
  for (const method of journalMethods) {
    const journal = await catchRequestError(readJournal(client, method, minutes, signal))
    if (!(journal instanceof RequestError)) entries.push(...journal.map(toJournalEntry))
    else if (journal.status === undefined || journal.status === 401) throw journal
    else failures.push(journal)
  }
  const [first] = failures
  if (first !== undefined && failures.length === journalMethods.length) throw first
  return {
    entries: entries.sort((a, b) => a.event.timestamp - b.event.timestamp),
    failures: failures.filter((error) => !isMissingJournal(error))
  }
}
