import { Agent as HttpAgent, type ClientRequest } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { postWebhook, webhookTimeoutMs, type InstanceSettings } from '../green-api/index.ts'
import { errorMessage } from '../util/error-message.ts'
import type { ChangeSignal } from './change-signal.ts'
import type { Clock } from './clock.ts'
import type { QueuedNotification } from './notification-queue.ts'

/** What the sender needs from its instance. */
interface PostingInstance {
  readonly settings: Pick<InstanceSettings, 'webhookUrl' | 'webhookUrlToken'>
  readonly changes: ChangeSignal
  nextNotification (): QueuedNotification | undefined
  markDelivered (notification: QueuedNotification): boolean
}

/** One HTTP POST of a notification to the `webhookUrl`, and its result. */
export interface WebhookAttempt {
  readonly notification: QueuedNotification
  /** The HTTP status of the answer; `undefined` without an answer. */
  readonly status: number | undefined
  /** The beginning of the answer's body, at most 4096 bytes. Empty without an answer. */
  readonly answer: string
  /** How long it took until the answer was complete or the request failed: real time in milliseconds. */
  readonly durationMs: number
  /** Why there was no answer. Set only if `status` is `undefined`. */
  readonly error?: string
}

/** GREEN-API's pause before it sends a notification again. */
const retryDelayMs = 60_000

/** The longest part of an answer that is kept. */
const maxAnswerBytes = 4096

/** Posts an instance's notifications to its `webhookUrl`: one at a time, each until it is answered 200. */
export class WebhookSender {
  readonly #instance: PostingInstance
  readonly #clock: Clock
  readonly #random: () => number
  readonly #onAttempt: (attempt: WebhookAttempt) => void
  #retryDelay: AbortController | undefined
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }

  constructor (
    instance: PostingInstance,
    clock: Clock,
    random: () => number,
    onAttempt: (attempt: WebhookAttempt) => void
  ) {
    this.#instance = instance
    this.#clock = clock
    this.#random = random
    this.#onAttempt = onAttempt
  }

  /** Posts notifications until `signal` aborts. */
  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { webhookUrl } = this.#instance.settings
      const notification = webhookUrl === '' ? undefined : this.#instance.nextNotification()
      if (notification === undefined) {
        await this.#instance.changes.next(signal)
        continue
      }
      notification.attempts++
      const attempt = await this.#post(webhookUrl, notification, signal)
      if (signal.aborted) break
      this.#onAttempt(attempt)
      if (attempt.status === 200) this.#instance.markDelivered(notification)
      else await this.#waitToRetry(signal)
    }
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  /** Ends the pause before a retry, if there is one. */
  retryNow (): void {
    this.#retryDelay?.abort()
  }

  async #waitToRetry (signal: AbortSignal): Promise<void> {
    this.#retryDelay = new AbortController()
    await this.#clock.sleep(retryDelayMs, AbortSignal.any([signal, this.#retryDelay.signal]))
  }

  async #post (url: string, notification: QueuedNotification, signal: AbortSignal): Promise<WebhookAttempt> {
    const startedAt = performance.now()
    const durationMs = () => performance.now() - startedAt
    try {
      const answer = await this.#request(url, notification, signal)
      return { notification, ...answer, durationMs: durationMs() }
    } catch (error) {
      return { notification, status: undefined, answer: '', durationMs: durationMs(), error: errorMessage(error) }
    }
  }

  async #request (
    url: string,
    notification: QueuedNotification,
    signal: AbortSignal
  ): Promise<Pick<WebhookAttempt, 'status' | 'answer'>> {
    const token = this.#selectToken(notification)
    const request = postWebhook(new URL(url), notification.text, token, { agents: this.#agents })
    const abort = () => { request.destroy(new Error('the emulator is closing')) }
    const cancelTimeout = this.#clock.after(webhookTimeoutMs, () => {
      request.destroy(new Error('no answer within 180 s'))
    })
    signal.addEventListener('abort', abort)
    try {
      return await readAnswer(request)
    } finally {
      cancelTimeout()
      signal.removeEventListener('abort', abort)
    }
  }

  // A notification queued before the token changed may carry the old token or the new one.
  #selectToken ({ token }: QueuedNotification): string {
    const { webhookUrlToken } = this.#instance.settings
    return token === webhookUrlToken || this.#random() < 0.5 ? webhookUrlToken : token
  }
}

// Reads the answer to its end, so that the connection can be used again.
function readAnswer (request: ClientRequest): Promise<Pick<WebhookAttempt, 'status' | 'answer'>> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        if (size < maxAnswerBytes) chunks.push(chunk)
        size += chunk.length
      })
      response.on('end', () => {
        const answer = Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString()
        resolve({ status: response.statusCode, answer })
      })
      response.on('error', reject)
    })
  })
}
