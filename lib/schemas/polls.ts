import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { Described, Maybe, Unchecked, WireBoolean, WireNumber, WireText, isObject, isText, readBooleans, readFirst, readNumber, readText, type Content } from './values.ts'

const answers = {
  /** Whether one may choose several: from `multipleAnswers`, or from a `selectableOptionsCount` other than 1; absent where the wire does not say. */
  multipleAnswers: Type.Optional(Type.Boolean()),
  /** Whether one may choose anew, on MAX; absent where the wire does not say. */
  allowToChangeAnswer: Type.Optional(Type.Boolean())
}

/** A poll, as listeners receive it. */
export const PollMessage = Type.Object({
  /** The question; `''` where the wire has none. */
  name: Type.String(),
  /** What one can choose. */
  options: Type.Array(Type.Object({ optionName: Type.String() })),
  ...answers
})
export type PollMessage = Static<typeof PollMessage>

/** The state of a poll after a vote, as listeners receive it: the whole tally each time. */
export const PollUpdateMessage = Type.Object({
  /** The `idMessage` of the poll; `''` where the wire does not say. */
  stanzaId: Type.String(),
  /** The question; `''` where the wire has none. */
  name: Type.String(),
  /** Every option, with who has chosen it so far. */
  votes: Type.Array(Type.Object({
    optionName: Type.String(),
    /** The accounts that have chosen it: from texts, or from objects with a `wid` or a `voterWid`. */
    optionVoters: Type.Array(Type.String())
  })),
  ...answers
})
export type PollUpdateMessage = Static<typeof PollUpdateMessage>

const wirePoll = {
  name: Unchecked(WireText),
  multipleAnswers: Unchecked(WireBoolean),
  allowToChangeAnswer: Unchecked(WireBoolean),
  selectableOptionsCount: Unchecked(WireNumber)
}

/** A poll as GREEN-API spells it: `pollCreationMessage` has `selectableOptionsCount` for `multipleAnswers`, 0 meaning any number. */
export const WirePollMessage = Type.Object({
  ...wirePoll,
  options: Type.Array(Described(Type.Union([WireText, Type.Object({ optionName: WireText })])))
})

const voters = Type.Array(Type.Union([WireText, Type.Object({ wid: Maybe(WireText), voterWid: Maybe(WireText) })]))

/** A vote as GREEN-API spells it: voters are texts, by other accounts objects with a `wid` or a `voterWid`. */
export const WirePollUpdateMessage = Type.Object({
  ...wirePoll,
  stanzaId: Unchecked(WireText),
  votes: Type.Array(Described(Type.Object({ optionName: WireText, optionVoters: Maybe(voters), voters: Maybe(voters) })))
})

/** A poll. */
export const pollMessage = defineMessage({
  summary: 'a poll',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/PollMessage/',
  typeMessages: ['pollMessage'],
  members: ['pollMessageData', 'pollCreationMessage', 'pollMessage'],
  wire: WirePollMessage,
  data: PollMessage,
  read: (wire) => ({
    name: readText(wire.name),
    options: wire.options.filter(isOption).map((option) => ({ optionName: readName(option) })),
    ...readAnswers(wire)
  })
})

/** A vote in a poll. */
export const pollUpdateMessage = defineMessage({
  summary: 'a vote in a poll, with the whole tally',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/PollUpdateMessage/',
  typeMessages: ['pollUpdateMessage'],
  members: ['pollMessageData', 'pollUpdateMessageData', 'pollUpdateMessage'],
  wire: WirePollUpdateMessage,
  data: PollUpdateMessage,
  read: (wire, { quotedMessage }) => ({
    stanzaId: readFirst(wire.stanzaId, quotedId(quotedMessage)),
    name: readText(wire.name),
    votes: wire.votes.filter(isOption).map((vote) => ({ optionName: readName(vote), optionVoters: readVoters(vote) })),
    ...readAnswers(wire)
  })
})

function isOption (option: unknown): boolean {
  return isObject(option) || isText(option)
}

function readName (option: unknown): string {
  return isObject(option) ? readText(option.optionName) : readText(option)
}

function readVoters (vote: unknown): string[] {
  if (!isObject(vote)) return []
  const voters = vote.optionVoters ?? vote.voters ?? []
  return (Array.isArray(voters) ? voters : [voters])
    .map((voter: unknown) => isObject(voter) ? readFirst(voter.wid, voter.voterWid) : readText(voter))
    .filter((wid) => wid !== '')
}

function readAnswers (wire: Content): { multipleAnswers?: boolean, allowToChangeAnswer?: boolean } {
  const count = readNumber(wire.selectableOptionsCount)
  return { ...count !== undefined && { multipleAnswers: count !== 1 }, ...readBooleans(wire, ['multipleAnswers', 'allowToChangeAnswer']) }
}
