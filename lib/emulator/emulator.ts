import { EventEmitter } from 'node:events'
import type { FastifyInstance } from 'fastify'
import type { MessageBody } from '../builders/index.ts'
import { InvalidOptionError } from '../errors.ts'
import type { Content } from '../schemas/values.ts'
import { createApiServer } from './api-server.ts'
import { Clock } from './clock.ts'
import type { EmulatedInstance } from './emulated-instance.ts'
import { Instance, type EmulatorObserver, type InstanceContext } from './instance.ts'
import type { QueuedNotification } from './notification-queue.ts'
import type { EmulatorOptions, InstanceOptions } from './options.ts'
import { addProxy } from './proxy.ts'
import { prefixErrors, validateEmulatorOptions } from './validate-options.ts'
import type { WebhookAttempt } from './webhook-sender.ts'

/** The events of an emulator: each message, and the life of each notification. */
export interface EmulatorEvents {
  /** A message was sent with the API or by the customer, even if the settings allow no notification of it. */
  message: [body: MessageBody]
  /** A notification was lost on purpose, with the fault `lost`. */
  lost: [body: Content]
  /** A notification was added to its instance's queue. */
  queued: [notification: QueuedNotification]
  /** A notification was posted to the `webhookUrl`. It was answered with any status, or not at all. */
  attempted: [attempt: WebhookAttempt]
  /** A notification was answered 200, or deleted with `deleteNotification`. */
  delivered: [notification: QueuedNotification]
  /** A notification was not delivered within 24 hours, and is lost. */
  expired: [notification: QueuedNotification]
}

/** The options of `listen`. */
interface ListenOptions {
  readonly port?: number | undefined
  readonly host?: string | undefined
}

/**
 * Emulates GREEN-API: a local server with its API, and instances that post notifications to a
 * `webhookUrl` or return them from `receiveNotification`.
 *
 * @example
 * const emulator = new Emulator({ instances: [{ settings: { webhookUrl: 'http://127.0.0.1:3000/green-api' } }] })
 * await emulator.listen()
 */
export class Emulator extends EventEmitter<EmulatorEvents> {
  /** The emulator's clock, which all timestamps, pauses and timeouts follow. */
  readonly clock: Clock
  /** The API's server. Add your own routes before it listens. */
  readonly server: FastifyInstance
  readonly #instances: ReadonlyMap<string, Instance>
  #listening: Promise<string> | undefined
  #closing: Promise<void> | undefined
  #certificate: Promise<string> | undefined

  /** @throws {InvalidOptionError} if an option is unknown or invalid */
  constructor (options: EmulatorOptions = {}) {
    super()
    validateEmulatorOptions(options)
    const {
      instances = [{}],
      seed,
      faults = {},
      statuses = () => ['sent', 'delivered', 'read'],
      settingsDelay = 0,
      statusDelay = 500,
      rateLimits = false,
      logger
    } = options
    this.clock = new Clock(options.clock)
    const context: InstanceContext = {
      clock: this.clock,
      seed,
      faults,
      statuses,
      settingsDelayMs: settingsDelay,
      statusDelayMs: statusDelay,
      limitsAllMethods: rateLimits,
      observer: this.#createObserver()
    }
    const isOnly = instances.length === 1
    this.#instances = indexInstances(
      instances.map((each, index) => createInstance(each, context, isOnly ? undefined : index))
    )
    this.server = createApiServer(this.#instances, this.clock, logger)
    this.#runWithServer()
  }

