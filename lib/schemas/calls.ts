import { Type, type Static } from '@sinclair/typebox'
import { defineServiceEvent, type ServiceEventDefinition } from './definition.ts'
import { Maybe, Open, Unchecked, WireBoolean, WireNumber, WireText, isObject, readBooleans, readFirst, readNumbers, readText } from './values.ts'

/** How far a call has come: what is known today completes in the editor, what is to come passes. */
export const CallStatus = Open('offer', 'pickUp', 'hangUp', 'missed', 'declined', 'invalid')
export type CallStatus = Static<typeof CallStatus>

/** A call, as listeners receive it: one event when it begins, another when it ends. */
export const Call = Type.Object({
  /** The account that calls; of an outgoing call the one that is called. From `from` or `chatId`; `''` where the wire does not say. */
  from: Type.String(),
  /** How far it has come; the wire's `hungUp` is `hangUp` here. Absent where the wire has none, as in old bodies. */
  status: Type.Optional(CallStatus),
  /** Whether it is a video call. */
  isVideo: Type.Optional(Type.Boolean()),
  /** In seconds. */
  duration: Type.Optional(Type.Number()),
  /** Who takes part, each with its `wid`, from `wid` or `id`. */
  participants: Type.Optional(Type.Array(Type.Object({ wid: Type.String(), status: Type.Optional(CallStatus) })))
})
export type Call = Static<typeof Call>

/** The members of the webhook body that say it. The end of a call is spelled `hangUp` and `hungUp`. */
export const WireCall = Type.Object({
  from: Unchecked(WireText),
  chatId: Unchecked(WireText),
  status: Unchecked(CallStatus),
  isVideo: Unchecked(WireBoolean),
  duration: Unchecked(WireNumber),
  // An account is a `wid` in one client's types, an `id` in bodies.
  participants: Unchecked(Type.Array(Type.Object({ id: Maybe(WireText), wid: Maybe(WireText), status: Maybe(Type.String()) })))
})

const call = {
  wire: WireCall,
  data: Call,
  read (wire) {
    const data: Call = { from: readFirst(wire.from, wire.chatId), ...readStatus(wire.status), ...readBooleans(wire, ['isVideo']), ...readNumbers(wire, ['duration']) }
    if (Array.isArray(wire.participants)) {
      data.participants = wire.participants.map(readParticipant).filter(({ wid }) => wid !== '')
    }
    return data
  },
  chatId: ({ from }) => from,
  identity: ({ idMessage }, { status = '' }) => ({ id: idMessage, state: status })
} satisfies Partial<ServiceEventDefinition<string, never, typeof WireCall, typeof Call>>

/** A call that comes in. */
export const incomingCall = defineServiceEvent({
  summary: 'a call that comes in, and how it ended',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/',
  typeWebhooks: ['incomingCall'],
  ...call
})

/** A call that goes out. */
export const outgoingCall = defineServiceEvent({
  summary: 'a call that goes out, and how it ended',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/OutgoingCall/',
  typeWebhooks: ['outgoingCall'],
  ...call
})

function readParticipant (participant: unknown): { wid: string, status?: CallStatus } {
  return isObject(participant) ? { wid: readFirst(participant.wid, participant.id), ...readStatus(participant.status) } : { wid: readText(participant) }
}

function readStatus (status: unknown): { status?: CallStatus } {
  const text = readText(status)
  return text === '' ? {} : { status: text === 'hungUp' ? 'hangUp' : text }
}
