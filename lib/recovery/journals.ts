import { quoteLongIntegers } from '../body/index.ts'
import { RequestError, beginningOf, type Client } from '../green-api/index.ts'
import { idNames } from '../recognition/index.ts'
import { isObject, type Content } from '../schemas/values.ts'
import { parseJson } from '../util/parse-json.ts'

const callJournals = ['lastIncomingCalls', 'lastOutgoingCalls']

/** GREEN-API's methods that return journals. */
export const journalMethods: readonly string[] = ['lastIncomingMessages', 'lastOutgoingMessages', ...callJournals]

const maxJournalBytes = 64 * 1024 * 1024

/**
 * Reads a journal of the last `minutes`. Ids that are long numbers are texts.
 *
 * @throws {RequestError} if there is no answer, or another one than a list
 */
export async function readJournal (
  client: Client, method: string, minutes: number, signal: AbortSignal
): Promise<Content[]> {
  const { body } = await client.call(method, { query: { minutes: String(minutes) }, signal, limit: maxJournalBytes })
  const text = beginningOf(body)
  // A body over the limit is cut off, so it is not valid JSON.
  if (!Array.isArray(parseJson(text))) throw new RequestError(method, 'was answered 200 without a list', 200)
  const list: unknown[] = JSON.parse(quoteLongIntegers(text, idNames))
  return list.filter(isObject)
}

/** Whether the API has no journal of calls. Older ones answer 404, and then there are no calls to read. */
export function isMissingJournal (error: unknown): boolean {
  return error instanceof RequestError && error.status === 404 && callJournals.includes(error.method)
}
