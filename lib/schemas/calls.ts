import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineServiceEvent, type ServiceEventDefinition } from './definition.ts'
import {
  Nullish, OpenEnum, Unchecked, WireText, isObject, readFirst, readOptional, readText, wireOf
} from './values.ts'

/** The status of a call. An editor completes the known values; GREEN-API can add others. */
export const CallStatus = OpenEnum('offer', 'pickUp', 'hangUp', 'missed', 'declined', 'invalid')
export type CallStatus = Static<typeof CallStatus>

const optional = {
  /** Whether it is a video call. */
  isVideo: Type.Optional(Type.Boolean()),
  /** The duration in seconds. */
  duration: Type.Optional(Type.Number()),
  /** Whether it is a group call. Only journal records have it. */
  isGroup: Type.Optional(Type.Boolean())
}

/**
 * The `data` of `incomingCall` and `outgoingCall`. There is one event when a call starts and one when it ends. A record
 * of the journals `lastIncomingCalls` and `lastOutgoingCalls` has the same shape.
 */
export const Call = Type.Object({
  /** The person who calls, or for an outgoing call the person who is called. `''` if missing. */
  from: Type.String(),
  /** The status. GREEN-API's `hungUp` is read as `hangUp`. Old notifications have no status. */
  status: Type.Optional(CallStatus),
  ...optional,
  /** The participants. */
  participants: Type.Optional(Type.Array(Type.Object({
    /** The account of the participant, from `wid` or `id`. */
    wid: Type.String(),
    /** The status of the participant. */
    status: Type.Optional(CallStatus)
  })))
})
export type Call = Static<typeof Call>

/** The members of a call's webhook body or journal record. A finished call has the status `hangUp` or `hungUp`. */
export const WireCall = Type.Object({
  from: Unchecked(WireText),
  chatId: Unchecked(WireText),
  status: Unchecked(CallStatus),
  ...wireOf(optional),
  // GREEN-API calls the account id, one client's types call it wid.
  participants: Unchecked(Type.Array(Type.Object({
    id: Nullish(WireText),
    wid: Nullish(WireText),
    status: Nullish(Type.String())
  })))
})

const call = {
  wire: WireCall,
  data: Call,
  read (wire) {
    const from = readFirst(wire.from, wire.chatId)
    const data: Call = { from, ...readStatus(wire.status), ...readOptional(wire, optional) }
    if (Array.isArray(wire.participants)) {
      data.participants = wire.participants.map(readParticipant).filter(({ wid }) => wid !== '')
    }
    return data
  },
  chatId: ({ from }) => from,
  // A call has an offer and an end. GREEN-API's notifications and journals have different words for the same end.
  identity: ({ idMessage }, { status }) => ({ id: idMessage, state: status === 'offer' ? status : '' })
} satisfies Partial<ServiceEventDefinition<string, never, typeof WireCall, typeof Call>>

export const incomingCall = defineServiceEvent({
  summary: 'the start or the end of an incoming call',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/',
  typeWebhooks: ['incomingCall'],
  journalTypeMessages: ['incomingCall'],
  ...call
})

export const outgoingCall = defineServiceEvent({
  summary: 'the start or the end of an outgoing call',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/OutgoingCall/',
  typeWebhooks: ['outgoingCall'],
  journalTypeMessages: ['outgoingCall'],
  ...call
})

function readParticipant (participant: unknown): { wid: string, status?: CallStatus } {
  if (!isObject(participant)) return { wid: readText(participant) }
  return { wid: readFirst(participant.wid, participant.id), ...readStatus(participant.status) }
}

function readStatus (status: unknown): { status?: CallStatus } {
  const text = readText(status)
  return text === '' ? {} : { status: text === 'hungUp' ? 'hangUp' : text }
}
