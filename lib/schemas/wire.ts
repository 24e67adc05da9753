import { Type, type Static, type TSchema } from '@sinclair/typebox'

/**
 * A member that GREEN-API leaves out, or sends as `null`, where it has nothing to say:
 * webhook bodies do the first, journal records the second.
 */
export function Maybe<T extends TSchema> (schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

/** An id, a telephone number, a code or a text. Most are strings; some senders spell them as numbers. */
export const WireText = Type.Union([Type.String(), Type.Number()])

/** Unix time in seconds. */
export const WireTimestamp = Type.Union([Type.Number(), Type.String({ pattern: '^\\d{0,15}$' })])

/** Which instance sent the notification. `wid` is empty while the instance is not authorized. */
export const InstanceData = Type.Object({
  idInstance: Maybe(WireText)
})

/** In which chat the message stands and whose account wrote it. */
export const SenderData = Type.Object({
  chatId: Maybe(WireText),
  sender: Maybe(WireText)
})

/**
 * What every webhook body has around its content. Members not named here pass unread.
 *
 * @see https://green-api.com/en/docs/api/receiving/notifications-format/
 */
export const Webhook = Type.Object({
  typeWebhook: Type.String(),
  instanceData: Maybe(InstanceData),
  timestamp: Maybe(WireTimestamp),
  idMessage: Maybe(WireText),
  chatId: Maybe(WireText)
})

/** What a webhook body about a message has besides. */
export const MessageWebhook = Type.Composite([Webhook, Type.Object({
  senderData: Maybe(SenderData),
  messageData: Type.Object({ typeMessage: Type.String() })
})])

/**
 * A journal record, as `lastIncomingMessages` and `lastOutgoingMessages` return it: flat,
 * with the content's object beside `idMessage` rather than inside `messageData`.
 *
 * @see https://green-api.com/en/docs/api/journals/LastOutgoingMessages/
 */
export const JournalRecord = Type.Object({
  type: Maybe(Type.String()),
  typeMessage: Type.String(),
  instanceData: Maybe(InstanceData),
  timestamp: Maybe(WireTimestamp),
  idMessage: Maybe(WireText),
  chatId: Maybe(WireText),
  senderId: Maybe(WireText),
  statusMessage: Maybe(Type.String()),
  sendByApi: Maybe(Type.Boolean())
})

/** `messageData` of a webhook body, or a whole journal record: what holds a message's content. */
export type Content = Readonly<Record<string, unknown>>

/** An id or a text as a string, `''` where the wire has none. */
export function readText (value: Static<typeof WireText> | null | undefined): string {
  return value == null ? '' : String(value)
}

/** A timestamp as a number, `0` where the wire has none. */
export function readTimestamp (value: Static<typeof WireTimestamp> | null | undefined): number {
  return Number(value ?? 0)
}

/** Whether a parsed value has members: neither an array nor `null`. */
export function isObject (value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
