import { RequestError, beginningOf, normalizeSettings, type Client } from '../green-api/index.ts'
import { isObject, readInteger, readText, type Content } from '../schemas/values.ts'
import { parseJson } from '../util/parse-json.ts'

/** What a pass needs to know about an instance. */
export interface InstanceInfo {
  /** The time by GREEN-API's clock: Unix time in milliseconds. */
  readonly now: number
  readonly settings: Content
  /** As in the bodies of its webhooks. */
  readonly instanceData: Content
}

/**
 * Reads the settings of an instance, and GREEN-API's clock.
 *
 * @throws {RequestError} if there is no answer, or another one than settings
 */
export async function readInstance (client: Client, signal: AbortSignal): Promise<InstanceInfo> {
  const { body, headers } = await client.call('getSettings', { signal })
  const settings = normalizeSettings(parseJson(beginningOf(body)))
  if (!isObject(settings)) throw new RequestError('getSettings', 'was answered 200 without settings', 200)
  const { idInstance } = client
  const date = Date.parse(headers.get('date') ?? '')
  return {
    now: Number.isNaN(date) ? Date.now() : date,
    settings,
    instanceData: { idInstance, wid: readText(settings.wid), typeInstance: readText(settings.typeInstance) }
  }
}

/**
 * Returns how many notifications wait in GREEN-API's queue; `undefined` if the API does not have this method.
 *
 * @throws {RequestError} if there is no answer, or another one than a number
 */
export async function readQueueSize (client: Client, signal: AbortSignal): Promise<number | undefined> {
  try {
    const { body } = await client.call('getWebhooksCount', { signal })
    const answer = parseJson(beginningOf(body))
    const count = isObject(answer) ? readInteger(answer.count) : undefined
    if (count === undefined) throw new RequestError('getWebhooksCount', 'was answered 200 without a count', 200)
    return count
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return undefined
    throw error
  }
}
