import { EventEmitter } from 'node:events'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { InvalidOptionError } from '../errors.ts'
import { Instance, type EmulatorObserver } from './instance.ts'
import { checkEmulator } from './validate-options.ts'
import { Clock, type ClockOptions } from './clock.ts'
import type { EmulatedInstance, InstanceOptions } from './types.ts'
import type { Faults } from './faults.ts'
import type { QueuedNotification } from './notification-queue.ts'
import type { StatusRule } from './outbox.ts'
import type { WebhookAttempt } from './webhook-sender.ts'
import { actAsProxy } from './proxy.ts'
import { makeServer } from './api-server.ts'

/** What is emulated, and how. */
export interface EmulatorOptions {
  /** Default: one, with the defaults of an instance. */
  readonly instances?: readonly InstanceOptions[] | undefined
  /** How time passes. Default: as it does. */
  readonly clock?: ClockOptions | undefined
  /** With one, ids and faults are the same each time. Default: others each time. */
  readonly seed?: string | number | undefined
  /** How often it misbehaves. Default: never. */
  readonly faults?: Faults | undefined
  /**
   * What becomes of a message that was sent, in the words of `outgoingMessageStatus`, in that
   * order; `noAccount` where there is no such account. Default: `sent`, `delivered`, `read`.
   */
  readonly statuses?: StatusRule | undefined
  /** In milliseconds: how long it takes until settings apply; with GREEN-API up to five minutes. Default: 0. */
  readonly settingsDelay?: number | undefined
  /** In milliseconds: how long it takes from one status of a message to the next. Default: 500. */
  readonly statusDelay?: number | undefined
  /** As Fastify's, of the API's server. Default: none. */
  readonly logger?: FastifyServerOptions['logger']
}

/** What can be listened to: what becomes of notifications. */
export interface EmulatorEvents {
  /** One waits to be taken. */
  queued: [notification: QueuedNotification]
  /** One was posted, whatever the answer. */
  attempted: [attempt: WebhookAttempt]
  /** One was answered 200, or deleted by whoever asked for it. */
  delivered: [notification: QueuedNotification]
  /** One was not taken for 24 hours, and is lost. */
  expired: [notification: QueuedNotification]
}

/**
 * Stands in for GREEN-API: its API on a local server, and instances that post notifications, or
 * hand them out, as the real ones do.
 *
 * @example
 * const emulator = new Emulator({ instances: [{ settings: { webhookUrl: 'http://127.0.0.1:3000/green-api' } }] })
 * await emulator.listen()
 */
export class Emulator extends EventEmitter<EmulatorEvents> {
  readonly clock: Clock
  /** The API's server. It works from `ready` until it is closed. */
  readonly server: FastifyInstance
  readonly #instances: ReadonlyMap<string, Instance>
  #listening: Promise<string> | undefined
  #closing: Promise<void> | undefined
  #certificate: Promise<string> | undefined

  constructor (options: EmulatorOptions = {}) {
    super()
    checkEmulator(options)
    const { instances = [{}], seed, faults = {}, statuses = () => ['sent', 'delivered', 'read'], settingsDelay = 0, statusDelay = 500, logger } = options
    this.clock = new Clock(options.clock)
    const witness: EmulatorObserver = {
      queued: (notification) => { tell(() => this.emit('queued', notification)) },
      attempted: (attempt) => { tell(() => this.emit('attempted', attempt)) },
      delivered: (notification) => { tell(() => this.emit('delivered', notification)) },
      expired: (notification) => { tell(() => this.emit('expired', notification)) }
    }
    const surroundings = { clock: this.clock, seed, faults, statuses, settingsDelay, statusDelay, witness }
    this.#instances = indexInstances(instances.map((each) => new Instance(each, surroundings)))
    this.server = makeServer(this.#instances, this.clock, logger)
    this.#work()
  }

  /** Listens, by default on a free port of this machine alone. Resolves with the `apiUrl`. */
  async listen ({ port = 0, host = '127.0.0.1' }: { port?: number | undefined, host?: string | undefined } = {}): Promise<string> {
    if (this.#closing !== undefined) throw new Error('the emulator is closed: make another one')
    this.#listening ??= this.server.listen({ port, host })
    return await this.#listening
  }

  /** Where the API is, once it listens. */
  get apiUrl (): string {
    const { listening } = this.server.server
    if (!listening) throw new Error('the emulator does not listen: await its listen() first')
    return this.server.listeningOrigin
  }

  /**
   * Makes it a proxy as well, for programs that cannot be told where the API is: with `HTTPS_PROXY`
   * set to the `apiUrl`, and trusting this certificate (`NODE_EXTRA_CA_CERTS` names its file), those
   * that heed the variable, as axios does, find the emulator under GREEN-API's own addresses. Node's
   * `fetch` and `https` do not, and reach the real ones: tell them the `apiUrl`. Resolves with the certificate, in the PEM
   * format. Needs the package `selfsigned`.
   */
  certificate (): Promise<string> {
    this.#certificate ??= actAsProxy(this.server)
    return this.#certificate
  }

  /** The instance with this id, or the first one. */
  instance (idInstance?: string | number): EmulatedInstance {
    const [first] = this.#instances.values()
    const instance = idInstance === undefined ? first : this.#instances.get(String(idInstance))
    if (instance === undefined) throw new Error(`there is no instance ${idInstance}: the emulator was given ${[...this.#instances.keys()].join(', ')}`)
    return instance
  }

  /** Waits until all that was to be sent has been, and every notification was taken. */
  async idle (): Promise<void> {
    await Promise.all(Array.from(this.#instances.values(), (instance) => instance.idle()))
  }

  /** Stops sending and listening. What is queued is lost. */
  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async #close (): Promise<void> {
    // Fastify would leave open what is only about to be.
    await this.#listening?.catch(() => {})
    await this.server.close()
  }

  #work (): void {
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

function indexInstances (instances: readonly Instance[]): Map<string, Instance> {
  const index = new Map(instances.map((instance) => [instance.idInstance, instance]))
  if (index.size === 0) throw new InvalidOptionError('instances is empty: give the emulator one, or leave it out')
  if (index.size < instances.length) throw new InvalidOptionError('two instances have the same idInstance: give each its own')
  return index
}

// A listener that throws is its author's to hear of, and stops nothing here.
function tell (emit: () => void): void {
  try {
    emit()
  } catch (error) {
    process.nextTick(() => { throw error })
  }
}
