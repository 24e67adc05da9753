import { LimitedBody, OversizedBody, type Body } from '../body/limited-body.ts'
import { errorMessage } from '../util/error-message.ts'
import { isObject } from '../schemas/values.ts'
import { RequestError } from './request-error.ts'
import { withDeadline, type DeadlineOptions } from '../util/deadline.ts'
import { redact } from './hide.ts'

/** An instance, and how to call GREEN-API for it. */
export interface Credentials {
  /** Without a slash at its end. */
  readonly apiUrl: string
  readonly idInstance: string
  /** Nothing that would have to be escaped in a URL. */
  readonly apiTokenInstance: string
}

/** How a method is called. */
export interface Call extends Partial<DeadlineOptions> {
  /** Default: `GET`. */
  readonly verb?: 'GET' | 'DELETE'
  /** What follows the token in the path. */
  readonly suffix?: string
  readonly query?: Readonly<Record<string, string>>
  /** In bytes: what is larger is not kept. Default: 4 MiB. */
  readonly limit?: number
  /** Aborted when nobody wants the answer any more; the call then lasts no longer than `grace`, which is 0 by default. */
  readonly signal?: AbortSignal
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly body: Body
}

/** How much of what GREEN-API says an error repeats. */
const longestQuote = 200

/**
 * Calls methods of GREEN-API for one instance.
 *
 * The token is part of every URL. No error repeats one, has one among its members, or is caused by
 * an error that may.
 */
export class Client {
  readonly idInstance: string
  readonly #credentials: Credentials

  constructor (credentials: Credentials) {
    this.idInstance = credentials.idInstance
    this.#credentials = credentials
  }

  /**
   * Calls a method, and resolves with what was answered 200.
   *
   * @throws {RequestError} where there was another answer or none, or it ended early
   */
  async call (method: string, call: Call = {}): Promise<Answer> {
    const { timeout = 30_000, grace, signal } = call
    let answer: Answer
    try {
      answer = await withDeadline({ timeout, grace }, signal, (deadline) => this.#fetch(method, call, deadline))
    } catch (error) {
      throw new RequestError(method, `has no answer: ${this.#hide(reasonOf(error))}`)
    }
    if (answer.status === 200) return answer
    const text = beginningOf(answer.body)
    throw new RequestError(method, `was answered ${answer.status}${this.#quote(text)}`, answer.status, text)
  }

  async #fetch (method: string, { verb = 'GET', suffix, query, limit = 4 * 1024 * 1024 }: Call, signal: AbortSignal): Promise<Answer> {
    const { apiUrl, idInstance, apiTokenInstance } = this.#credentials
    const path = [`waInstance${idInstance}`, method, apiTokenInstance, ...suffix === undefined ? [] : [suffix]].join('/')
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    // Whoever answers with a redirect is not who the token is for.
    const response = await fetch(`${apiUrl}/${path}${search}`, { method: verb, redirect: 'manual', signal })
    const body = new LimitedBody(limit)
    for await (const chunk of response.body ?? []) if (!body.add(Buffer.from(chunk))) break
    return { status: response.status, body: body.end() }
  }

  #quote (text: string): string {
    const said = this.#hide(messageIn(text).replace(/\s+/g, ' ').trim())
    return said === '' ? '' : `: ${said.slice(0, longestQuote)}`
  }

  #hide (text: string): string {
    return redact(text, this.#credentials.apiTokenInstance)
  }
}

/** What a body says, or how it begins where it was too large to keep. */
export function beginningOf (body: Body): string {
  return body instanceof OversizedBody ? body.head : body
}

// GREEN-API says in a member, or in a text alone, what is wrong; a proxy says it with a page.
function messageIn (text: string): string {
  try {
    const answer: unknown = JSON.parse(text)
    return isObject(answer) && typeof answer.message === 'string' ? answer.message : ''
  } catch {
    return text.trimStart().startsWith('<') ? '' : text
  }
}

// fetch itself says no more than that it failed.
function reasonOf (error: unknown): string {
  const cause = error instanceof Error ? error.cause ?? error : error
  const message = errorMessage(cause)
  const code = isObject(cause) ? cause.code : undefined
  return typeof code === 'string' && !message.includes(code) ? `${code} ${message}`.trim() : message
}
