import { assertOption, assertKnownOptions } from '../util/check-options.ts'
import { isObject, type Content } from '../schemas/values.ts'
import type { Fault } from './notification-queue.ts'

/** How often the emulator misbehaves as GREEN-API does at times: each a part of all notifications, from 0 to 1. */
export interface Faults {
  /** Come once more, a little later, to the letter. */
  duplicates?: number | undefined
  /** Come once more, a little later, under the same id and with another content. */
  changedRepeats?: number | undefined
  /** Are preceded by a copy of them that is no JSON. */
  malformed?: number | undefined
  /** Are preceded by a copy of them of a type that nobody knows. */
  unknownTypes?: number | undefined
  /** Of the statuses alone: are overtaken by those that follow. */
  reorderedStatuses?: number | undefined
}

/** A text that is queued, and why. */
export interface Sent {
  readonly text: string
  readonly body: Content
  readonly fault: Fault
}

interface Held extends Sent {
  /** How many further notifications overtake it. */
  behind: number
}

/** By how many others a notification is overtaken at most. */
const farthest = 10

/** Sends notifications on, and misbehaves now and then. */
export class FaultInjector {
  #rates: Faults
  readonly #chance: () => number
  readonly #send: (sent: Sent) => void
  #held: Held[] = []

  constructor (rates: Faults, chance: () => number, send: (sent: Sent) => void) {
    this.#rates = checkRates(rates)
    this.#chance = chance
    this.#send = send
  }

  /** Changes how often it misbehaves from now on. */
  change (rates: Faults): void {
    this.#rates = checkRates(rates)
  }

  /** How many are held back. */
  get held (): number {
    return this.#held.length
  }

  pass (body: Content): void {
    const text = JSON.stringify(body)
    const { duplicates, changedRepeats, malformed, unknownTypes, reorderedStatuses } = this.#rates
    if (this.#happens(malformed)) this.#send({ text: this.#damage(text), body, fault: 'malformed' })
    if (this.#happens(unknownTypes)) this.#send(toSent(withUnknownType(body), 'unknown-type'))
    const isLate = body.typeWebhook === 'outgoingMessageStatus' && this.#happens(reorderedStatuses)
    if (!isLate) this.#send({ text, body, fault: 'genuine' })
    this.#release()
    if (isLate) this.#hold({ text, body, fault: 'genuine' })
    if (this.#happens(duplicates)) this.#hold({ text, body, fault: 'duplicate' })
    // What has no id is the same by its content alone: changed, it would be another one.
    if (typeof body.idMessage === 'string' && this.#happens(changedRepeats)) this.#hold(toSent(changed(body), 'changed-duplicate'))
  }

  /** Sends what is held back, since nothing follows that could overtake it. */
  flush (): void {
    const held = this.#held
    this.#held = []
    for (const each of held) this.#send(each)
  }

  #happens (rate = 0): boolean {
    return rate > 0 && this.#chance() < rate
  }

  #hold (sent: Sent): void {
    this.#held.push({ ...sent, behind: 1 + Math.floor(this.#chance() * farthest) })
  }

  #release (): void {
    if (this.#held.length === 0) return
    for (const held of this.#held) held.behind--
    const due = this.#held.filter(({ behind }) => behind <= 0)
    this.#held = this.#held.filter(({ behind }) => behind > 0)
    for (const each of due) this.#send(each)
  }

  // Cut off, with a line break in a text, or with a quotation mark that ends one too soon.
  #damage (text: string): string {
    const kind = this.#chance()
    // Late enough that no two notifications are cut to the same text.
    if (kind < 0.4) return text.slice(0, Math.floor(text.length * (0.75 + this.#chance() / 4)))
    return kind < 0.7 ? text.replace('":"', '":"\n') + '\n}' : text.replace('":"', '":""') + '"'
  }
}

function checkRates (rates: Faults): Faults {
  assertKnownOptions(rates, 'faults', ['duplicates', 'changedRepeats', 'malformed', 'unknownTypes', 'reorderedStatuses'])
  for (const [name, rate] of Object.entries(rates)) assertOption(rate === undefined || (rate >= 0 && rate <= 1), `${name} must be a number from 0, never, to 1, always`)
  return rates
}

function toSent (body: Content, fault: Fault): Sent {
  return { text: JSON.stringify(body), body, fault }
}

function withUnknownType (body: Content): Content {
  return isObject(body.messageData)
    ? { ...body, messageData: { ...body.messageData, typeMessage: 'hologramMessage' } }
    : { ...body, typeWebhook: 'somethingNew' }
}

function changed (body: Content): Content {
  return { ...body, timestamp: Number(body.timestamp) + 1 }
}
