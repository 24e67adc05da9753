import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { quotedId } from './envelopes.ts'
import { Unchecked, WireText, isText, readFirst } from './values.ts'

/** The `data` of `reactionMessage`. */
export const ReactionMessage = Type.Object({
  /** The `idMessage` of the message with the reaction, from the content or from `quotedMessage`. `''` if missing. */
  stanzaId: Type.String(),
  /** The emoji, from `text` or `reaction`. `''` if the reaction was removed. */
  reaction: Type.String()
})
export type ReactionMessage = Static<typeof ReactionMessage>

/** A reaction on the wire. It has the form of a text message; `quotedMessage` is the message with the reaction. */
export const WireReactionMessage = Type.Object({
  text: Unchecked(WireText),
  reaction: Unchecked(WireText),
  stanzaId: Unchecked(WireText),
  messageId: Unchecked(WireText),
  participant: Unchecked(WireText)
})

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
    return {
      stanzaId: readFirst(wire.stanzaId, wire.messageId, content.stanzaId, quotedId(quotedMessage)),
      reaction: readFirst(text, reaction, textMessage)
    }
  },
  isEmpty: ({ reaction }) => reaction === '',
  quoted: ({ stanzaId, messageId, participant }) => ({ stanzaId: readFirst(stanzaId, messageId), participant })
})
