import { LimitedBody, OversizedBody, type Body } from '../body/index.ts'
import { errorMessage } from '../util/error-message.ts'
import { isObject } from '../schemas/values.ts'
import { RequestError } from './request-error.ts'
import { withDeadline, type DeadlineOptions } from '../util/deadline.ts'

/** What a request needs to reach an instance. */
export interface Credentials {
  /** Without a slash at the end. */
  readonly apiUrl: string
  readonly idInstance: string
  /** Has only characters that need no escaping in a URL. */
  readonly apiTokenInstance: string
}

/** The options of one request. `timeout` is 30 000 ms by default. */
export interface RequestOptions extends Partial<DeadlineOptions> {
  /** Default: `'GET'`. */
  readonly verb?: 'GET' | 'POST' | 'DELETE'
  /** The body of the request: a form, or an object that is sent as JSON. */
  readonly body?: object
  /** Default: Node's own. */
  readonly fetch?: typeof fetch
  /** The part of the path after the token. */
  readonly suffix?: string
  readonly query?: Readonly<Record<string, string>>
  /** The longest answer that is kept, in bytes. Default: 4 MiB. */
  readonly limit?: number
  /** Aborts the request after `grace` milliseconds. Default of `grace`: 0 ms. */
  readonly signal?: AbortSignal
}

/** A complete answer. */
export interface Answer {
  readonly status: number
  readonly body: Body
}

/** A complete answer of any status, with its headers. */
export interface AnswerWithHeaders extends Answer {
  readonly headers: Headers
}

/** The longest part of an answer that an error message quotes, in characters. */
const maxQuoteLength = 200

/**
 * Calls methods of GREEN-API for one instance.
 *
 * The URL of every request contains the token. No error contains it: neither in its message, nor in its properties,
 * nor in its `cause`.
 */
export class Client {
  readonly idInstance: string
  readonly #credentials: Credentials

  constructor (credentials: Credentials) {
    this.idInstance = credentials.idInstance
    this.#credentials = credentials
  }

  /**
   * Calls a method. Resolves with the answer if its status is 200.
   *
   * @throws {RequestError} when the status is not 200, there is no answer, or the answer is incomplete
   */
  async call (method: string, options: RequestOptions = {}): Promise<AnswerWithHeaders> {
    const answer = await this.request(method, options)
    const { status, body } = answer
    if (status === 200) return answer
    const text = beginningOf(body)
    throw new RequestError(method, `was answered ${status}${this.#quote(text)}`, status, text)
  }

  /**
   * Calls a method. Resolves with the answer, whatever its status is.
   *
   * @throws {RequestError} when there is no answer, or the answer is incomplete
   * @throws {TypeError} when the body cannot be written as JSON
   */
  async request (method: string, options: RequestOptions = {}): Promise<AnswerWithHeaders> {
    const { timeout = 30_000, grace, signal, body } = options
    // Outside of the request's errors: nothing is sent.
    const encoded = body === undefined ? {} : encode(body)
    try {
      return await withDeadline({ timeout, grace }, signal, (deadline) => {
        return this.#fetch(method, options, { ...encoded, signal: deadline })
      })
    } catch (error) {
      const cause = failureCause(error)
      const reason = `has no answer: ${this.#redact(failureReason(cause))}`
      throw new RequestError(method, reason, undefined, '', failureCode(cause))
    }
  }

  async #fetch (
    method: string,
    { verb = 'GET', suffix, query, limit = 4 * 1024 * 1024, fetch: send = fetch }: RequestOptions,
    init: RequestInit
  ): Promise<AnswerWithHeaders> {
    const { apiUrl, idInstance, apiTokenInstance } = this.#credentials
    const parts = [`waInstance${idInstance}`, method, apiTokenInstance, ...suffix === undefined ? [] : [suffix]]
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    // Following a redirect would send the token to another server.
    const response = await send(`${apiUrl}/${parts.join('/')}${search}`, { method: verb, redirect: 'manual', ...init })
    const answer = new LimitedBody(limit)
    for await (const chunk of response.body ?? []) if (!answer.add(Buffer.from(chunk))) break
    return { status: response.status, body: answer.end(), headers: response.headers }
  }

  #quote (text: string): string {
    const message = this.#redact(messageIn(text).replace(/\s+/g, ' ').trim())
    return message === '' ? '' : `: ${message.slice(0, maxQuoteLength)}`
  }

  #redact (text: string): string {
    return redact(text, this.#credentials.apiTokenInstance)
  }
}

/** Replaces a secret in a text with `…`. */
export function redact (text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '…')
}

/** Returns the text of a body, or only its beginning if the body was too large to keep. */
export function beginningOf (body: Body): string {
  return body instanceof OversizedBody ? body.head : body
}

// GREEN-API describes an error in the member `message` or as plain text. A proxy answers with an HTML page.
function messageIn (text: string): string {
  try {
    const answer: unknown = JSON.parse(text)
    return isObject(answer) && typeof answer.message === 'string' ? answer.message : ''
  } catch {
    return text.trimStart().startsWith('<') ? '' : text
  }
}

function encode (body: object): Pick<RequestInit, 'body' | 'headers'> {
  // fetch writes the header of a form, with its boundary.
  if (body instanceof FormData) return { body }
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

/** Returns why `fetch` rejected: the message of its own error is only "fetch failed". */
export function failureCause (error: unknown): unknown {
  return error instanceof Error ? error.cause ?? error : error
}

/** Describes the cause of a failure in a few words. */
export function failureReason (cause: unknown): string {
  const message = errorMessage(cause)
  const code = failureCode(cause)
  return code !== undefined && !message.includes(code) ? `${code} ${message}`.trim() : message
}

function failureCode (cause: unknown): string | undefined {
  const code = isObject(cause) ? cause.code : undefined
  return typeof code === 'string' ? code : undefined
}
