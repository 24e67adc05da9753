import type { EventName, MessageName, OwnTypeMessage, OwnTypeWebhook, ServiceEventName } from '../../events/index.ts'
import type { StaticData } from '../../schemas/index.ts'
import type { InstanceData, MessageData, QuotedMessageData, ServiceEventBody } from '../bodies.ts'
import type { ContentOf } from '../content.ts'
import type { BuildContext } from '../event-context.ts'
import type { Source } from '../ids.ts'

/** What a writer needs to know about the notification around the content. */
export interface WriteContext {
  /** The context as the caller passed it. */
  readonly given: BuildContext
  readonly source: Source
  readonly instanceData: InstanceData
  readonly sentBy: 'contact' | 'phone' | 'api'
  readonly chatId: string
  /** The account that receives the message. By default, a quoted message is by this account. */
  readonly peer: string
  /** The quoted message, if the caller passed one. */
  readonly quote: QuotedMessageData | undefined
}

/** Writes the content of a kind of message: the inverse of `read` of its definition. */
export interface MessageWriter<Name extends MessageName> {
  /** Returns defaults, which can depend on the given content. */
  defaults (context: WriteContext, content: ContentOf<Name>): StaticData<Name>
  /** Returns `messageData`. The quoted message is added if the writer does not add one. */
  write (data: StaticData<Name>, context: WriteContext): MessageData & { typeMessage: OwnTypeMessage<Name> }
}

/** The members of a service event's body beside the content. The writer decides which of them the body has. */
export interface ServiceEventWriteContext {
  instanceData: InstanceData
  timestamp: number
  idMessage: string
  chatId: string
}

/** Writes the content of a kind of service event: the inverse of `read` of its definition. */
export interface ServiceEventWriter<Name extends ServiceEventName> {
  /** Returns defaults, which can depend on the given content. */
  defaults (context: WriteContext, content: ContentOf<Name>): StaticData<Name>
  /** Returns the whole body. Its members are in GREEN-API's order. */
  write (
    data: StaticData<Name>, context: ServiceEventWriteContext
  ): ServiceEventBody & { typeWebhook: OwnTypeWebhook<Name> }
}

export type Writer<Name extends EventName> =
  Name extends MessageName ? MessageWriter<Name> : Name extends ServiceEventName ? ServiceEventWriter<Name> : never

/** The members about forwarding. Some kinds always have them, other kinds only if the caller passed one of them. */
export function forwarding ({ given }: WriteContext): { forwardingScore: number, isForwarded: boolean } {
  const { isForwarded = (given.forwardingScore ?? 0) > 0, forwardingScore = isForwarded ? 1 : 0 } = given
  return { forwardingScore, isForwarded }
}

type Defined<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> }

export function omitUndefined<Members extends object> (members: Members): Defined<Members> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  // No value is undefined any more.
  return Object.fromEntries(entries) as Defined<Members>
}
