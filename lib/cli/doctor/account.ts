import { CallError } from '../../api/call-error.ts'
import { Client, type Credentials } from '../../api/client.ts'
import { isObject, readText, type Content } from '../../schemas/values.ts'
import { parseJson } from '../parse-json.ts'
import type { Finding } from './finding.ts'

/** What GREEN-API says of an instance. */
export interface Account {
  readonly settings: Content
  readonly stateInstance: string
}

/** That GREEN-API says nothing of it, and why. */
export interface Refusal {
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined
  readonly reason: string
}

/** Asks GREEN-API for an instance's settings and state, and changes nothing. */
export async function ask (credentials: Credentials, signal: AbortSignal): Promise<Account | Refusal> {
  const client = new Client(credentials)
  try {
    const settings = await read(client, 'getSettings', 'webhookUrl', signal)
    const { stateInstance } = await read(client, 'getStateInstance', 'stateInstance', signal)
    return { settings, stateInstance: readText(stateInstance) }
  } catch (error) {
    if (error instanceof CallError) return { status: error.status, reason: error.message }
    throw error
  }
}

/** @throws {CallError} also where the answer lacks the member that tells it is GREEN-API's */
async function read (client: Client, method: string, member: string, signal: AbortSignal): Promise<Content> {
  const { body } = await client.call(method, { signal, timeout: 15_000 })
  const answer = typeof body === 'string' ? parseJson(body) : undefined
  if (!isObject(answer) || typeof answer[member] !== 'string') throw new CallError(method, `was answered 200 without ${member}`, 200)
  return answer
}

/** Judges why GREEN-API says nothing of an instance. */
export function judgeRefusal ({ status, reason }: Refusal, { apiUrl, idInstance }: Pick<Credentials, 'apiUrl' | 'idInstance'>): Finding & { readonly cure: string } {
  const level = 'problem'
  const url = "use the apiUrl that GREEN-API's console shows for this instance"
  if (status === undefined) return { level, subject: 'apiUrl', message: `${apiUrl} cannot be reached: ${reason}`, cure: `${url}, and let this machine reach it` }
  if (status === 401) return { level, subject: 'apiTokenInstance', message: `GREEN-API refuses it: it is not the token of instance ${idInstance} (401)`, cure: "copy the instance's apiTokenInstance from GREEN-API's console; the webhookUrlToken is another one" }
  if (status === 403) return { level, subject: 'idInstance', message: `GREEN-API has no instance ${idInstance} at ${apiUrl} (403)`, cure: "copy idInstance and apiUrl from GREEN-API's console" }
  if (status === 429) return { level, subject: 'apiUrl', message: 'GREEN-API was asked too often (429)', cure: 'wait for a minute, and run it again' }
  if (status >= 500) return { level, subject: 'apiUrl', message: `GREEN-API fails: ${reason}`, cure: 'run it again in some minutes' }
  return { level, subject: 'apiUrl', message: `what answers at ${apiUrl} is not GREEN-API: ${reason}`, cure: url }
}
