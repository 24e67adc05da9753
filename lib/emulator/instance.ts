import { switchesOf, type InstanceSettings } from '../api/settings.ts'
import type { InstanceState } from '../schemas/instance-state.ts'
import { isObject, readText, type Content } from '../schemas/values.ts'
import { createBuilders, type Builders } from '../testing/builders.ts'
import type { MessageBody, NoticeBody } from '../testing/bodies.ts'
import type { Device } from '../testing/ids.ts'
import { chance } from './chance.ts'
import type { Clock } from './clock.ts'
import { defaultSettings } from './default-settings.ts'
import { Journal } from './journal.ts'
import { Mischief, type Misbehavior } from './misbehavior.ts'
import { NotificationQueue, type QueuedNotification } from './notification-queue.ts'
import { Outbox, type Fate } from './outbox.ts'
import { Polled } from './polled.ts'
import { Pusher, type Attempt } from './pusher.ts'
import type { Outgoing } from './sending.ts'
import { findButton } from './tapping.ts'

/** An instance to emulate. */
export interface InstanceOptions {
  /** Default: `1101000001`. */
  readonly idInstance?: string | number | undefined
  /** What its API is called with. Default: `emulated-token`. */
  readonly apiTokenInstance?: string | undefined
  /** Its own account. Default: `79001234567@c.us`. */
  readonly wid?: string | undefined
  /** Default: all notifications are sent, and there is no `webhookUrl` to send them to. */
  readonly settings?: Partial<InstanceSettings> | undefined
  /** Default: `authorized`. */
  readonly stateInstance?: InstanceState | undefined
}

/** Who is told what becomes of notifications. */
export interface Witness {
  queued (notification: QueuedNotification): void
  attempted (attempt: Attempt): void
  delivered (notification: QueuedNotification): void
  expired (notification: QueuedNotification): void
}

/** What an instance shares with the others of an emulator. */
export interface Surroundings {
  readonly clock: Clock
  readonly seed: string | number | undefined
  readonly misbehavior: Misbehavior
  readonly fate: Fate
  /** In milliseconds: how long it takes until settings apply. */
  readonly settingsDelay: number
  /** In milliseconds: how long it takes from one status of a message to the next. */
  readonly statusDelay: number
  readonly witness: Witness
}

/** Who taps, and on what. */
export interface TapOptions {
  /** Decides as what the tap arrives. Default: `android`. */
  readonly device?: Device | undefined
  /** Who taps. Default: whom the message was sent to. */
  readonly sender?: string | undefined
}

/** An instance of GREEN-API: an account, its settings, its queue of notifications and its journals. */
export class EmulatedInstance {
  readonly idInstance: string
  readonly apiTokenInstance: string
  readonly typeInstance = 'whatsapp'
  /** Builders of this instance's notifications. */
  readonly build: Builders
  readonly settings: InstanceSettings
  readonly queue: NotificationQueue
  readonly journal = new Journal()
  /** For those who ask for notifications. */
  readonly polled: Polled
  #stateInstance: InstanceState
  readonly #surroundings: Surroundings
  readonly #mischief: Mischief
  readonly #outbox: Outbox
  readonly #pusher: Pusher
  readonly #over = new AbortController()

  constructor (options: InstanceOptions, surroundings: Surroundings) {
    const { idInstance = '1101000001', apiTokenInstance = 'emulated-token', wid = '79001234567@c.us', stateInstance = 'authorized' } = options
    const { clock, seed, witness, misbehavior, fate, statusDelay } = surroundings
    const seedOf = (purpose: string) => seed === undefined ? undefined : `${seed} ${idInstance} ${purpose}`
    this.idInstance = String(idInstance)
    this.apiTokenInstance = apiTokenInstance
    this.settings = { ...defaultSettings, wid, ...options.settings }
    this.build = createBuilders({ seed: seedOf('ids'), idInstance, wid, now: () => clock.now() })
    this.queue = new NotificationQueue(this.idInstance, clock, (notification) => { witness.expired(notification) })
    this.polled = new Polled(this, clock)
    this.#stateInstance = stateInstance
    this.#surroundings = surroundings
    this.#mischief = new Mischief(misbehavior, chance(seedOf('mischief')), (sent) => {
      witness.queued(this.queue.add({ ...sent, token: this.settings.webhookUrlToken }))
    })
    this.#outbox = new Outbox(this, clock, { fate, statusDelay })
    this.#pusher = new Pusher(this, clock, chance(seedOf('tokens')), (attempt) => { witness.attempted(attempt) })
  }

  get stateInstance (): InstanceState {
    return this.#stateInstance
  }

  /** Changes the instance's state, of which a notification tells. */
  changeState (stateInstance: InstanceState): void {
    this.#stateInstance = stateInstance
    this.#notify(this.build.stateInstanceChanged({ stateInstance }))
    this.queue.wake()
  }

  /** Changes how often it misbehaves from now on. */
  misbehave (misbehavior: Misbehavior): void {
    this.#mischief.change(misbehavior)
  }

  /** Changes some settings, as `setSettings` does. */
  async applySettings (changes: Partial<InstanceSettings>): Promise<void> {
    const { clock, settingsDelay } = this.#surroundings
    if (settingsDelay > 0) await clock.sleep(settingsDelay, this.#over.signal)
    Object.assign(this.settings, changes)
    this.queue.wake()
  }

  /** Sends a notification, such as `build` makes, if the settings want it sent. A message is noted in the journal too. */
  receive (body: MessageBody | NoticeBody): void {
    if ('messageData' in body) this.journal.add(body, '')
    this.#notify(body)
  }

  /**
   * Taps a button of a message that was sent, as the customer. Returns the notification of it.
   *
   * @throws where there is no such message, no such button, or one whose taps WhatsApp keeps to itself
   */
  tap (idMessage: string, buttonId: string, { device, sender }: TapOptions = {}): MessageBody {
    const menu = findButton(this.journal.body(idMessage), idMessage, buttonId)
    const tap = this.build.buttonReply({ menu, buttonId, device }, { sender })
    this.receive(tap)
    return tap
  }

  /** Sends a message. Returns its id at once; the rest happens in its own time. */
  send ({ chatId, quotedMessageId, write }: Outgoing): string {
    const quotedMessage = quotedMessageId === undefined ? undefined : this.journal.body(quotedMessageId) ?? { stanzaId: quotedMessageId }
    const message = write(this.build, { chatId, sentBy: 'api', quotedMessage })
    this.#outbox.add(message)
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
  }

  #notify (body: MessageBody | NoticeBody): void {
    const content: Content = { ...body }
    const switches = switchesOf(announcementOf(content))
    if (switches.every((name) => this.settings[name] === 'yes')) this.#mischief.pass(content)
  }
}

function announcementOf ({ typeWebhook, messageData, status, avatarInfo }: Content) {
  return {
    typeWebhook: avatarInfo === undefined ? readText(typeWebhook) : 'avatarInfo',
    typeMessage: isObject(messageData) ? readText(messageData.typeMessage) : '',
    status: readText(status)
  }
}
