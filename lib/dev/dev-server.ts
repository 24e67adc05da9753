import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { InvalidOptionError } from '../errors.ts'
import { Emulator, type Faults } from '../emulator/index.ts'
import { addCustomerRoutes } from './customer-routes.ts'
import { rejectOtherSites } from './guard.ts'
import { addPageFiles } from './page-files.ts'
import type { Hello, MenuDraft, State, TargetStatus } from './protocol.ts'
import { Records, type Change } from './records.ts'
import { sendMessage } from './send-message.ts'
import { buildShop } from './shop.ts'
import { Streams, toMessage } from './streams.ts'
import { TargetWatch } from './target-watch.ts'

/** The options of `startDev`. */
export interface DevOptions {
  /** The URL that notifications are posted to. Default: the example shop, in the same process. */
  readonly to?: URL | undefined
  /** The token in the `Authorization` header of notifications. Default: none. */
  readonly token?: string | undefined
  /** The port of the page and the API. Default: 0, any free port. */
  readonly port?: number | undefined
  /** Called when the developer's server starts or stops to accept connections. */
  readonly onTarget?: ((status: TargetStatus) => void) | undefined
}

/** A running emulator with its page. */
export interface DevServer {
  /** The address of the page, which is also the `apiUrl`. */
  readonly url: string
  /** The URL that notifications are posted to. */
  readonly target: string
  close (): Promise<void>
}

/** The pause before a retry in milliseconds, if the server did not answer. GREEN-API would wait a minute. */
const retryDelay = 1000

/** The path that notifications are posted to while the page simulates an outage. */
const outagePath = '/outage'

/** Starts the emulator and the page on 127.0.0.1, and posts notifications to the developer's server. */
export async function startDev ({ to, token, port = 0, onTarget }: DevOptions = {}): Promise<DevServer> {
  const webhookUrlToken = token ?? (to === undefined ? 'example-token' : '')
  const emulator = new Emulator({
    instances: [{ settings: { webhookUrlToken, delaySendMessagesMilliseconds: 500 } }]
  })
  const { idInstance, apiTokenInstance } = emulator.instance()
  const credentials = () => ({ apiUrl: emulator.apiUrl, idInstance, apiTokenInstance })
  const shop = to === undefined ? await buildShop(webhookUrlToken, credentials) : undefined
  const session = new Session(emulator, { isExample: shop !== undefined, onTarget })
  emulator.server.addHook('onRequest', rejectOtherSites)
  emulator.server.register((page) => session.addRoutes(page))
  try {
    const url = await emulator.listen({ port })
    const target = to ?? new URL('/green-api', await shop?.listen({ host: '127.0.0.1', port: 0 }))
    await session.start(target)
    return {
      url,
      target: target.href,
      async close () {
        session.stop()
        await emulator.close()
        await shop?.close()
      }
    }
  } catch (error) {
    await emulator.close()
    await shop?.close()
    throw error
  }
}

interface SessionOptions {
  readonly isExample: boolean
  readonly onTarget: DevOptions['onTarget']
}

/** Connects an emulator, the developer's server and the pages. */
class Session {
  readonly #emulator: Emulator
  readonly #options: SessionOptions
  readonly #records = new Records()
  readonly #streams = new Streams()
  #target = ''
  #watch: TargetWatch | undefined
  #isStopped = false
  #faults: Faults = {}
  #retry: NodeJS.Timeout | undefined

