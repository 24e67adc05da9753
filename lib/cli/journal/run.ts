import { Client, RequestError, beginningOf } from '../../green-api/index.ts'
import { resolveInstance } from '../../polling/index.ts'
import { isObject } from '../../schemas/values.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { catchRequestError, diagnoseRequestError } from '../diagnose-request-error.ts'
import { parseJson } from '../parse-json.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { toJournalEntry, type JournalEntry } from './entry.ts'
import { formatEntry } from './format-entry.ts'

const maxJournalBytes = 64 * 1024 * 1024

export interface JournalOptions extends CredentialOptions {
  readonly minutes: number
  readonly json?: true
}

/** Prints the messages of a chat (or of all chats), the oldest first. */
export async function journal (
  chat: string | undefined, options: JournalOptions, { stdout, stderr, signal }: Terminal
): Promise<number> {
  const { idInstance, token: apiTokenInstance, minutes, json } = options
  const credentials = resolveInstance({ apiUrl: options.apiUrl, idInstance, apiTokenInstance })
  const entries = await catchRequestError(fetchEntries(new Client(credentials), minutes, signal))
  if (entries instanceof RequestError) {
    const { message, fix } = diagnoseRequestError(entries, credentials)
    if (json !== undefined) print(stdout, JSON.stringify({ ok: false, idInstance, messages: [], error: message, fix }))
    else print(stderr, paint(stderr, 'red', `error: ${message}`), `Fix: ${fix}.`)
    return exitCode.failed
  }
  const matches = entries.filter(({ chatId }) => chat === undefined || isSameChat(chatId, chat))
  const ok = matches.length > 0
  const inChat = chat === undefined ? '' : ` in chat ${chat}`
  if (json !== undefined) print(stdout, JSON.stringify({ ok, idInstance, messages: matches.map(({ event }) => event) }))
  else if (ok) print(stdout, ...matches.map((entry) => formatEntry(entry, entries)))
  else print(stderr, `Instance ${idInstance} has no messages${inChat} in the last ${minutes} minutes.`)
  return ok ? exitCode.ok : exitCode.failed
}

/** Compares a chatId with a chatId or a phone number, with or without "+". */
function isSameChat (chatId: string, chat: string): boolean {
  return chatId === chat || chatId.startsWith(`${chat.replace(/^\+/, '')}@`)
}

async function fetchEntries (client: Client, minutes: number, signal: AbortSignal): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  // Not in parallel: GREEN-API allows one request per second for each method.
  for (const method of ['lastIncomingMessages', 'lastOutgoingMessages']) {
    const query = { minutes: String(minutes) }
    const { body } = await client.call(method, { query, signal, limit: maxJournalBytes })
    // A body over the limit is cut off, so it is not valid JSON.
    const list = parseJson(beginningOf(body))
    if (!Array.isArray(list)) throw new RequestError(method, 'was answered 200 without a list', 200)
    entries.push(...list.filter(isObject).map(toJournalEntry))
  }
  return entries.sort((a, b) => a.event.timestamp - b.event.timestamp)
}
