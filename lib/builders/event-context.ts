import type { EventName, MessageName, ServiceEventName, OwnTypeMessage, TypeInstance } from '../events/event-types.ts'
import type { Menu, MessageBody, MessageMembers } from './bodies.ts'
import type { ContentOf } from './content.ts'
import type { Device } from './ids.ts'

/** What surrounds every content, in the words of the event's members. */
export interface EventContext {
  /** The instance that sends it; a number on the wire. */
  idInstance?: string | number | undefined
  /** The instance's own account. */
  wid?: string | undefined
  /** The network. Default: `whatsapp`. */
  typeInstance?: TypeInstance | undefined
}

/** What surrounds a content that has a time. */
export interface TimedContext extends EventContext {
  /** Unix time in seconds. */
  timestamp?: number | undefined
}

/** What surrounds a content about a chat. */
export interface ChatContext extends TimedContext {
  /** The chat that it is about; by default the customer's. */
  chatId?: string | undefined
}

/** What surrounds a content about a message or a call. */
export interface IdentifiedContext extends ChatContext {
  /** The id of the message, or of the call. */
  idMessage?: string | undefined
}

/** What surrounds a message. */
export interface MessageContext extends IdentifiedContext {
  /** By whose hand it is sent, which `typeWebhook` tells. Default: `api` for `interactiveButtons`, `contact` for all others. */
  sentBy?: 'contact' | 'phone' | 'api' | undefined
  /** The chat's name. */
  chatName?: string | undefined
  /** Who wrote it: by default the contact, or the instance's own account. */
  sender?: string | undefined
  /** The name that the sender goes by. */
  senderName?: string | undefined
  /** The name under which the instance knows the sender. Default: none. */
  senderContactName?: string | undefined
  /** Whether it was forwarded. Default: whether `forwardingScore` is above 0. */
  isForwarded?: boolean | undefined
  /** How often it was forwarded. Default: once if it was. */
  forwardingScore?: number | undefined
  /** The message that it answers, as a body, or as an event has it. */
  quotedMessage?: Quote | MessageBody | undefined
}

/** How a tap is made. */
export interface TapOptions {
  /**
   * On what the contact taps, which decides the `typeMessage`. GREEN-API documents that devices
   * differ, but not how: that `android` sends `interactiveButtonsResponse` with an echo of the menu,
   * `ios` `templateButtonsReplyMessage` and `web` `templateButtonReplyMessage`, both without, is
   * how this package tells them apart. Handle all of them. Default: `android`.
   */
  device?: Device | undefined
  /** The `typeMessage` itself, such as the legacy `buttonsResponseMessage` and `listResponseMessage`. Default: by `device`. */
  typeMessage?: OwnTypeMessage<'buttonReply'> | undefined
  /**
   * The message that is tapped: the tap names it, comes from its chat, and echoes it where the device
   * does. A button that it does not have, or that is no `reply`, throws.
   */
  menu?: MessageBody<MessageMembers & { interactiveButtons: Menu }> | undefined
}

/** What surrounds a message, and how it is made where it is a tap. */
export interface BuildContext extends MessageContext, TapOptions {}

/** A quoted message in the words of an event; what is not given has a default. */
export type Quote = { [Name in MessageName]: QuoteOf<Name> }[MessageName] | QuoteOf<undefined>

interface QuoteOf<Name extends MessageName | undefined> {
  /** The `idMessage` of the quoted message. */
  readonly stanzaId?: string | undefined
  /** Who wrote it. */
  readonly participant?: string | undefined
  /** As on the wire. */
  readonly typeMessage?: string | undefined
  /** What it is; without, the quote has no content. */
  readonly name?: Name
  /** What it says. */
  readonly data?: Name extends MessageName ? ContentOf<Name> : undefined
}

interface ServiceEventContexts {
  outgoingMessageStatus: IdentifiedContext
  incomingCall: IdentifiedContext
  outgoingCall: IdentifiedContext
  stateInstanceChanged: TimedContext
  statusInstanceChanged: TimedContext
  deviceInfo: TimedContext
  avatarInfo: ChatContext
  incomingBlock: ChatContext
  /** Its bodies have no time. */
  quotaExceeded: EventContext
}

/** What can be said of the surroundings of this kind of content. */
export type ContextOf<Name extends EventName> =
  Name extends ServiceEventName ? ServiceEventContexts[Name] : MessageContext
