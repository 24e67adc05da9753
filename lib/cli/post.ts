import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { withDeadline } from '../util/deadline.ts'
import { redact } from '../green-api/client.ts'
import { postWebhook, webhookTimeoutMs } from '../green-api/webhook-request.ts'
import { errorMessage } from '../util/error-message.ts'
import { readText } from '../schemas/values.ts'
import { plain } from './terminal.ts'

/** How to post a notification. */
export interface Posting {
  /** As the instance's `webhookUrlToken`; empty for none. */
  readonly token: string
  /** In milliseconds: how long to wait for the answer. Default: as long as GREEN-API waits. */
  readonly timeout?: number | undefined
  readonly signal: AbortSignal
}

/** An answer. */
export interface Answered {
  readonly status: number
  /** Where a redirect leads. */
  readonly location: string
  /** How the body begins, without the token. */
  readonly text: string
}

/** That there was no answer. */
export interface Unanswered {
  readonly status?: undefined
  /** As Node calls the error, such as `ECONNREFUSED`. */
  readonly code: string
  readonly reason: string
}

/** What came of posting. */
export type PostResult = Answered | Unanswered

/** How many characters of an answer are kept. */
const longestText = 500

/** Posts a notification as GREEN-API does. Never rejects. */
export async function post (url: URL, text: string, { token, timeout = webhookTimeoutMs, signal }: Posting): Promise<PostResult> {
  try {
    return await withDeadline({ timeout }, signal, (over) => exchange(url, text, token, over))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ABORT_ERR') return signal.aborted ? { code: 'INTERRUPTED', reason: 'interrupted' } : { code: 'TIMEOUT', reason: `no answer within ${timeout / 1000} s` }
    const reason = errorMessage(error)
    return { code, reason: reason.includes(code) ? reason : `${code} ${reason}`.trim() }
  }
}

async function exchange (url: URL, text: string, token: string, signal: AbortSignal): Promise<Answered> {
  const request = postWebhook(url, text, token, { signal })
  const response = once(request, 'response')
  // A server may answer before it has read everything, and end the connection.
  request.on('error', () => {})
  // What a response is emitted with.
  const [answer] = await response as [IncomingMessage]
  const { statusCode = 0, headers: { location = '' } } = answer
  return { status: statusCode, location, text: redact(plain(await beginningOf(answer)), token) }
}

async function beginningOf (answer: IncomingMessage): Promise<string> {
  let text = ''
  answer.setEncoding('utf8')
  for await (const chunk of answer) if (text.length < longestText) text += chunk
  return text.slice(0, longestText)
}

function codeOf (error: unknown): string {
  // An object, or one made of what is none.
  const { code }: { code?: unknown } = Object(error)
  return readText(code)
}
