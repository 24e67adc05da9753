import { RequestError } from '../../green-api/request-error.ts'
import { Client, type Credentials } from '../../green-api/client.ts'
import { isObject, readText, type Content } from '../../schemas/values.ts'
import { parseJson } from '../parse-json.ts'

/** What GREEN-API says of an instance. */
export interface Account {
  readonly settings: Content
  readonly stateInstance: string
}

/**
 * Asks GREEN-API for an instance's settings and state, and changes nothing.
 *
 * @throws {RequestError} where it says nothing of it
 */
export async function ask (credentials: Credentials, signal: AbortSignal): Promise<Account> {
  const client = new Client(credentials)
  const settings = await read(client, 'getSettings', 'webhookUrl', signal)
  const { stateInstance } = await read(client, 'getStateInstance', 'stateInstance', signal)
  return { settings, stateInstance: readText(stateInstance) }
}

/** @throws {RequestError} also where the answer lacks the member that tells it is GREEN-API's */
async function read (client: Client, method: string, member: string, signal: AbortSignal): Promise<Content> {
  const { body } = await client.call(method, { signal, timeout: 15_000 })
  const answer = typeof body === 'string' ? parseJson(body) : undefined
  if (!isObject(answer) || typeof answer[member] !== 'string') throw new RequestError(method, `was answered 200 without ${member}`, 200)
  return answer
}
