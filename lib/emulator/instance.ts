import { Value } from '@sinclair/typebox/value'
import { InstanceSettings, requiredSettings } from '../green-api/instance-settings.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import { isObject, readText, type Content } from '../schemas/values.ts'
import { createBuilders, type Builders } from '../builders/create-builders.ts'
import type { MessageBody, ServiceEventBody } from '../builders/bodies.ts'
import type { JournalMessage } from '../builders/formats.ts'
import { seededRandom } from './random.ts'
import { checkInstance, checkSettings } from './validate-options.ts'
import type { Clock } from './clock.ts'
import type { EmulatedInstance, InstanceOptions, TapOptions } from './types.ts'
import { Journal } from './journal.ts'
import { FaultInjector, type Faults } from './faults.ts'
import { NotificationQueue, type QueuedNotification } from './notification-queue.ts'
import { Outbox, type StatusRule } from './outbox.ts'
import { ReceiveEndpoint } from './receive-endpoint.ts'
import { WebhookSender, type WebhookAttempt } from './webhook-sender.ts'
import type { Outgoing } from './send-methods.ts'
import { findButton } from './tap.ts'

/** Who is told what becomes of notifications. */
export interface EmulatorObserver {
  queued (notification: QueuedNotification): void
  attempted (attempt: WebhookAttempt): void
  delivered (notification: QueuedNotification): void
  expired (notification: QueuedNotification): void
}

/** What an instance shares with the others of an emulator. */
export interface InstanceContext {
  readonly clock: Clock
  readonly seed: string | number | undefined
  readonly faults: Faults
  readonly statuses: StatusRule
  /** In milliseconds: how long it takes until settings apply. */
  readonly settingsDelay: number
  /** In milliseconds: how long it takes from one status of a message to the next. */
  readonly statusDelay: number
  readonly witness: EmulatorObserver
}

/** An instance of GREEN-API: an account, its settings, its queue of notifications and its journals. */
export class Instance implements EmulatedInstance {
  readonly idInstance: string
  readonly apiTokenInstance: string
  readonly typeInstance = 'whatsapp'
  /** Builders of this instance's notifications. */
  readonly build: Builders
  readonly settings: InstanceSettings
  readonly queue: NotificationQueue
  readonly journal = new Journal()
  /** For those who ask for notifications. */
  readonly polled: ReceiveEndpoint
  #stateInstance: InstanceState
  readonly #surroundings: InstanceContext
  readonly #mischief: FaultInjector
  readonly #outbox: Outbox
  readonly #pusher: WebhookSender
  readonly #over = new AbortController()

