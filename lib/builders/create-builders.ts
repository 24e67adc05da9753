import type { EventName, MessageName, ServiceEventName, TypeInstance } from '../events/index.ts'
import { notifications, type Notifications } from '../schemas/index.ts'
import type { BodyOf } from './body-of.ts'
import { buildMessage, buildServiceEvent, type Defaults } from './build-body.ts'
import type { ContentOf } from './content.ts'
import type { BuildContext, ContextOf, TapOptions } from './event-context.ts'
import { Source } from './ids.ts'

/** Options of `createBuilders`: the instance, the customer, and the source of ids and times. */
export interface BuildersOptions {
  /**
   * Makes ids and times reproducible. Times start at the beginning of 2026 and advance by a second with each
   * notification. Default: random ids and the current time.
   */
  seed?: string | number | undefined
  /** The clock: a function that returns Unix time in milliseconds. It overrides the times of `seed`. */
  now?: (() => number) | undefined
  /** The id of the instance. Default: `7103000001`. */
  idInstance?: string | number | undefined
  /** The instance's account. Default: `'4915550001000@c.us'`. */
  wid?: string | undefined
  /** The instance's network. Default: `'whatsapp'`. */
  typeInstance?: TypeInstance | undefined
  /** The customer's account and chat. Default: `'4915550001234@c.us'`. */
  chatId?: string | undefined
  /** The name of the customer's chat. Default: `senderName`. */
  chatName?: string | undefined
  /** The customer's name. Default: `'Ada Lovelace'`. */
  senderName?: string | undefined
}

/** The first argument of a builder: the content, for `buttonReply` with `TapOptions`. */
export type BuilderContent<Name extends EventName> =
  Name extends 'buttonReply' ? ContentOf<Name> & TapOptions : ContentOf<Name>

/** Builds the webhook body of a kind of notification. */
export type Builder<Name extends EventName> =
  (content?: BuilderContent<Name>, context?: ContextOf<Name>) => BodyOf<Name>

/** A builder for each kind of notification, under its event name, which is also the `name` of the function. */
export type Builders = { readonly [Name in keyof Notifications]: Builder<Name> }

/**
 * Creates a builder for each kind of notification.
 *
 * A builder takes the members of an event's `data`, and a context with other members of the event, such as `chatId`.
 * Missing members have realistic defaults. It returns a webhook body, which a test can change.
 *
 * @throws {TypeError} A builder throws if `device`, `sentBy` or `typeMessage` is unknown.
 * @throws {Error} `buttonReply` throws if `menu` does not have the reply button.
 * @example
 * const { interactiveButtons, buttonReply } = createBuilders({ seed: 'orders' })
 * const menu = interactiveButtons({ body: 'Is it right?', buttons: [{ type: 'reply', buttonId: 'yes' }] })
 * const tap = buttonReply({ menu, buttonId: 'yes', device: 'ios' })
 */
export function createBuilders (options: BuildersOptions = {}): Builders {
  const {
    seed,
    now,
    idInstance = 7103000001,
    wid = '4915550001000@c.us',
    typeInstance = 'whatsapp',
    chatId = '4915550001234@c.us',
    senderName = 'Ada Lovelace',
    chatName = senderName
  } = options
  const source = new Source(seed, now)
  const defaults: Defaults = { source, idInstance, wid, typeInstance, chatId, chatName, senderName }
  // TypeScript forgets the names of an object's entries, and which name belongs to which kind.
  const builders = Object.entries(notifications).map(([name, { kind }]) => {
    const builder = kind === 'message'
      // Only the content of a tap has members with these names.
      ? ({ device, typeMessage, menu, ...content }: TapOptions = {}, context: BuildContext = {}) => {
          return buildMessage(name as MessageName, content, { ...context, device, typeMessage, menu }, defaults)
        }
      : (content: object = {}, context: BuildContext = {}) => {
          return buildServiceEvent(name as ServiceEventName, content, context, defaults)
        }
    // A stack trace or the title of a table-driven test shows it.
    return [name, Object.defineProperty(builder, 'name', { value: name })]
  })
  return Object.fromEntries(builders) as Builders
}
