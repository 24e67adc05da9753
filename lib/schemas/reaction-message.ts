import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { Unchecked, WireText, isText, readFirst } from './values.ts'

/** A reaction to a message, as listeners receive it. */
export const ReactionMessage = Type.Object({
  /** The `idMessage` of the message that is reacted to, which stands in `quotedMessage` or beside the emoji; `''` where the wire does not say. */
  stanzaId: Type.String(),
  /** The emoji, which the wire calls `text` as if it were one, or `reaction`; `''` where an earlier reaction is taken back. */
  reaction: Type.String()
})
export type ReactionMessage = Static<typeof ReactionMessage>

/** A reaction as GREEN-API spells it: just like a text, in `extendedTextMessageData`; its message stands in `quotedMessage`. */
export const WireReactionMessage = Type.Object({
  text: Unchecked(WireText),
  reaction: Unchecked(WireText),
  stanzaId: Unchecked(WireText),
  messageId: Unchecked(WireText),
  participant: Unchecked(WireText)
})

/** A reaction to a message. */
export const reactionMessage = defineMessage({
  summary: 'a reaction to a message',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ReactionMessage/',
  typeMessages: ['reactionMessage'],
  members: ['extendedTextMessageData', 'extendedTextMessage', 'reactionMessageData', 'reactionMessage'],
  flat: ['reaction', 'textMessage'],
  wire: WireReactionMessage,
  data: ReactionMessage,
  read (wire, { content, quotedMessage }) {
    const { text, reaction } = wire
    const { textMessage } = content
    if (![text, reaction, textMessage].some(isText)) return 'Expected an emoji, or an empty text'
    const data: ReactionMessage = {
      stanzaId: readFirst(wire.stanzaId, wire.messageId, quotedId(quotedMessage)),
      reaction: readFirst(text, reaction, textMessage)
    }
    return data
  },
  isEmpty: ({ reaction }) => reaction === '',
  quoted: ({ stanzaId, messageId, participant }) => ({ stanzaId: readFirst(stanzaId, messageId), participant })
})
