import type { EventName, MessageName, OwnTypeMessage, ServiceEventName, TypeInstance } from '../events/index.ts'
import type { Menu, MessageBody, MessageData } from './bodies.ts'
import type { ContentOf } from './content.ts'
import type { Device } from '../schemas/devices.ts'

interface InstanceContext {
  /** The id of the instance. Default: the builders' `idInstance`. */
  idInstance?: string | number | undefined
  /** The instance's account. Default: the builders' `wid`. */
  wid?: string | undefined
  /** The instance's network. Default: the builders' `typeInstance`. */
  typeInstance?: TypeInstance | undefined
}

interface TimeContext extends InstanceContext {
  /** Unix time in seconds. Default: now, or the next second of the seed. */
  timestamp?: number | undefined
}

interface ChatContext extends TimeContext {
  /** The chat. Default: the customer's chat. */
  chatId?: string | undefined
}

interface IdContext extends ChatContext {
  /** The id of the message or the call. Default: a new id. */
  idMessage?: string | undefined
}

/** The context of a message to build: the members of the event beside `data`. */
export interface MessageContext extends IdContext {
  /** Who sends the message; it decides the `typeWebhook`. Default: `api` for `interactiveButtons`, else `contact`. */
  sentBy?: 'contact' | 'phone' | 'api' | undefined
  /** The name of the chat. Default: the builders' `chatName`. */
  chatName?: string | undefined
  /** The sender's account. Default: the contact or the instance's account, depending on `sentBy`. */
  sender?: string | undefined
  /** The sender's name. Default: the builders' `senderName`, or `'Shop'` if the instance sends the message. */
  senderName?: string | undefined
  /** The sender's name in the contacts of the instance. Default: `''`. */
  senderContactName?: string | undefined
  /** Whether the message was forwarded. Default: `true` if `forwardingScore` is above 0, else `false`. */
  isForwarded?: boolean | undefined
  /** How often the message was forwarded. Default: 1 if `isForwarded`, else 0. */
  forwardingScore?: number | undefined
  /** The quoted message, as a webhook body or in the form of an event's `quotedMessage`. Default: none. */
  quotedMessage?: Quote | MessageBody | undefined
}

/** Options of the builder `buttonReply` beside the content: how the customer taps the button. */
export interface TapOptions {
  /**
   * The customer's device. Default: `android`.
   *
   * - `android` sends the `typeMessage` `interactiveButtonsResponse` and quotes the menu.
   * - `ios` sends `templateButtonsReplyMessage` without a quote.
   * - `web` sends `templateButtonReplyMessage` without a quote.
   *
   * GREEN-API documents that devices differ, but not which device sends what. Handle all of them.
   */
  device?: Device | undefined
  /** The `typeMessage`, for example the legacy `buttonsResponseMessage`. Default: depends on `device`. */
  typeMessage?: OwnTypeMessage<'buttonReply'> | undefined
  /**
   * The message with the tapped button. The reply refers to it, comes from its chat, and quotes it if the device
   * does. The builder throws if the menu does not have the button, or if the button is not a reply button.
   */
  menu?: MessageBody<MessageData & { interactiveButtons: Menu }> | undefined
}

/** All that a caller can pass to a builder beside the content. */
export interface BuildContext extends MessageContext, TapOptions {}

/** A quoted message to build, in the form of an event's `quotedMessage`. Missing members have defaults. */
export type Quote = { [Name in MessageName]: QuoteOf<Name> }[MessageName] | QuoteOf<undefined>

interface QuoteOf<Name extends MessageName | undefined> {
  /** The `idMessage` of the quoted message. Default: a new id. */
  readonly stanzaId?: string | undefined
  /** The author's account. Default: the other party of the chat. */
  readonly participant?: string | undefined
  /** The `typeMessage` on the wire. Default: the type of `name`. */
  readonly typeMessage?: string | undefined
  /** The kind of the quoted message. Without it, the quote has no content. */
  readonly name?: Name
  /** The content. Missing members have defaults. */
  readonly data?: Name extends MessageName ? ContentOf<Name> : undefined
}

interface ServiceEventContexts {
  outgoingMessageStatus: IdContext
  incomingCall: IdContext
  outgoingCall: IdContext
  stateInstanceChanged: TimeContext
  statusInstanceChanged: TimeContext
  deviceInfo: TimeContext
  avatarInfo: ChatContext
  incomingBlock: ChatContext
  // These webhook bodies have no timestamp.
  quotaExceeded: InstanceContext
}

/** The second argument of a builder: the members of the event beside `data`, for example `timestamp`. */
export type ContextOf<Name extends EventName> =
  Name extends ServiceEventName ? ServiceEventContexts[Name] : MessageContext
