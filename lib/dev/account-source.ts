import { EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import { readReceiptId, sliceEnvelopeBody } from '../body/index.ts'
import type { QueuedNotification } from '../emulator/index.ts'
import { beginningOf, Client, postWebhook, webhookTimeoutMs, type Credentials } from '../green-api/index.ts'
import { errorMessage } from '../util/error-message.ts'
import type { Source, SourceEvents } from './source.ts'

/** How long GREEN-API waits for a notification before it answers. */
const receiveTimeoutSeconds = 5

/** The pause before a notification is posted again, as with GREEN-API's webhooks. */
const retryDelayMs = 60_000

/** The pause after a failed call of GREEN-API. */
const failureDelayMs = 5000

/** Creates a source that polls a real account, and posts its notifications as GREEN-API's webhooks would. */
export function createAccountSource (credentials: Credentials, webhookToken: string): Source {
  return new AccountSource(credentials, webhookToken)
}

class AccountSource implements Source {
  readonly events = new EventEmitter<SourceEvents>()
  readonly server = Fastify({ forceCloseConnections: true })
  readonly credentials: Credentials
  readonly #client: Client
  readonly #webhookToken: string
  readonly #stopping = new AbortController()
  #url: string | undefined
  #retry = new AbortController()
  #count = 0
  #waiting = 0

  constructor (credentials: Credentials, webhookToken: string) {
    this.credentials = credentials
    this.#client = new Client(credentials)
    this.#webhookToken = webhookToken
  }

  get waiting (): number {
    return this.#waiting
  }

  async listen (port: number): Promise<string> {
    return await this.server.listen({ host: '127.0.0.1', port })
  }

  async postTo (url: string): Promise<void> {
    const isFirst = this.#url === undefined
    this.#url = url
    if (isFirst) this.#run()
  }

  retryNow (): void {
    this.#retry.abort()
  }

  async close (): Promise<void> {
    this.#stopping.abort()
    await this.server.close()
  }

  async #run (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await this.#forwardOne(signal)
        this.events.emit('problem', undefined)
      } catch (error) {
        if (signal.aborted) return
        this.events.emit('problem', errorMessage(error))
        await sleep(failureDelayMs, undefined, { signal, ref: false }).catch(() => {})
      }
    }
  }

  /** Receives a notification, posts it until it is answered 200, and deletes it from GREEN-API's queue. */
  async #forwardOne (signal: AbortSignal): Promise<void> {
    const received = await this.#client.call('receiveNotification', {
      query: { receiveTimeout: String(receiveTimeoutSeconds) }, timeout: receiveTimeoutSeconds * 1000 + 30_000, signal
    })
    const body = beginningOf(received.body)
    const receiptId = readReceiptId(body)
    if (receiptId === undefined) return
    const { idInstance } = this.credentials
    const notification: QueuedNotification = {
      receiptId: ++this.#count,
      idInstance,
      text: sliceEnvelopeBody(body),
      body: {},
      fault: 'none',
      queuedAt: Date.now(),
      token: this.#webhookToken,
      attempts: 0
    }
    this.#waiting = 1
    this.events.emit('queued', notification)
    while (!await this.#post(notification, signal)) {
      this.#retry = new AbortController()
      const either = AbortSignal.any([signal, this.#retry.signal])
      await sleep(retryDelayMs, undefined, { signal: either, ref: false }).catch(() => {})
      if (signal.aborted) return
    }
    await this.#client.call('deleteNotification', { verb: 'DELETE', suffix: receiptId, signal })
    this.#waiting = 0
    this.events.emit('delivered', notification)
  }

  async #post (notification: QueuedNotification, signal: AbortSignal): Promise<boolean> {
    notification.attempts++
    const startedAt = performance.now()
    const durationMs = () => performance.now() - startedAt
    try {
      const request = postWebhook(new URL(String(this.#url)), notification.text, this.#webhookToken, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(webhookTimeoutMs)])
      })
      const [response] = await once(request, 'response')
      let answer = ''
      for await (const chunk of response) if (answer.length < 4096) answer += String(chunk)
      this.events.emit('attempted', { notification, status: response.statusCode, answer, durationMs: durationMs() })
      return response.statusCode === 200
    } catch (error) {
      const attempt = { notification, status: undefined, answer: '', durationMs: durationMs() }
      if (!signal.aborted) this.events.emit('attempted', { ...attempt, error: errorMessage(error) })
      return false
    }
  }
}
