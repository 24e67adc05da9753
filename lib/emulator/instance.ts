import { Value } from '@sinclair/typebox/value'
import {
  createBuilders, type Builders, type JournalMessage, type MessageBody, type ServiceEventBody
} from '../builders/index.ts'
import { InstanceSettings, requiredSettings, type InstanceSettingsInput } from '../green-api/index.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import type { MessageStatus } from '../schemas/outgoing-message-status.ts'
import { isObject, readText, type Content } from '../schemas/values.ts'
import { CallJournal } from './call-journal.ts'
import { ChangeSignal } from './change-signal.ts'
import type { Clock } from './clock.ts'
import type { EmulatedInstance, TapOptions } from './emulated-instance.ts'
import { FaultInjector, type Faults } from './faults.ts'
import { Journal } from './journal.ts'
import { Lids } from './lids.ts'
import { NotificationQueue, type QueuedNotification } from './notification-queue.ts'
import type { InstanceOptions, StatusRule, typeInstances } from './options.ts'
import { noAccountStatus, Outbox } from './outbox.ts'
import { PlanUsage } from './plan.ts'
import { seededRandom } from './random.ts'
import { RateLimits } from './rate-limits.ts'
import { ReceiveEndpoint } from './receive-endpoint.ts'
import type { OutgoingMessage } from './send-methods.ts'
import { findMenu } from './tap.ts'
import { prefixErrors, validateInstanceOptions, validateSettings } from './validate-options.ts'
import { WebhookSender, type WebhookAttempt } from './webhook-sender.ts'

/** Callbacks for the life of a notification. */
export interface EmulatorObserver {
  message (body: MessageBody): void
  lost (body: Content): void
  queued (notification: QueuedNotification): void
  attempted (attempt: WebhookAttempt): void
  delivered (notification: QueuedNotification): void
  expired (notification: QueuedNotification): void
}

/** What all instances of an emulator share. */
export interface InstanceContext {
  readonly clock: Clock
  readonly seed: string | number | undefined
  readonly faults: Faults
  readonly statuses: StatusRule
  readonly settingsDelayMs: number
  readonly statusDelayMs: number
  readonly limitsAllMethods: boolean
  readonly observer: EmulatorObserver
}

/** States in which messages wait because of suspected spam. The messages have a status of the same name. */
const suspendedStates = new Set<string>(['yellowCard', 'suspended'])

/** The `typeMessage` of journal records, where it is not that of the notification. */
const journalTypes = new Map([['sendInteractiveButtonsReply', 'interactiveButtonsReply']])

/** How often `idle` checks whether the notifications are still being received, in real milliseconds. */
const idleCheckMs = 200

/** How often GREEN-API clears an instance's queue at most. */
const clearIntervalMs = 60_000

/**
 * An emulated instance. The path of a notification:
 *
 * 1. An API call (`send`), the customer (`receive`, `tap`) or `changeState` causes it. A sent message
 *    waits in the outbox first, which calls `notifySent` and `notifyStatus`.
 * 2. `#notify` drops it if the settings turn it off, or passes it through the fault injector to the queue.
 * 3. The webhook sender posts it, or the receive endpoint returns it. Both call `nextNotification`
 *    and `markDelivered`.
 */
export class Instance implements EmulatedInstance {
  readonly idInstance: string
  readonly apiTokenInstance: string
  readonly typeInstance: typeof typeInstances[number]
  readonly build: Builders
  readonly settings: InstanceSettings
  readonly changes = new ChangeSignal()
  readonly queue: NotificationQueue
  readonly lids = new Lids()
  readonly journal = new Journal(this.lids)
  readonly callJournal = new CallJournal()
  readonly rateLimits: RateLimits
  readonly planUsage: PlanUsage
  readonly receiveEndpoint: ReceiveEndpoint
  #stateInstance: InstanceState
  readonly #context: InstanceContext
  readonly #faults: FaultInjector
  readonly #outbox: Outbox
  readonly #webhookSender: WebhookSender
  readonly #stopping = new AbortController()
  #clearedAt = -Infinity
  #isRunning = false