  /**
   * Starts the API's server and the instances.
   *
   * @param options - `port`, default: 0, any free port; `host`, default: `'127.0.0.1'`
   * @returns the `apiUrl`
   * @throws {Error} (as a rejection) if the emulator is closed, or the port is in use
   */
  async listen ({ port = 0, host = '127.0.0.1' }: ListenOptions = {}): Promise<string> {
    if (this.#closing !== undefined) throw new Error('The emulator is closed. Create a new one.')
    this.#listening ??= this.server.listen({ port, host })
    return await this.#listening
  }

  /**
   * The URL of the API, such as `http://127.0.0.1:8080`.
   *
   * @throws {Error} if the emulator does not listen
   */
  get apiUrl (): string {
    const { listening } = this.server.server
    if (!listening) throw new Error('The emulator does not listen. Await its listen() first.')
    return this.server.listeningOrigin
  }

  /**
   * Makes the server also an HTTPS proxy, for clients with a hard-coded API address. Set `HTTPS_PROXY`
   * to the `apiUrl`, and `NODE_EXTRA_CA_CERTS` to a file with the certificate. This works for clients
   * that respect `HTTPS_PROXY`, such as axios. It does not work for Node's `fetch` and `https`, which
   * then call the real GREEN-API: pass them the `apiUrl` instead.
   *
   * @returns the certificate, in PEM format, valid for seven days
   * @throws {Error} (as a rejection) if the package `selfsigned` is not installed
   */
  certificate (): Promise<string> {
    this.#certificate ??= addProxy(this.server)
    return this.#certificate
  }

  /**
   * Returns an instance.
   *
   * @param idInstance - default: the first instance
   * @throws {Error} if there is no such instance
   */
  instance (idInstance?: string | number): EmulatedInstance {
    const [first] = this.#instances.values()
    const instance = idInstance === undefined ? first : this.#instances.get(String(idInstance))
    if (instance === undefined) {
      throw new Error(`Unknown instance ${idInstance}. The emulator has ${[...this.#instances.keys()].join(', ')}.`)
    }
    return instance
  }

  /**
   * Resolves when every message has its last status and every notification is delivered or expired.
   *
   * @throws {Error} (as a rejection) if that cannot happen: the emulator does not listen, an instance without a
   * `webhookUrl` is not polled for some seconds, or an instance that is not authorized keeps its messages
   */
  async idle (): Promise<void> {
    // The instances run when the server is ready.
    await this.#listening
    await Promise.all(Array.from(this.#instances.values(), (instance) => instance.idle()))
  }

  /** Stops the server and the instances. Queued notifications are lost. */
  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async #close (): Promise<void> {
    // Fastify leaves a server open that is closed before it listens.
    await this.#listening?.catch(() => {})
    await this.server.close()
  }

  #createObserver (): EmulatorObserver {
    return {
      message: (body) => { callSafely(() => this.emit('message', body)) },
      lost: (body) => { callSafely(() => this.emit('lost', body)) },
      queued: (notification) => { callSafely(() => this.emit('queued', notification)) },
      attempted: (attempt) => { callSafely(() => this.emit('attempted', attempt)) },
      delivered: (notification) => { callSafely(() => this.emit('delivered', notification)) },
      expired: (notification) => { callSafely(() => this.emit('expired', notification)) }
    }
  }

  #runWithServer (): void {
    let running: Promise<unknown> | undefined
    this.server.addHook('onReady', async () => {
      running = Promise.all(Array.from(this.#instances.values(), (instance) => instance.run()))
    })
    this.server.addHook('preClose', async () => {
      for (const instance of this.#instances.values()) instance.stop()
      await running
    })
  }
}

/** Creates an instance. An error about its options begins with the instance, if there is a name for it. */
function createInstance (options: InstanceOptions, context: InstanceContext, index: number | undefined): Instance {
  const id = String(Object(options).idInstance ?? '')
  const name = /^\d+$/.test(id) ? `Instance ${id}` : index === undefined ? '' : `instances[${index}]`
  const create = () => new Instance(options, context)
  return name === '' ? create() : prefixErrors(name, create)
}

function indexInstances (instances: readonly Instance[]): Map<string, Instance> {
  const index = new Map(instances.map((instance) => [instance.idInstance, instance]))
  if (index.size === 0) throw new InvalidOptionError('instances is empty: add an instance, or leave the option out')
  const twin = instances.find((instance) => index.get(instance.idInstance) !== instance)
  if (twin !== undefined) {
    throw new InvalidOptionError(`two instances have the same idInstance ${twin.idInstance}: give each its own`)
  }
  return index
}

// A listener that throws must not stop the emulator: its error is thrown as an uncaught exception.
function callSafely (emit: () => void): void {
  try {
    emit()
  } catch (error) {
    process.nextTick(() => { throw error })
  }
}
