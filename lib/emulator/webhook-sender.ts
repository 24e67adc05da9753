import { Agent as HttpAgent, type ClientRequest } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { postWebhook, webhookTimeoutMs } from '../green-api/webhook-request.ts'
import { errorMessage } from '../util/error-message.ts'
import type { Clock } from './clock.ts'
import type { Instance } from './instance.ts'
import type { QueuedNotification } from './notification-queue.ts'

/** In milliseconds: the pause before a notification is sent again. */
const pause = 60_000

/** What came of sending a notification once. */
export interface WebhookAttempt {
  readonly notification: QueuedNotification
  /** Of the answer; `undefined` where there was none. */
  readonly status: number | undefined
  /** Why there was none. */
  readonly error?: string
}

/** Posts an instance's notifications to its `webhookUrl`: one at a time, the same again and again until it is answered 200. */
export class WebhookSender {
  readonly #instance: Instance
  readonly #clock: Clock
  readonly #chance: () => number
  readonly #onAttempt: (attempt: WebhookAttempt) => void
  #pause: AbortController | undefined
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }

  constructor (instance: Instance, clock: Clock, chance: () => number, onAttempt: (attempt: WebhookAttempt) => void) {
    this.#instance = instance
    this.#clock = clock
    this.#chance = chance
    this.#onAttempt = onAttempt
  }

  /** Works until the signal is aborted. */
  async run (signal: AbortSignal): Promise<void> {
    const { queue } = this.#instance
    while (!signal.aborted) {
      const { webhookUrl } = this.#instance.settings
      const notification = webhookUrl === '' ? undefined : this.#instance.head()
      if (notification === undefined) {
        await queue.change(signal)
        continue
      }
      notification.attempts++
      const attempt = await this.#post(webhookUrl, notification, signal)
      if (signal.aborted) break
      this.#onAttempt(attempt)
      if (attempt.status === 200) this.#instance.remove(notification)
      else await this.#rest(signal)
    }
    this.#agents.http.destroy()
    this.#agents.https.destroy()
  }

  /** Ends the pause, if there is one. */
  retryNow (): void {
    this.#pause?.abort()
  }

  async #rest (signal: AbortSignal): Promise<void> {
    this.#pause = new AbortController()
    await this.#clock.sleep(pause, AbortSignal.any([signal, this.#pause.signal]))
  }

  /** Never rejects. */
  async #post (url: string, notification: QueuedNotification, signal: AbortSignal): Promise<WebhookAttempt> {
    try {
      return { notification, status: await this.#exchange(url, notification, signal) }
    } catch (error) {
      return { notification, status: undefined, error: errorMessage(error) }
    }
  }

  async #exchange (url: string, notification: QueuedNotification, signal: AbortSignal): Promise<number | undefined> {
    const request = postWebhook(new URL(url), notification.text, this.#tokenOf(notification), { agents: this.#agents })
    const stop = () => { request.destroy(new Error('the emulator is closing')) }
    const cancel = this.#clock.after(webhookTimeoutMs, () => { request.destroy(new Error('no answer within 180 s')) })
    signal.addEventListener('abort', stop)
    try {
      return await statusOf(request)
    } finally {
      cancel()
      signal.removeEventListener('abort', stop)
    }
  }

  // What was queued before the token changed may carry either.
  #tokenOf ({ token }: QueuedNotification): string {
    const { webhookUrlToken } = this.#instance.settings
    return token === webhookUrlToken || this.#chance() < 0.5 ? webhookUrlToken : token
  }
}

// The answer is read to its end, so that the connection can be used again.
function statusOf (request: ClientRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      response.resume()
      response.on('end', () => { resolve(response.statusCode) })
      response.on('error', reject)
    })
  })
}
