import type { MessageWriter } from './writer.ts'

// A reaction has the form of a text message. The quoted message is the message with the reaction.
export const reactionMessage = {
  defaults: ({ source, quote }) => ({ stanzaId: quote?.stanzaId ?? source.id('api'), reaction: '👍' }),
  write: ({ stanzaId, reaction, ...rest }, { quote, peer }) => ({
    typeMessage: 'reactionMessage',
    extendedTextMessageData: { text: reaction, ...rest },
    quotedMessage: quote === undefined ? { stanzaId, participant: peer } : { ...quote, stanzaId }
  })
} satisfies MessageWriter<'reactionMessage'>
