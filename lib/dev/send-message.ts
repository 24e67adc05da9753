import type { Credentials } from '../green-api/index.ts'
import { redact } from '../green-api/index.ts'
import { isObject, type Content } from '../schemas/values.ts'

/** A message that GREEN-API rejected or did not receive. */
class SendError extends Error {
  override readonly name = 'SendError'
  /** 400 if GREEN-API rejected the message, else 502. */
  readonly statusCode: number

  constructor (statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/**
 * Calls a send method. Resolves with the message's id.
 *
 * @throws {SendError} with GREEN-API's message and without the token
 */
export async function sendMessage (credentials: Credentials, method: string, body: object): Promise<string> {
  const { apiUrl, idInstance, apiTokenInstance } = credentials
  const response = await fetch(`${apiUrl}/waInstance${idInstance}/${method}/${apiTokenInstance}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(30_000)
  }).catch(() => {
    throw new SendError(502, 'GREEN-API cannot be reached. Check the API URL and your connection.')
  })
  const text = await response.text()
  const { idMessage, message } = parse(text)
  if (response.status === 200 && typeof idMessage === 'string') return idMessage
  const reason = typeof message === 'string' ? message : `GREEN-API answered ${response.status} ${text.slice(0, 200)}`
  // The page cannot fix a token that GREEN-API rejects, so only 400 is passed on.
  throw new SendError(response.status === 400 ? 400 : 502, redact(reason, apiTokenInstance))
}

function parse (text: string): Content {
  try {
    const answer: unknown = JSON.parse(text)
    return isObject(answer) ? answer : {}
  } catch {
    return {}
  }
}
