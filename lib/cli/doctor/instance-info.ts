import { Client, RequestError, type Credentials } from '../../green-api/index.ts'
import { isObject, readText, type Content } from '../../schemas/values.ts'
import { parseJson } from '../../util/parse-json.ts'

const requestTimeoutMs = 15_000

export interface InstanceInfo {
  readonly settings: Content
  readonly stateInstance: string
}

/**
 * Fetches the settings and the state of an instance from GREEN-API.
 *
 * @throws {RequestError} if a request fails, or if its answer is not GREEN-API's
 */
export async function fetchInstanceInfo (credentials: Credentials, signal: AbortSignal): Promise<InstanceInfo> {
  const client = new Client(credentials)
  const settings = await fetchObject(client, 'getSettings', 'webhookUrl', signal)
  const { stateInstance } = await fetchObject(client, 'getStateInstance', 'stateInstance', signal)
  return { settings, stateInstance: readText(stateInstance) }
}

/** An answer without the `required` text field is not GREEN-API's. */
async function fetchObject (client: Client, method: string, required: string, signal: AbortSignal): Promise<Content> {
  const { body } = await client.call(method, { signal, timeout: requestTimeoutMs })
  const answer = typeof body === 'string' ? parseJson(body) : undefined
  if (!isObject(answer) || typeof answer[required] !== 'string') {
    throw new RequestError(method, `was answered 200 without ${required}`, 200)
  }
  return answer
}
