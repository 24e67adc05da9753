import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { withDeadline } from '../util/deadline.ts'
import { postWebhook, redact, webhookTimeoutMs } from '../green-api/index.ts'
import { errorMessage } from '../util/error-message.ts'
import { readText } from '../schemas/values.ts'
import { stripControlCharacters } from './terminal.ts'

export interface PostOptions {
  /** The instance's `webhookUrlToken`. Empty: no token. */
  readonly token: string
  /** How long to wait for the answer, in ms. Default: as long as GREEN-API waits. */
  readonly timeout?: number | undefined
  readonly signal: AbortSignal
}

export interface PostResponse {
  readonly status: number
  /** The target of a redirect. Empty if there is none. */
  readonly location: string
  /** The first characters of the body, without the token. */
  readonly text: string
}

/** The server did not answer. */
export interface PostFailure {
  readonly status?: undefined
  /** `INTERRUPTED`, `TIMEOUT` or an error code of Node.js, such as `ECONNREFUSED`. */
  readonly code: string
  readonly reason: string
}

export type PostResult = PostResponse | PostFailure

const maxTextLength = 500

/** Posts a notification as GREEN-API does. Never rejects. */
export async function post (
  url: URL, text: string, { token, timeout = webhookTimeoutMs, signal }: PostOptions
): Promise<PostResult> {
  try {
    return await withDeadline({ timeout }, signal, (deadline) => exchange(url, text, token, deadline))
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ABORT_ERR') {
      return signal.aborted
        ? { code: 'INTERRUPTED', reason: 'interrupted' }
        : { code: 'TIMEOUT', reason: `no answer within ${timeout / 1000} s` }
    }
    const reason = errorMessage(error)
    return { code, reason: reason.includes(code) ? reason : `${code} ${reason}`.trim() }
  }
}

async function exchange (url: URL, text: string, token: string, signal: AbortSignal): Promise<PostResponse> {
  const request = postWebhook(url, text, token, { signal })
  const responseEvent = once(request, 'response')
  // A server may answer and close the connection before it has read the whole body.
  request.on('error', () => {})
  // Node.js emits `response` with this one argument.
  const [response] = await responseEvent as [IncomingMessage]
  const { statusCode = 0, headers: { location = '' } } = response
  return { status: statusCode, location, text: redact(stripControlCharacters(await readStart(response)), token) }
}

async function readStart (response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) if (text.length < maxTextLength) text += chunk
  return text.slice(0, maxTextLength)
}

function errorCode (error: unknown): string {
  // `Object()` makes an object of anything that was thrown.
  const { code }: { code?: unknown } = Object(error)
  return readText(code)
}