  constructor (options: InstanceOptions, surroundings: InstanceContext) {
    checkInstance(options)
    const { idInstance = '1101000001', apiTokenInstance = 'emulated-token', wid = '79001234567@c.us', chatId = '4915550001234@c.us', senderName, stateInstance = 'authorized' } = options
    const { clock, seed, witness, faults, statusDelay } = surroundings
    const seedOf = (purpose: string) => seed === undefined ? undefined : `${seed} ${idInstance} ${purpose}`
    this.idInstance = String(idInstance)
    this.apiTokenInstance = apiTokenInstance
    this.settings = { ...Value.Create(InstanceSettings), wid, ...options.settings }
    this.build = createBuilders({ seed: seedOf('ids'), idInstance, wid, chatId, senderName, now: () => clock.now() })
    this.queue = new NotificationQueue(this.idInstance, clock, (notification) => { witness.expired(notification) })
    this.polled = new ReceiveEndpoint(this, clock)
    this.#stateInstance = stateInstance
    this.#surroundings = surroundings
    this.#mischief = new FaultInjector(faults, seededRandom(seedOf('mischief')), (sent) => {
      witness.queued(this.queue.add({ ...sent, token: this.settings.webhookUrlToken }))
    })
    this.#outbox = new Outbox(this, clock, statusDelay)
    this.#pusher = new WebhookSender(this, clock, seededRandom(seedOf('tokens')), (attempt) => { witness.attempted(attempt) })
  }

  get stateInstance (): InstanceState {
    return this.#stateInstance
  }

  changeState (stateInstance: InstanceState): void {
    this.#stateInstance = stateInstance
    this.#notify(this.build.stateInstanceChanged({ stateInstance }))
    this.queue.wake()
  }

  setFaults (faults: Faults): void {
    this.#mischief.change(faults)
  }

  async applySettings (changes: Partial<InstanceSettings>): Promise<void> {
    checkSettings(changes)
    const { clock, settingsDelay } = this.#surroundings
    if (settingsDelay > 0) await clock.sleep(settingsDelay, this.#over.signal)
    Object.assign(this.settings, changes)
    this.queue.wake()
    // What could not be posted before may be now.
    this.#pusher.retryNow()
  }

  receive (body: MessageBody | ServiceEventBody): void {
    if ('messageData' in body) this.journal.add(body, '')
    this.#notify(body)
  }

  tap (idMessage: string, buttonId: string, { device, sender }: TapOptions = {}): MessageBody {
    if (this.#outbox.has(idMessage)) throw new Error(`the message ${idMessage} has not left yet: await the emulator's idle() before you tap it`)
    const menu = findButton(this.journal.arrived(idMessage), idMessage, buttonId)
    const tap = this.build.buttonReply({ menu, buttonId, device }, { sender })
    this.receive(tap)
    return tap
  }

  messages (type?: JournalMessage['type']): JournalMessage[] {
    return this.journal.since(0, type)
  }

  /** Sends a message. Returns its id at once; the rest happens in its own time. */
  send ({ chatId, quotedMessageId, write }: Outgoing): string {
    const quotedMessage = quotedMessageId === undefined ? undefined : this.journal.body(quotedMessageId) ?? { stanzaId: quotedMessageId }
    const message = write(this.build, { chatId, sentBy: 'api', quotedMessage })
    this.#outbox.add(message, this.#surroundings.statuses(message))
    return message.idMessage
  }

  /** Tells that a message has left. */
  echo (message: MessageBody): void {
    message.timestamp = this.seconds()
    this.journal.add(message, 'pending')
    this.#notify(message)
  }

  /** Tells what became of a message. */
  report (message: MessageBody, status: string): void {
    const { idMessage, senderData: { chatId } } = message
    this.journal.update(message, status, this.seconds())
    this.#notify(this.build.outgoingMessageStatus({ status, sendByApi: true }, { chatId, idMessage }))
  }

  /** The notification whose turn it is. */
  head (): QueuedNotification | undefined {
    const head = this.queue.head()
    if (head !== undefined || this.#mischief.held === 0) return head
    this.#mischief.flush()
    return this.queue.head()
  }

  /** Takes the notification out whose turn it is, as delivered. */
  remove (notification: QueuedNotification): boolean {
    const removed = this.queue.remove(notification)
    if (removed) this.#surroundings.witness.delivered(notification)
    return removed
  }

  /** What time it is, in Unix time in seconds. */
  seconds (): number {
    return Math.floor(this.#surroundings.clock.now() / 1000)
  }

  /** Waits until all that was to be sent has been, and every notification was taken. */
  async idle (): Promise<void> {
    while (!this.#over.signal.aborted && this.#outbox.size + this.queue.size + this.#mischief.held > 0) await this.queue.change(this.#over.signal)
  }

  /** Works until it is stopped. */
  async run (): Promise<void> {
    await Promise.all([this.#outbox.run(this.#over.signal), this.#pusher.run(this.#over.signal)])
  }

  stop (): void {
    this.#over.abort()
    this.queue.stop()
  }

  #notify (body: MessageBody | ServiceEventBody): void {
    const content: Content = { ...body }
    const switches = requiredSettings(announcementOf(content))
    if (!switches.every((name) => this.settings[name] === 'yes')) return
    this.#mischief.pass(content)
    // It may be held back, which is for the one to see who looks for the next.
    this.queue.wake()
  }
}

function announcementOf ({ typeWebhook, messageData, status, avatarInfo }: Content) {
  return {
    typeWebhook: avatarInfo === undefined ? readText(typeWebhook) : 'avatarInfo',
    typeMessage: isObject(messageData) ? readText(messageData.typeMessage) : '',
    status: readText(status)
  }
}
