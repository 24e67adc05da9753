import type { EventName, MessageName, ServiceEventName, OwnTypeMessage, OwnTypeWebhook } from '../../events/event-types.ts'
import type { StaticData } from '../../schemas/index.ts'
import type { BuildContext } from '../event-context.ts'
import type { InstanceMembers, MessageMembers, ServiceEventBody, QuotedMembers } from '../bodies.ts'
import type { ContentOf } from '../content.ts'
import type { Source } from '../ids.ts'

/** What a content is written into. */
export interface WriteContext {
  /** What was said of the surroundings. */
  readonly around: BuildContext
  readonly source: Source
  readonly instanceData: InstanceMembers
  readonly sentBy: 'contact' | 'phone' | 'api'
  /** The customer's chat, or the one that was asked for. */
  readonly chatId: string
  /** The account at the other end: whose message a contact's quotes, and the other way round. */
  readonly other: string
  /** The message that was asked to be quoted. */
  readonly quote: QuotedMembers | undefined
}

/** Writes the contents of a kind of message: the inverse of what its definition reads. */
export interface MessageWriter<Name extends MessageName> {
  /** What is said where nothing else is asked for. */
  defaults (scene: WriteContext, content: ContentOf<Name>): StaticData<Name>
  /** What becomes `messageData`; a quote is added to it, where it has none. */
  write (data: StaticData<Name>, scene: WriteContext): MessageMembers & { typeMessage: OwnTypeMessage<Name> }
}

/** What a notice is about, and when; which of it stands in the body is for its writer to say. */
export interface ServiceEventWriteContext {
  instanceData: InstanceMembers
  timestamp: number
  idMessage: string
  chatId: string
}

/** Writes the contents of a kind of notice: the inverse of what its definition reads. */
export interface ServiceEventWriter<Name extends ServiceEventName> {
  /** What is said where nothing else is asked for. */
  defaults (scene: WriteContext, content: ContentOf<Name>): StaticData<Name>
  /** The whole body, its members in their order. */
  write (data: StaticData<Name>, occasion: ServiceEventWriteContext): ServiceEventBody & { typeWebhook: OwnTypeWebhook<Name> }
}

/** Writes the contents of this kind. */
export type Writer<Name extends EventName> =
  Name extends MessageName ? MessageWriter<Name> : Name extends ServiceEventName ? ServiceEventWriter<Name> : never

/** Whether it was forwarded, which the bodies of some kinds say in any case; to those of others it is added if it was said. */
export function forwarding ({ around }: WriteContext): { forwardingScore: number, isForwarded: boolean } {
  const { isForwarded = (around.forwardingScore ?? 0) > 0, forwardingScore = isForwarded ? 1 : 0 } = around
  return { forwardingScore, isForwarded }
}

/** Those members that are not `undefined`. */
export function omitUndefined<Members extends object> (members: Members): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  // None is left that is undefined.
  return Object.fromEntries(entries) as { [Name in keyof Members]?: Exclude<Members[Name], undefined> }
}
