import type { Event, Unrecognized } from 'fastify-green-api'

/** A button as the API takes it. */
export interface ButtonToSend {
  readonly type: string
  readonly buttonId: string
  readonly buttonText: string
  readonly copyCode?: string
  readonly phoneNumber?: string
  readonly url?: string
}

/** A menu as the API takes it. */
export interface MenuToSend {
  readonly chatId: string
  readonly header?: string
  readonly body: string
  readonly footer?: string
  readonly buttons: readonly ButtonToSend[]
}

/** What happened: the application sent a message, or a notification came, be it of what GREEN-API knows or from outside. */
export type Happening =
  | { readonly kind: 'sent', readonly idMessage: string, readonly chatId: string, readonly menu?: MenuToSend, readonly text?: string }
  | { readonly kind: 'event', readonly event: Event | Unrecognized, readonly outside: boolean }

/** What happened, and when: in Unix time in milliseconds, by this machine's clock. */
export type Entry = Happening & { readonly at: number }

/** What the page is told when it connects. */
export interface Hello {
  /** Whether GREEN-API is emulated, or a real account is used. */
  readonly mode: 'emulated' | 'account'
  /** Whether notifications are posted, or asked for. */
  readonly receiving: 'posted' | 'polled'
  readonly idInstance: string
  /** To whom messages go unless one says otherwise; empty where nobody is known. */
  readonly chatId: string
  /** How many seconds pass in one. */
  readonly speed: number
  /** Whether this begins from the start, or goes on where the page was. */
  readonly fresh: boolean
}

/** A notification that was posted, and what it was answered. */
export interface Delivery {
  /** None where it came from outside. */
  readonly receiptId: number | undefined
  /** What it is, as its body says. */
  readonly name: string
  readonly status: number | undefined
  readonly attempts: number
}

/** What the customer did is on its way as this message, of which a notification tells. */
export interface Underway {
  readonly idMessage: string
  readonly typeMessage: string
}

/** How things stand at this moment. */
export interface State {
  /** GREEN-API's time, in Unix time in milliseconds. */
  readonly now: number
  readonly receiver: 'up' | 'down'
  /** How many notifications wait; unknown with a real account. */
  readonly queue: number | undefined
  /** How many waited for 24 hours and are lost. */
  readonly lost: number
  /** The latest ones, the newest first. */
  readonly deliveries: readonly Delivery[]
  /** Why the instance is no longer polled, if it is not. */
  readonly stopped?: string | undefined
}
