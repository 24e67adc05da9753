import type { Clock } from './clock.ts'
import { ApiError } from './validate-request.ts'

/** What an instance's plan allows in a calendar month (UTC). Default of each: no limit. */
export interface Plan {
  /**
   * The number of chats that it writes with; 3 in GREEN-API's plan Developer. In any other chat, a message to send is
   * answered 466, and a message to receive becomes a `quotaExceeded` notification.
   */
  readonly correspondents?: number | undefined
  /** The number of calls of `checkWhatsapp`. A further call is answered 469. */
  readonly contactChecks?: number | undefined
}

/** Counts what an instance uses of its plan. */
export class PlanUsage {
  readonly #plan: Plan
  readonly #clock: Clock
  #month = ''
  readonly #correspondents = new Set<string>()
  readonly #calls = new Map<string, number>()

  constructor (plan: Plan, clock: Clock) {
    this.#plan = plan
    this.#clock = clock
  }

  /** Counts a chat. Returns the exceeded quota if the plan does not allow the chat. */
  useChat (chatId: string): { used: number, total: number, description: string } | undefined {
    this.#startMonth()
    const chats = this.#correspondents
    const { correspondents: total = Infinity } = this.#plan
    if (chats.has(chatId) || chats.size < total) {
      chats.add(chatId)
      return undefined
    }
    const description = 'Monthly quota has been exceeded. You can only send or receive messages from these numbers: ' +
      `${[...chats].join(',')}. Please go to your personal account and change the tariff to business ` +
      'https://console.green-api.com'
    return { used: chats.size, total, description }
  }

  /**
   * Counts a call of a send method.
   *
   * @throws {ApiError} 466 if the plan does not allow the chat
   */
  sendTo (chatId: string, method: string): void {
    this.#startMonth()
    const used = this.#countCall(method)
    const exceeded = this.useChat(chatId)
    if (exceeded === undefined) return
    throw new ApiError(466, 'Quota exceeded', {
      invokeStatus: { method: method.toLowerCase(), used, total: 0, status: 'QUOTE_ALLOWED', description: '' },
      correspondentsStatus: { method: 'correspondents', ...exceeded, status: 'CORRESPONDENTS_QUOTE_EXCEEDED' }
    })
  }

  /**
   * Counts a call of `checkWhatsapp`.
   *
   * @throws {ApiError} 469 if the plan does not allow it
   */
  checkContact (): void {
    this.#startMonth()
    const { contactChecks = Infinity } = this.#plan
    if (this.#countCall('checkWhatsapp') > contactChecks) throw new ApiError(469, 'Too many contact checks')
  }

  #countCall (method: string): number {
    const count = (this.#calls.get(method) ?? 0) + 1
    this.#calls.set(method, count)
    return count
  }

  #startMonth (): void {
    const month = new Date(this.#clock.now()).toISOString().slice(0, 7)
    if (month === this.#month) return
    this.#month = month
    this.#correspondents.clear()
    this.#calls.clear()
  }
}
