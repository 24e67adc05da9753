import type { EventName, MessageName, ServiceEventName, TypeInstance } from '../events/event-types.ts'
import { notifications, type Notifications } from '../schemas/index.ts'
import type { ContextOf, BuildContext, TapOptions } from './event-context.ts'
import type { BodyOf } from './body-of.ts'
import { buildMessage, buildServiceEvent, type Defaults } from './build-body.ts'
import type { ContentOf } from './content.ts'
import { Source } from './ids.ts'

/** Whose notifications the builders write, and where their ids and times come from. */
export interface BuildersOptions {
  /**
   * With one, the same calls in the same order give the same ids and times: these begin with the
   * year 2026 and advance by a second with each notification. Default: ids are random, and it is now.
   */
  seed?: string | number | undefined
  /** What time it is, in Unix time in milliseconds, as `Date.now` says. */
  now?: (() => number) | undefined
  /** The instance that sends them. Default: `7103000001`. */
  idInstance?: string | number | undefined
  /** The instance's own account. Default: `'4915550001000@c.us'`. */
  wid?: string | undefined
  /** The network that it is on. Default: `'whatsapp'`. */
  typeInstance?: TypeInstance | undefined
  /** The customer's account, and chat. Default: `'4915550001234@c.us'`. */
  chatId?: string | undefined
  /** The name of the customer's chat. Default: `senderName`. */
  chatName?: string | undefined
  /** The name that the customer goes by. Default: `'Ada Lovelace'`. */
  senderName?: string | undefined
}

/** What is asked of a builder: a content, and of a tap how it is made. */
export type RequestOf<Name extends EventName> = Name extends 'buttonReply' ? ContentOf<Name> & TapOptions : ContentOf<Name>

/** Builds the webhook body of a kind of notification, as GREEN-API posts it. */
export type Builder<Name extends EventName> = (content?: RequestOf<Name>, around?: ContextOf<Name>) => BodyOf<Name>

/** A builder for each kind of notification, by the name of its event. */
export type Builders = { readonly [Name in keyof Notifications]: Builder<Name> }

/**
 * Makes a builder for each kind of notification.
 *
 * Each takes the content in the words of the event's `data`, and what surrounds it in the words of
 * the event's members; what neither says has a realistic default. It returns the body that GREEN-API
 * would post, a plain object that a test may change.
 *
 * @example
 * const { interactiveButtons, buttonReply } = createBuilders({ seed: 'orders' })
 * const menu = interactiveButtons({ body: 'Is it right?', buttons: [{ type: 'reply', buttonId: 'yes' }] })
 * const tap = buttonReply({ menu, buttonId: 'yes', device: 'ios' })
 */
export function createBuilders (options: BuildersOptions = {}): Builders {
  const { seed, now, idInstance = 7103000001, wid = '4915550001000@c.us', typeInstance = 'whatsapp', chatId = '4915550001234@c.us', senderName = 'Ada Lovelace', chatName = senderName } = options
  const cast: Defaults = { source: new Source(seed, now), idInstance, wid, typeInstance, chatId, chatName, senderName }
  const builders = Object.entries(notifications).map(([name, { kind }]) => {
    // Of an object's entries, TypeScript forgets which name belongs to which value.
    return [name, kind === 'message'
      // No other kind has members of these names.
      ? ({ device, typeMessage, menu, ...content }: TapOptions = {}, around: BuildContext = {}) => buildMessage(name as MessageName, content, { ...around, device, typeMessage, menu }, cast)
      : (content: object = {}, around: BuildContext = {}) => buildServiceEvent(name as ServiceEventName, content, around, cast)]
  })
  return Object.fromEntries(builders) as Builders
}
