import type { Event, Unrecognized } from 'fastify-green-api'

/** A button as the API accepts it. */
export interface ButtonToSend {
  readonly type: string
  readonly buttonId: string
  readonly buttonText: string
  readonly copyCode?: string
  readonly phoneNumber?: string
  readonly url?: string
}

/** A menu as the API accepts it. */
export interface MenuToSend {
  readonly chatId: string
  readonly header?: string
  readonly body: string
  readonly footer?: string
  readonly buttons: readonly ButtonToSend[]
}

/** A message of the application, or an event. `outside` means that another sender posted the notification. */
export type Happening =
  | {
    readonly kind: 'sent'
    readonly idMessage: string
    readonly chatId: string
    readonly menu?: MenuToSend
    readonly text?: string
  }
  | { readonly kind: 'event', readonly event: Event | Unrecognized, readonly outside: boolean }

/** A happening with this machine's time, in Unix time in milliseconds. */
export type Entry = Happening & { readonly at: number }

/** The first message to a page. */
export interface Hello {
  readonly mode: 'emulated' | 'account'
  readonly receiving: 'posted' | 'polled'
  readonly idInstance: string
  /** The default recipient of messages. Empty if there is none. */
  readonly chatId: string
  /** The speed of GREEN-API's clock. */
  readonly speed: number
  /** Whether the page receives all entries, and not only those that it missed. */
  readonly fresh: boolean
}

/** A posted notification and the response. */
export interface Delivery {
  /** `undefined` if another sender posted it. */
  readonly receiptId: number | undefined
  /** The types in its body. */
  readonly name: string
  readonly status: number | undefined
  readonly attempts: number
}

/** A message of the customer whose notification is queued. */
export interface Underway {
  readonly idMessage: string
  readonly typeMessage: string
}

export interface State {
  /** GREEN-API's time, in Unix time in milliseconds. */
  readonly now: number
  readonly receiver: 'up' | 'down'
  /** The number of queued notifications. Unknown with a real account. */
  readonly queue: number | undefined
  /** The number of notifications that expired after 24 hours. */
  readonly lost: number
  /** The latest deliveries, the newest first. */
  readonly deliveries: readonly Delivery[]
  /** Why polling has stopped. */
  readonly stopped?: string | undefined
}
