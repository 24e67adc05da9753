import type { MessageWriter } from './writer.ts'

/** A reaction, spelled like a text; its message stands in the quote. */
export const reactionMessage = {
  defaults: ({ source, quote }) => ({ stanzaId: quote?.stanzaId ?? source.id('api'), reaction: '👍' }),
  write: ({ stanzaId, reaction }, { quote, other }) => ({
    typeMessage: 'reactionMessage',
    extendedTextMessageData: { text: reaction },
    quotedMessage: quote === undefined ? { stanzaId, participant: other } : { ...quote, stanzaId }
  })
} satisfies MessageWriter<'reactionMessage'>
