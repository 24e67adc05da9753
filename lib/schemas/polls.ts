import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import {
  Described, Nullish, Unchecked, WireNumber, WireText, isObject, isText, readFirst, readNumber, readOptional, readText,
  wireOf, type Content
} from './values.ts'

const optional = {
  /**
   * Whether a voter can choose several options, from `multipleAnswers`, or from a `selectableOptionsCount` other
   * than 1.
   */
  multipleAnswers: Type.Optional(Type.Boolean()),
  /** Whether a voter can change the vote, on MAX. */
  allowToChangeAnswer: Type.Optional(Type.Boolean())
}

/** The `data` of `pollMessage`. */
export const PollMessage = Type.Object({
  /** The question, from `name` or `pollName`. `''` if missing. */
  name: Type.String(),
  /** The options. */
  options: Type.Array(Type.Object({
    /** The text of the option. `''` if missing. */
    optionName: Type.String()
  })),
  ...optional
})
export type PollMessage = Static<typeof PollMessage>

/** The `data` of `pollUpdateMessage`. Each vote sends the votes of all voters. */
export const PollUpdateMessage = Type.Object({
  /** The `idMessage` of the poll. `''` if missing. */
  stanzaId: Type.String(),
  /** The question, from `name` or `pollName`. `''` if missing. */
  name: Type.String(),
  /** The options with their voters. */
  votes: Type.Array(Type.Object({
    /** The text of the option. `''` if missing. */
    optionName: Type.String(),
    /** The accounts that chose the option. */
    optionVoters: Type.Array(Type.String())
  })),
  ...optional
})
export type PollUpdateMessage = Static<typeof PollUpdateMessage>

const wirePoll = {
  name: Unchecked(WireText),
  pollName: Unchecked(WireText),
  ...wireOf(optional),
  selectableOptionsCount: Unchecked(WireNumber)
}

/**
 * A poll on the wire. `pollCreationMessage` has `selectableOptionsCount` for `multipleAnswers`; 0 means any number of
 * options.
 */
export const WirePollMessage = Type.Object({
  ...wirePoll,
  options: Type.Array(Described(Type.Union([WireText, Type.Object({ optionName: WireText })])))
})

const voters = Type.Array(Type.Union([
  WireText,
  Type.Object({ wid: Nullish(WireText), voterWid: Nullish(WireText) })
]))

/** A vote on the wire. Voters are strings, or objects with a `wid` or a `voterWid`. */
export const WirePollUpdateMessage = Type.Object({
  ...wirePoll,
  stanzaId: Unchecked(WireText),
  votes: Type.Array(Described(Type.Object({
    optionName: WireText,
    optionVoters: Nullish(voters),
    voters: Nullish(voters)
  })))
})

export const pollMessage = defineMessage({
  summary: 'a poll',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/PollMessage/',
  typeMessages: ['pollMessage'],
  members: ['pollMessageData', 'pollCreationMessage', 'pollMessage'],
  wire: WirePollMessage,
  data: PollMessage,
  read: (wire) => ({
    name: readFirst(wire.name, wire.pollName),
    options: wire.options.filter(isOption).map((option) => ({ optionName: readOptionName(option) })),
    ...readSettings(wire)
  })
})

export const pollUpdateMessage = defineMessage({
  summary: 'a vote in a poll, with the current votes of all voters',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/PollUpdateMessage/',
  typeMessages: ['pollUpdateMessage'],
  members: ['pollMessageData', 'pollUpdateMessageData', 'pollUpdateMessage'],
  wire: WirePollUpdateMessage,
  data: PollUpdateMessage,
  read: (wire, { content, quotedMessage }) => ({
    stanzaId: readFirst(wire.stanzaId, content.stanzaId, quotedId(quotedMessage)),
    name: readFirst(wire.name, wire.pollName),
    votes: wire.votes.filter(isOption).map((vote) => ({
      optionName: readOptionName(vote),
      optionVoters: readVoters(vote)
    })),
    ...readSettings(wire)
  })
})

function isOption (option: unknown): boolean {
  return isObject(option) || isText(option)
}

function readOptionName (option: unknown): string {
  return isObject(option) ? readText(option.optionName) : readText(option)
}

function readVoters (vote: unknown): string[] {
  if (!isObject(vote)) return []
  const voters = vote.optionVoters ?? vote.voters ?? []
  return (Array.isArray(voters) ? voters : [voters])
    .map((voter: unknown) => isObject(voter) ? readFirst(voter.wid, voter.voterWid) : readText(voter))
    .filter((wid) => wid !== '')
}

function readSettings (wire: Content): Pick<PollMessage, keyof typeof optional> {
  const count = readNumber(wire.selectableOptionsCount)
  return { ...count !== undefined && { multipleAnswers: count !== 1 }, ...readOptional(wire, optional) }
}