  constructor (options: InstanceOptions, context: InstanceContext) {
    validateInstanceOptions(options)
    const {
      idInstance = '1101000001',
      apiTokenInstance = 'emulated-token',
      typeInstance = 'whatsapp',
      wid = '79001234567@c.us',
      chatId = typeInstance === 'v3' || typeInstance === 'telegram' ? '10000000' : '4915550001234@c.us',
      senderName,
      settings = {},
      stateInstance = 'authorized',
      plan = {}
    } = options
    const { clock, seed, observer, faults, statusDelayMs, limitsAllMethods } = context
    const seedFor = (purpose: string) => seed === undefined ? undefined : `${seed} ${idInstance} ${purpose}`
    this.idInstance = String(idInstance)
    this.apiTokenInstance = apiTokenInstance
    this.typeInstance = typeInstance
    this.#stateInstance = stateInstance
    this.#context = context
    this.settings = { ...Value.Create(InstanceSettings), wid, ...validateSettings(settings) }
    this.build = createBuilders({
      seed: seedFor('ids'), idInstance, wid, typeInstance, chatId, senderName, now: () => clock.now()
    })
    this.rateLimits = new RateLimits(clock, limitsAllMethods)
    this.planUsage = new PlanUsage(plan, clock)
    this.queue = new NotificationQueue(this.idInstance, clock, {
      onChange: () => { this.changes.notify() },
      onExpired: (notification) => { observer.expired(notification) }
    })
    this.#faults = new FaultInjector(faults, seededRandom(seedFor('faults')), clock, {
      send: (notification) => { observer.queued(this.queue.add(notification, this.settings.webhookUrlToken)) },
      onLost: (body) => { observer.lost(body) }
    })
    this.#outbox = new Outbox(this, clock, statusDelayMs)
    this.receiveEndpoint = new ReceiveEndpoint(this, clock)
    this.#webhookSender = new WebhookSender(this, clock, seededRandom(seedFor('tokens')), (attempt) => {
      observer.attempted(attempt)
    })
  }

  get stateInstance (): InstanceState {
    return this.#stateInstance
  }

  /**
   * Sends a message. Returns its id at once; the outbox does the rest.
   *
   * @throws {ApiError} 466 if the plan does not allow the chat
   */
  send ({ method, quotedMessageId, write, ...target }: OutgoingMessage): string {
    const chatId = this.lids.toNumberId(target.chatId)
    this.planUsage.sendTo(chatId, method)
    const message = write(this.build, { chatId, sentBy: 'api', quotedMessage: this.#findQuoted(quotedMessageId) })
    this.#outbox.add(message, this.#context.statuses(message))
    this.journal.add(message, 'pending', journalTypes.get(method))
    this.#context.observer.message(this.present(message))
    const status = this.#stateInstance
    if (suspendedStates.has(status)) this.notifyStatus(message, status)
    return message.idMessage
  }

  /** Whether the network has an account for the chat: its messages do not get the status `noAccount`. */
  hasAccount (chatId: string): boolean {
    const message = this.build.textMessage({}, { chatId, sentBy: 'api' })
    return !this.#context.statuses(message).includes(noAccountStatus)
  }

  /** Called by the outbox when a message leaves. */
  notifySent (message: MessageBody): void {
    message.timestamp = this.unixSeconds()
    this.journal.markSent(message)
    this.#notify(message)
  }

  /** Called by the outbox for each status of a message. */
  notifyStatus (message: MessageBody, status: MessageStatus): void {
    const { idMessage, senderData: { chatId } } = message
    this.journal.update(message, status, this.unixSeconds())
    this.#notify(this.build.outgoingMessageStatus({ status, sendByApi: true }, { chatId, idMessage }))
  }

  receive (body: MessageBody | ServiceEventBody): void {
    if (!('messageData' in body)) {
      this.callJournal.add(body)
      this.#notify(body)
      return
    }
    const exceeded = this.planUsage.useChat(this.lids.toNumberId(body.senderData.chatId))
    if (exceeded !== undefined) {
      this.#notify(this.build.quotaExceeded(exceeded))
      return
    }
    this.journal.add(body, '')
    this.#context.observer.message(this.present(body))
    this.#notify(body)
  }

  tap (idMessage: string, buttonId: string, { device, sender }: TapOptions = {}): MessageBody {
    if (this.#outbox.isWaiting(idMessage)) {
      throw new Error(`Message ${idMessage} has not been sent yet. Await the emulator's idle() before you tap it.`)
    }
    const hasArrived = this.journal.message(idMessage)?.statusMessage !== noAccountStatus
    const menu = findMenu(hasArrived ? this.journal.body(idMessage) : undefined, idMessage, buttonId)
    const tap = this.build.buttonReply({ menu, buttonId, device }, { sender })
    this.receive(tap)
    return this.present(tap)
  }

  changeState (stateInstance: InstanceState): void {
    this.#stateInstance = stateInstance
    this.#notify(this.build.stateInstanceChanged({ stateInstance }))
    this.changes.notify()
  }

  async applySettings (input: InstanceSettingsInput): Promise<void> {
    const changes = prefixErrors(`Instance ${this.idInstance}`, () => validateSettings(input))
    const { clock, settingsDelayMs } = this.#context
    if (settingsDelayMs > 0) await clock.sleep(settingsDelayMs, this.#stopping.signal)
    Object.assign(this.settings, changes)
    this.changes.notify()
    // The new webhookUrl or token may work.
    this.retryNow()
  }

  retryNow (): void {
    this.#webhookSender.retryNow()
  }

  setFaults (faults: Faults): void {
    prefixErrors(`Instance ${this.idInstance}`, () => { this.#faults.setRates(faults) })
  }

  messages (type?: JournalMessage['type']): JournalMessage[] {
    return this.journal.since(0, type).map((message) => this.present(message))
  }

  /** Returns a body or a journal record with the ids that the settings require. */
  present<Body extends object> (body: Body): Body {
    return this.settings.enableLidMode === 'yes' ? this.lids.replaceNumberIds(body) : body
  }

  /** Removes all notifications. Returns how long a client has to wait until it may do so: 0 if they are removed. */
  clearQueue (): number {
    const now = this.#context.clock.now()
    const leftMs = this.#clearedAt + clearIntervalMs - now
    if (leftMs > 0) return leftMs
    this.#clearedAt = now
    this.#faults.clear()
    this.queue.clear()
    return 0
  }

  /** Returns the first notification of the queue, if any. */
  nextNotification (): QueuedNotification | undefined {
    const head = this.queue.head()
    if (head !== undefined || this.#faults.delayedCount === 0) return head
    this.#faults.flush()
    return this.queue.head()
  }

  /** Removes the notification as delivered. Returns `false` if it is not the first of the queue. */
  markDelivered (notification: QueuedNotification): boolean {
    const removed = this.queue.remove(notification)
    if (removed) this.#context.observer.delivered(notification)
    return removed
  }

  unixSeconds (): number {
    return Math.floor(this.#context.clock.now() / 1000)
  }

  /**
   * Resolves when the outbox and the queue are empty, or when the instance stops.
   *
   * @throws {Error} (as a rejection) if they cannot become empty
   */
  async idle (): Promise<void> {
    const startedAt = performance.now()
    const { signal } = this.#stopping
    while (!signal.aborted && this.#outbox.size + this.#undeliveredCount > 0) {
      const obstacle = this.#findObstacle(startedAt)
      if (obstacle !== undefined) throw new Error(`Instance ${this.idInstance} cannot become idle: ${obstacle}.`)
      await this.changes.next(AbortSignal.any([signal, AbortSignal.timeout(idleCheckMs)]))
    }
  }

  /** Sends messages and posts notifications until `stop` is called. */
  async run (): Promise<void> {
    this.#isRunning = true
    const { signal } = this.#stopping
    await Promise.all([this.#outbox.run(signal), this.#webhookSender.run(signal)])
  }

  stop (): void {
    this.#stopping.abort()
    this.queue.stop()
    this.#faults.clear()
  }

  get #undeliveredCount (): number {
    return this.queue.size + this.#faults.delayedCount + this.#faults.lateCount
  }

  /** Returns why the outbox or the queue cannot become empty, and the fix. */
  #findObstacle (startedAt: number): string | undefined {
    if (!this.#isRunning) return 'the emulator does not listen. Await its listen() first'
    const count = this.#undeliveredCount
    if (count > 0 && this.settings.webhookUrl === '' && !this.receiveEndpoint.isPolled(startedAt)) {
      return `nobody takes its notifications (${count}). Set its webhookUrl, or call receiveNotification and ` +
        'deleteNotification'
    }
    const { keptCount } = this.#outbox
    if (count > 0 || keptCount === 0) return undefined
    return `it keeps its messages (${keptCount}) because it is ${this.stateInstance}. Call changeState('authorized')`
  }

  #findQuoted (idMessage: string | undefined) {
    return idMessage === undefined ? undefined : this.journal.body(idMessage) ?? { stanzaId: idMessage }
  }

  #notify (body: MessageBody | ServiceEventBody): void {
    const content: Content = { ...this.present(body) }
    const required = requiredSettings(typeOf(content))
    if (!required.every((name) => this.settings[name] === 'yes')) return
    this.#faults.pass(content)
    // Also when the notification is delayed: nextNotification() then sends it if the queue is empty.
    this.changes.notify()
  }
}

// The type as requiredSettings knows it.
function typeOf ({ typeWebhook, messageData, status, avatarInfo }: Content) {
  return {
    typeWebhook: avatarInfo === undefined ? readText(typeWebhook) : 'avatarInfo',
    typeMessage: isObject(messageData) ? readText(messageData.typeMessage) : '',
    status: readText(status)
  }
}