  constructor (emulator: Emulator, options: SessionOptions) {
    this.#emulator = emulator
    this.#options = options
    emulator.on('queued', (notification) => { this.#publish(this.#records.add(notification)) })
    emulator.on('attempted', (attempt) => {
      this.#publish(this.#records.addAttempt(attempt))
      if (attempt.status === undefined) this.#retryLater()
      else if (!this.#isStopped) this.#watch?.set(true)
    })
    emulator.on('delivered', (notification) => { this.#publish(this.#records.setState(notification, 'delivered')) })
    emulator.on('expired', (notification) => { this.#publish(this.#records.setState(notification, 'expired')) })
  }

  async start (target: URL): Promise<void> {
    this.#target = target.href
    this.#watch = new TargetWatch(target, (isUp) => {
      if (isUp) this.#instance.retryNow()
      this.#options.onTarget?.(this.#status)
      this.#publishState()
    })
    this.#watch.run()
    await this.#instance.applySettings({ webhookUrl: this.#target })
  }

  stop (): void {
    clearTimeout(this.#retry)
    this.#watch?.stop()
  }

  async addRoutes (page: FastifyInstance): Promise<void> {
    // Forms of other sites can send text/plain.
    page.removeContentTypeParser('text/plain')
    page.addHook('preClose', async () => { this.#streams.end() })
    page.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const { statusCode = error instanceof InvalidOptionError ? 400 : 500, message } = error
      reply.code(statusCode).send({ message })
    })
    await addPageFiles(page)

    page.get<{ Querystring: { after?: string } }>('/events', ({ headers, query }, reply) => {
      const { fresh, changes } = this.#records.since(String(headers['last-event-id'] ?? query.after ?? ''))
      const records = changes.map(({ id, text }) => toMessage('record', text, id))
      return this.#streams.open(reply, [this.#hello(fresh), ...records, this.#state(), toMessage('live', '{}')])
    })

    // GREEN-API validates the other members, so that the page shows GREEN-API's error messages.
    const menu = objectWith({ buttons: { type: 'array', items: { type: 'object' } } })
    page.post<{ Body: MenuDraft }>('/menu', { schema: { body: menu } }, async ({ body }) => {
      const isReply = body.buttons.length > 0 && body.buttons.every(({ type }) => type === 'reply')
      const method = isReply ? 'sendInteractiveButtonsReply' : 'sendInteractiveButtons'
      return { idMessage: await sendMessage(this.#credentials, method, body) }
    })
    const text = objectWith({ chatId: { type: 'string' }, message: { type: 'string' } })
    page.post<{ Body: { chatId: string, message: string } }>('/text', { schema: { body: text } }, async ({ body }) => {
      return { idMessage: await sendMessage(this.#credentials, 'sendMessage', body) }
    })

    const server = objectWith({ up: { type: 'boolean' } })
    page.post<{ Body: { up: boolean } }>('/server', { schema: { body: server } }, async ({ body: { up } }) => {
      this.#isStopped = !up
      await this.#instance.applySettings({ webhookUrl: up ? this.#target : this.#emulator.apiUrl + outagePath })
      this.#publishState()
      return {}
    })
    page.post(outagePath, (request, reply) => reply.code(503).send({ message: 'The server is stopped on the page.' }))
    page.post('/retry', async () => {
      this.#instance.retryNow()
      return {}
    })

    const settings = {
      type: 'object',
      properties: { speed: { enum: [1, 60] }, faults: { type: 'object' }, stateInstance: { type: 'string' } }
    }
    interface Settings { speed?: number, faults?: Faults, stateInstance?: string }
    page.post<{ Body: Settings }>('/settings', { schema: { body: settings } }, async ({ body }) => {
      const { speed, faults, stateInstance } = body
      if (faults !== undefined) {
        this.#instance.setFaults(faults)
        this.#faults = faults
      }
      if (speed !== undefined) this.#emulator.clock.setSpeed(speed)
      if (stateInstance !== undefined) this.#instance.changeState(stateInstance)
      this.#publishState()
      return {}
    })
    addCustomerRoutes(page, this.#instance, () => this.#faults)
  }

  get #instance () {
    return this.#emulator.instance()
  }

  get #credentials () {
    const { idInstance, apiTokenInstance } = this.#instance
    return { apiUrl: this.#emulator.apiUrl, idInstance, apiTokenInstance }
  }

  get #status (): TargetStatus {
    if (this.#isStopped) return 'stopped'
    const isUp = this.#watch?.isUp
    return isUp === undefined ? 'connecting' : isUp ? 'up' : 'down'
  }

  #retryLater (): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => { this.#instance.retryNow() }, retryDelay).unref()
  }

  #hello (fresh: boolean): string {
    return toMessage('hello', JSON.stringify({
      run: this.#records.run,
      fresh,
      mode: 'emulator',
      version: readVersion(),
      target: this.#target,
      isExample: this.#options.isExample,
      api: this.#credentials
    } satisfies Hello))
  }

  #state (): string {
    return toMessage('state', JSON.stringify({
      target: this.#status,
      waiting: this.#instance.queue.size,
      speed: this.#emulator.clock.speed,
      faults: this.#faults,
      stateInstance: this.#instance.stateInstance
    } satisfies State))
  }

  #publish (change: Change | undefined): void {
    if (change === undefined) return
    this.#streams.send(toMessage('record', change.text, change.id))
    this.#publishState()
  }

  #publishState (): void {
    this.#streams.send(this.#state())
  }
}

function objectWith (properties: Record<string, object>) {
  return { type: 'object', properties, required: Object.keys(properties) }
}

function readVersion (): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  )
  return version
}
