import { isObject, type Content } from '../schemas/values.ts'
import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import type { Clock } from './clock.ts'
import type { Fault, NewNotification } from './notification-queue.ts'

/**
 * How often the emulator injects each fault that GREEN-API's notifications show at times.
 * Each is a rate from 0 (never) to 1 (every notification). Default of each: 0.
 */
export interface Faults {
  /** Sends the notification again, a little later, with the same text. */
  duplicates?: number | undefined
  /** Sends the notification again, a little later, with the same `idMessage` and a changed body. */
  changedDuplicates?: number | undefined
  /** Sends a copy that is not valid JSON before the notification. */
  malformed?: number | undefined
  /** Sends a copy of an unknown type before the notification. */
  unknownTypes?: number | undefined
  /** Sends the notification after later ones. Only for `outgoingMessageStatus`. */
  reorderedStatuses?: number | undefined
  /** Never sends the notification. The journals have its message or call. */
  lost?: number | undefined
  /** Sends the notification up to ten minutes later. */
  late?: number | undefined
}

const faultNames = [
  'duplicates', 'changedDuplicates', 'malformed', 'unknownTypes', 'reorderedStatuses', 'lost', 'late'
]

interface DelayedNotification extends NewNotification {
  /** How many more notifications overtake it. */
  remaining: number
}

/** How many notifications overtake a delayed one at most. */
const maxOvertaking = 10

/** How late a notification is at most, in milliseconds. */
const maxDelayMs = 10 * 60 * 1000

/** What the injector does with notifications. */
interface FaultCallbacks {
  send (notification: NewNotification): void
  /** Called for a notification that is never sent. */
  onLost (body: Content): void
}

/** Passes notifications on to `send` and injects faults at the configured rates. */
export class FaultInjector {
  #rates: Faults
  readonly #random: () => number
  readonly #clock: Clock
  readonly #callbacks: FaultCallbacks
  #delayed: DelayedNotification[] = []
  /** The functions that cancel late notifications. */
  readonly #late = new Set<() => void>()

  constructor (rates: Faults, random: () => number, clock: Clock, callbacks: FaultCallbacks) {
    this.#rates = validateFaults(rates)
    this.#random = random
    this.#clock = clock
    this.#callbacks = callbacks
  }

  setRates (rates: Faults): void {
    this.#rates = validateFaults(rates)
  }

  /** How many notifications are delayed until others overtake them. */
  get delayedCount (): number {
    return this.#delayed.length
  }

  /** How many notifications are late. */
  get lateCount (): number {
    return this.#late.size
  }

  /** Loses the notification, or sends it now or later with the copies that its faults require. */
  pass (body: Content): void {
    const { lost = 0, late = 0 } = this.#rates
    // A rate of 0 takes no random number, so that the other faults of a seed do not change.
    if (lost > 0 && this.#occurs(lost)) return this.#callbacks.onLost(body)
    if (late === 0 || !this.#occurs(late)) return this.#sendWithCopies(body)
    const cancel = this.#clock.after(this.#random() * maxDelayMs, () => {
      this.#late.delete(cancel)
      this.#sendWithCopies(body)
    })
    this.#late.add(cancel)
  }

  #sendWithCopies (body: Content): void {
    const text = JSON.stringify(body)
    const { duplicates, changedDuplicates, malformed, unknownTypes, reorderedStatuses } = this.#rates
    if (this.#occurs(malformed)) this.#send({ text: this.#damage(text), body, fault: 'malformed' })
    if (this.#occurs(unknownTypes)) this.#send(toNotification(withUnknownType(body), 'unknown-type'))
    const isDelayed = body.typeWebhook === 'outgoingMessageStatus' && this.#occurs(reorderedStatuses)
    if (!isDelayed) this.#send({ text, body, fault: 'none' })
    this.#sendDue()
    if (isDelayed) this.#delay({ text, body, fault: 'none' })
    if (this.#occurs(duplicates)) this.#delay({ text, body, fault: 'duplicate' })
    // A notification without an id is identified by its content: a changed copy would be another notification.
    if (typeof body.idMessage === 'string' && this.#occurs(changedDuplicates)) {
      this.#delay(toNotification(withLaterTimestamp(body), 'changed-duplicate'))
    }
  }

  /** Sends the delayed notifications, for when no later notification can overtake them. */
  flush (): void {
    const delayed = this.#delayed
    this.#delayed = []
    for (const each of delayed) this.#send(each)
  }

  /** Drops the delayed and the late notifications. */
  clear (): void {
    this.#delayed = []
    for (const cancel of this.#late) cancel()
    this.#late.clear()
  }

  #occurs (rate = 0): boolean {
    return this.#random() < rate
  }

  #send (notification: NewNotification): void {
    this.#callbacks.send(notification)
  }

  #delay (notification: NewNotification): void {
    this.#delayed.push({ ...notification, remaining: 1 + Math.floor(this.#random() * maxOvertaking) })
  }

  #sendDue (): void {
    if (this.#delayed.length === 0) return
    for (const each of this.#delayed) each.remaining--
    const due = this.#delayed.filter(({ remaining }) => remaining <= 0)
    this.#delayed = this.#delayed.filter(({ remaining }) => remaining > 0)
    for (const each of due) this.#send(each)
  }

  // Cuts the text off, puts a line break in a string, or ends a string too early.
  #damage (text: string): string {
    const kind = this.#random()
    // The cut is in the last quarter, so that no two notifications are cut to the same text.
    if (kind < 0.4) return text.slice(0, Math.floor(text.length * (0.75 + this.#random() / 4)))
    return kind < 0.7 ? text.replace('":"', '":"\n') + '\n}' : text.replace('":"', '":""') + '"'
  }
}

/** Checks the rates of faults at run time, for callers without TypeScript. */
export function validateFaults (rates: Faults): Faults {
  assertKnownOptions(rates, 'faults', faultNames)
  for (const [name, rate] of Object.entries(rates)) {
    assertOption(
      rate === undefined || (rate >= 0 && rate <= 1),
      `faults.${name} must be a number from 0 (never) to 1 (always), such as 0.1`
    )
  }
  return rates
}

function toNotification (body: Content, fault: Fault): NewNotification {
  return { text: JSON.stringify(body), body, fault }
}

function withUnknownType (body: Content): Content {
  return isObject(body.messageData)
    ? { ...body, messageData: { ...body.messageData, typeMessage: 'hologramMessage' } }
    : { ...body, typeWebhook: 'somethingNew' }
}

function withLaterTimestamp (body: Content): Content {
  return { ...body, timestamp: Number(body.timestamp) + 1 }
}
