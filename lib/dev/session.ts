import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { InvalidOptionError } from '../errors.ts'
import type { Emulator, Faults } from '../emulator/index.ts'
import { SendError, type Sender } from '../sending/index.ts'
import { addCustomerRoutes } from './customer-routes.ts'
import { addPageFiles } from './page-files.ts'
import type { Hello, MenuDraft, State, TargetStatus } from './protocol.ts'
import { Records, type Change } from './records.ts'
import type { Source } from './source.ts'
import { Streams, toMessage } from './streams.ts'
import { TargetWatch } from './target-watch.ts'

interface SessionOptions {
  /** Called when the source listens. */
  getSender (): Sender
  readonly isExample: boolean
  readonly onTarget: ((status: TargetStatus) => void) | undefined
}

/** The pause before a retry in milliseconds, if the server did not answer. GREEN-API would wait a minute. */
const retryDelay = 1000

/** The path that notifications are posted to while the page simulates an outage. */
const outagePath = '/outage'

/** Connects a source of notifications, the developer's server and the pages. */
export class Session {
  readonly #source: Source
  readonly #options: SessionOptions
  readonly #records = new Records()
  readonly #streams = new Streams()
  #target = ''
  #watch: TargetWatch | undefined
  #isStopped = false
  #faults: Faults = {}
  #problem: string | undefined
  #retry: NodeJS.Timeout | undefined

  constructor (source: Source, options: SessionOptions) {
    this.#source = source
    const { events } = source
    this.#options = options
    events.on('queued', (notification) => { this.#publish(this.#records.add(notification)) })
    events.on('attempted', (attempt) => {
      this.#publish(this.#records.addAttempt(attempt))
      if (attempt.status === undefined) this.#retryLater()
      else if (!this.#isStopped) this.#watch?.set(true)
    })
    // The size of the queue has changed.
    events.on('delivered', () => { this.#publishState() })
    events.on('expired', (notification) => { this.#publish(this.#records.expire(notification)) })
    events.on('problem', (message) => {
      if (this.#problem === message) return
      this.#problem = message
      this.#publishState()
    })
  }

  async start (target: URL): Promise<void> {
    this.#target = target.href
    this.#watch = new TargetWatch(target, (isUp) => {
      if (isUp) this.#source.retryNow()
      this.#options.onTarget?.(this.#status)
      this.#publishState()
    })
    this.#watch.run()
    await this.#source.postTo(this.#target)
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
      const isUserError = error instanceof InvalidOptionError || error instanceof SendError
      const { statusCode = isUserError ? 400 : 500, message } = error
      reply.code(statusCode).send({ message })
    })
    await addPageFiles(page)

    page.get<{ Querystring: { after?: string } }>('/events', ({ headers, query }, reply) => {
      const { fresh, records } = this.#records.since(String(headers['last-event-id'] ?? query.after ?? ''))
      const past = records.map((text) => toMessage('record', text))
      // Only the last message has an id: a page that loses the connection before it receives the past again.
      const live = toMessage('live', '{}', this.#records.latestId)
      return this.#streams.open(reply, [this.#hello(fresh), ...past, this.#state(), live])
    })

    // The sender checks the other members.
    const menu = objectWith({ buttons: { type: 'array', items: { type: 'object' } } })
    page.post<{ Body: MenuDraft }>('/menu', { schema: { body: menu } }, async ({ body }) => {
      const isReply = body.buttons.length > 0 && body.buttons.every(({ type }) => type === 'reply')
      const method = isReply ? 'sendInteractiveButtonsReply' : 'sendInteractiveButtons'
      return await this.#options.getSender().call(method, body)
    })
    page.post('/retry', async () => {
      this.#source.retryNow()
      return {}
    })
    const { emulator } = this.#source
    if (emulator !== undefined) this.#addEmulatorRoutes(page, emulator)
  }

  #addEmulatorRoutes (page: FastifyInstance, emulator: Emulator): void {
    const instance = emulator.instance()
    const server = objectWith({ up: { type: 'boolean' } })
    page.post<{ Body: { up: boolean } }>('/server', { schema: { body: server } }, async ({ body: { up } }) => {
      this.#isStopped = !up
      await this.#source.postTo(up ? this.#target : emulator.apiUrl + outagePath)
      this.#publishState()
      return {}
    })
    page.post(outagePath, (request, reply) => reply.code(503).send({ message: 'The server is stopped on the page.' }))
    const settings = {
      type: 'object',
      properties: { speed: { enum: [1, 60] }, faults: { type: 'object' } }
    }
    interface Settings { speed?: number, faults?: Faults }
    page.post<{ Body: Settings }>('/settings', { schema: { body: settings } }, async ({ body }) => {
      const { speed, faults } = body
      if (faults !== undefined) {
        instance.setFaults(faults)
        this.#faults = faults
      }
      if (speed !== undefined) emulator.clock.setSpeed(speed)
      this.#publishState()
      return {}
    })
    page.register((scope) => addCustomerRoutes(scope, instance, () => this.#faults))
  }

  get #status (): TargetStatus {
    if (this.#isStopped) return 'stopped'
    const isUp = this.#watch?.isUp
    return isUp === undefined ? 'connecting' : isUp ? 'up' : 'down'
  }

  #retryLater (): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => { this.#source.retryNow() }, retryDelay).unref()
  }

  #hello (fresh: boolean): string {
    const { emulator, credentials: { apiUrl, idInstance, apiTokenInstance } } = this.#source
    return toMessage('hello', JSON.stringify({
      run: this.#records.run,
      fresh,
      mode: emulator === undefined ? 'account' : 'emulator',
      version: readVersion(),
      target: this.#target,
      isExample: this.#options.isExample,
      // The token of a real account stays here.
      api: { apiUrl, idInstance, ...emulator !== undefined && { apiTokenInstance } }
    } satisfies Hello))
  }

  #state (): string {
    const { emulator, waiting } = this.#source
    return toMessage('state', JSON.stringify({
      target: this.#status,
      waiting,
      speed: emulator?.clock.speed ?? 1,
      faults: this.#faults,
      ...this.#problem !== undefined && { problem: this.#problem }
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
