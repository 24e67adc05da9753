import { RequestError } from '../../green-api/request-error.ts'
import { beginningOf, Client } from '../../green-api/client.ts'
import { resolveInstance } from '../../polling/options.ts'
import { isObject } from '../../schemas/values.ts'
import { exitCode } from '../command.ts'
import type { CredentialOptions } from '../credential-options.ts'
import { parseJson } from '../parse-json.ts'
import { diagnoseRefusal, RefusedCall, unlessRefused } from '../refused-call.ts'
import { paint, print, type Terminal } from '../terminal.ts'
import { lineOf } from './line.ts'
import { readRecord, type Recorded } from './recorded.ts'

/** Whose journals to show, as the command line says it. */
export interface JournalOptions extends CredentialOptions {
  readonly minutes: number
  readonly json?: true
}

/** Prints what an instance's journals have of a chat, or of all, the oldest first. */
export async function journal (chat: string | undefined, options: JournalOptions, { stdout, stderr, signal }: Terminal): Promise<number> {
  const { idInstance, token: apiTokenInstance, minutes, json } = options
  const credentials = resolveInstance({ apiUrl: options.apiUrl, idInstance, apiTokenInstance })
  const all = await unlessRefused(read(new Client(credentials), minutes, signal))
  if (all instanceof RefusedCall) {
    const { message, fix } = diagnoseRefusal(all, credentials)
    if (json !== undefined) print(stdout, JSON.stringify({ ok: false, idInstance, messages: [], error: message, fix }))
    else print(stderr, paint(stderr, 'red', message), `What to do: ${fix}.`)
    return exitCode.failed
  }
  const shown = all.filter(({ chatId }) => chat === undefined || chatId === chat || chatId.startsWith(`${chat.replace(/^\+/, '')}@`))
  if (json !== undefined) print(stdout, JSON.stringify({ ok: shown.length > 0, idInstance, messages: shown.map(({ event }) => event) }))
  else if (shown.length > 0) print(stdout, ...shown.map((each) => lineOf(each, all)))
  else print(stderr, `The journals of instance ${idInstance} have nothing ${chat === undefined ? '' : `of ${chat} `}within the last ${minutes} minutes.`)
  return shown.length > 0 ? exitCode.ok : exitCode.failed
}

async function read (client: Client, minutes: number, signal: AbortSignal): Promise<Recorded[]> {
  const records: Recorded[] = []
  // One after the other: each is allowed once a second.
  for (const method of ['lastIncomingMessages', 'lastOutgoingMessages']) {
    const { body } = await client.call(method, { query: { minutes: String(minutes) }, signal, limit: 64 * 1024 * 1024 })
    // Of one that is too large the beginning is no JSON.
    const list = parseJson(beginningOf(body))
    if (!Array.isArray(list)) throw new RequestError(method, 'was answered 200 without a list', 200)
    records.push(...list.filter(isObject).map(readRecord))
  }
  return records.sort((a, b) => a.event.timestamp - b.event.timestamp)
}
