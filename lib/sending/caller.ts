import { sendChannel, type SendMessage } from '../diagnostics/index.ts'
import { Client, RequestError, callsPerSecond, type AnswerWithHeaders } from '../green-api/index.ts'
import { backoffDelay } from '../util/backoff.ts'
import { readAnswer } from './answers.ts'
import { findMistake } from './check-request.ts'
import { noAnswer, refused, type Call } from './explain-failure.ts'
import { Lanes } from './lanes.ts'
import { validateTimeout, type CallOptions, type ResolvedSenderOptions } from './options.ts'
import { Pacer } from './pacer.ts'
import { SendError } from './send-error.ts'
import { toForm } from './upload.ts'

/** The pauses after a 429 without a `Retry-After`: the first, and the longest. */
const firstPauseMs = 1000
const longestPauseMs = 10_000

/** What a call needs beside its names. */
interface CallRequest {
  /** The members of the request. `undefined` for a GET request. */
  readonly members: object | undefined
  readonly options: CallOptions
}

/** Calls the methods of one instance: checked, in order, under GREEN-API's limits, and at most once. */
export class Caller {
  readonly idInstance: string
  readonly #token: string
  readonly #client: Client
  readonly #mediaClient: Client
  readonly #timeout: number
  readonly #fetch: typeof fetch | undefined
  readonly #pacers = new Map<string, Pacer>()
  /** The calls of a chat run one after another, so that its messages arrive in order. */
  readonly #chats = new Lanes()

  constructor ({ credentials, mediaUrl, timeout, fetch }: ResolvedSenderOptions) {
    this.idInstance = credentials.idInstance
    this.#token = credentials.apiTokenInstance
    this.#client = new Client(credentials)
    this.#mediaClient = new Client({ ...credentials, apiUrl: mediaUrl })
    this.#timeout = timeout
    this.#fetch = fetch
  }

  /** @throws {SendError} (as a rejection) */
  async call (method: string, request: CallRequest): Promise<unknown> {
    const { idInstance } = this
    const message: SendMessage = { idInstance, method, startedAt: performance.now(), attempts: 0 }
    return await sendChannel.tracePromise(async () => {
      try {
        return await this.#check(method, request, message)
      } finally {
        message.duration = performance.now() - message.startedAt
      }
    }, message)
  }

  async #check (method: string, request: CallRequest, message: SendMessage): Promise<unknown> {
    const { members, options: { timeout } } = request
    if (timeout !== undefined) validateTimeout(timeout)
    const mistake = findMistake(method, members)
    if (mistake !== undefined) throw this.#notSent(method, mistake)
    const chatId: unknown = Reflect.get(members ?? {}, 'chatId')
    const signal = request.options.signal ?? new AbortController().signal
    const run = () => this.#run(method, request, signal, message)
    const running = typeof chatId === 'string' ? this.#chats.run(chatId, run) : run()
    return await this.#unlessCanceled(running, method, signal, message)
  }

  /** Rejects at once when the signal aborts before there was a request, even if the call still waits for others. */
  async #unlessCanceled<Result> (
    running: Promise<Result>, method: string, signal: AbortSignal, message: SendMessage
  ): Promise<Result> {
    let abort = () => {}
    const canceled = new Promise<never>((resolve, reject) => {
      abort = () => { if (message.attempts === 0) reject(this.#canceled(method)) }
    })
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    try {
      return await Promise.race([running, canceled])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async #run (method: string, request: CallRequest, signal: AbortSignal, message: SendMessage): Promise<unknown> {
    const { timeout = this.#timeout } = request.options
    const call: Call = { idInstance: this.idInstance, method }
    const pacer = this.#pacers.get(method) ?? new Pacer(callsPerSecond(method))
    this.#pacers.set(method, pacer)
    await pacer.waitForTurn(signal).catch(() => { throw this.#canceled(method) })
    const endsAt = performance.now() + timeout
    for (;;) {
      message.attempts++
      const answer = await this.#request(call, request, endsAt, signal)
      if (answer.status !== 429) return readAnswer(call, answer, this.#token)
      const pauseMs = readRetryAfter(answer) ?? backoffDelay(message.attempts, firstPauseMs, longestPauseMs)
      if (performance.now() + pauseMs >= endsAt) throw refused(call, answer, this.#token)
      pacer.pause(pauseMs)
      await pacer.waitToRetry(signal).catch(() => { throw this.#canceled(method) })
      if (performance.now() >= endsAt) throw refused(call, answer, this.#token)
    }
  }

  async #request (
    call: Call, { members, options: { timeout = this.#timeout } }: CallRequest, endsAt: number, signal: AbortSignal
  ): Promise<AnswerWithHeaders> {
    const body = call.method === 'sendFileByUpload' ? toForm(members) : members
    const client = body instanceof FormData ? this.#mediaClient : this.#client
    try {
      return await client.request(call.method, {
        verb: body === undefined ? 'GET' : 'POST',
        timeout: Math.max(1, endsAt - performance.now()),
        signal,
        ...body !== undefined && { body },
        ...this.#fetch !== undefined && { fetch: this.#fetch }
      })
    } catch (error) {
      // Without the message of the error, which contains names of the request.
      if (!(error instanceof RequestError)) throw this.#notSent(call.method, 'the request cannot be written as JSON')
      const timedOut = performance.now() >= endsAt ? `there was none within ${timeout} ms` : undefined
      throw noAnswer(call, error, signal.aborted ? 'the call was canceled' : timedOut)
    }
  }

  #canceled (method: string): SendError {
    return this.#notSent(method, 'the call was canceled')
  }

  #notSent (method: string, reason: string): SendError {
    return new SendError(`was not sent: ${reason}`, { idInstance: this.idInstance, method, mayHaveBeenSent: false })
  }
}

/** Reads the header: a number of seconds, or a date. Returns milliseconds; `undefined` without a positive value. */
function readRetryAfter ({ headers }: AnswerWithHeaders): number | undefined {
  const value = headers.get('retry-after') ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return ms > 0 ? ms : undefined
}
