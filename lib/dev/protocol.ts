import type { Fault, Faults } from '../emulator/index.ts'

// What the page and the server of `dev` send each other, as JSON.

/** A button as GREEN-API's send methods accept it. */
export interface ButtonDraft {
  readonly type: 'reply' | 'copy' | 'call' | 'url'
  readonly buttonId: string
  readonly buttonText: string
  readonly copyCode?: string
  readonly phoneNumber?: string
  readonly url?: string
}

/** A menu as GREEN-API's send methods accept it. */
export interface MenuDraft {
  readonly chatId: string
  readonly header?: string
  readonly body: string
  readonly footer?: string
  readonly buttons: readonly ButtonDraft[]
}

/** One HTTP POST of a notification to the developer's server. */
export interface Attempt {
  /** Unix time in milliseconds, by this machine's clock. */
  readonly at: number
  /** The HTTP status of the answer. Missing without an answer. */
  readonly status?: number
  /** Why there was no answer. */
  readonly error?: string
  /** The beginning of the answer's body. */
  readonly answer: string
  readonly durationMs: number
}

/** A notification, from the queue to its answer. */
export interface NotificationRecord {
  readonly id: number
  /** When it was queued: Unix time in milliseconds, by this machine's clock. */
  readonly at: number
  readonly fault: Fault
  /** The exact text that is sent. */
  readonly text: string
  /** The event that listeners receive, without `raw`. */
  readonly event: Readonly<Record<string, unknown>>
  /** The names that the event is emitted under. */
  readonly names: readonly string[]
  readonly state: 'waiting' | 'delivered' | 'expired'
  readonly attemptCount: number
  /** The latest attempts, the newest first. */
  readonly attempts: readonly Attempt[]
}

/** The first message to a page. */
export interface Hello {
  /** Changes when `dev` is restarted. */
  readonly run: string
  /** Whether the page receives all records, and not only the changes that it missed. */
  readonly fresh: boolean
  readonly mode: 'emulator' | 'account'
  /** The version of the package. */
  readonly version: string
  /** The URL that notifications are posted to. */
  readonly target: string
  /** Whether the target is the example shop in the same process. */
  readonly isExample: boolean
  /** What the developer's server needs to send messages. The token is missing with a real account. */
  readonly api: { readonly apiUrl: string, readonly idInstance: string, readonly apiTokenInstance?: string }
}

/** The developer's server: `stopped` means that the page simulates an outage. */
export type TargetStatus = 'connecting' | 'up' | 'down' | 'stopped'

/** What the page shows beside the notifications. */
export interface State {
  readonly target: TargetStatus
  /** How many notifications wait. */
  readonly waiting: number
  readonly speed: number
  readonly faults: Faults
  /** Why no more notifications are received from a real account. */
  readonly problem?: string
}
