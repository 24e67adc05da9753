import { Client, RequestError, type Credentials } from '../../green-api/index.ts'
import { readInstance, type InstanceInfo } from '../../recovery/index.ts'
import { isObject, readText } from '../../schemas/values.ts'
import { parseJson } from '../../util/parse-json.ts'

export interface InstanceWithState extends InstanceInfo {
  readonly stateInstance: string
}

/**
 * Fetches the settings and the state of an instance from GREEN-API.
 *
 * @throws {RequestError} if a request fails, or if its answer is not GREEN-API's
 */
export async function fetchInstanceInfo (credentials: Credentials, signal: AbortSignal): Promise<InstanceWithState> {
  const client = new Client(credentials)
  const instance = await readInstance(client, signal)
  if (typeof instance.settings.webhookUrl !== 'string') throw incomplete('getSettings', 'webhookUrl')
  return { ...instance, stateInstance: await fetchState(client, signal) }
}

async function fetchState (client: Client, signal: AbortSignal): Promise<string> {
  const { body } = await client.call('getStateInstance', { signal })
  const answer = typeof body === 'string' ? parseJson(body) : undefined
  const state = isObject(answer) ? readText(answer.stateInstance) : ''
  if (state === '') throw incomplete('getStateInstance', 'stateInstance')
  return state
}

/** An answer without its most important member is not GREEN-API's. */
function incomplete (method: string, member: string): RequestError {
  return new RequestError(method, `was answered 200 without ${member}`, 200)
}
