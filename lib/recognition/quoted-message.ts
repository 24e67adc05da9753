import type { QuotedMessage } from '../events/index.ts'
import { isQuote, quotedId } from '../schemas/envelopes.ts'
import { readFirst, readText, type Content } from '../schemas/values.ts'
import { findContent } from './message-content.ts'

/**
 * Reads the message that another one quotes; `undefined` if it quotes none.
 *
 * The content of a quote is read like that of a message. A quote with unreadable content has no `data`, but never
 * makes the message that quotes it invalid. `own` is what the content of the quoting message contains about the quote.
 * It wins over `quotedMessage`: where they differ, GREEN-API's examples have made-up ids in `quotedMessage`.
 */
export function readQuotedMessage (quotedMessage: Content, own: Content): QuotedMessage | undefined {
  if (own.stanzaId == null && !isQuote(quotedMessage)) return undefined
  const typeMessage = readText(quotedMessage.typeMessage)
  const stanzaId = readFirst(own.stanzaId, quotedId(quotedMessage))
  // Flat content would take the quote's own id for the id of the message that the content is about.
  const content = { ...quotedMessage, stanzaId: undefined }
  // Some bodies leave out the type of a text.
  const found = findContent(typeMessage || 'textMessage', { content, quotedMessage: {} }, '')
  if (stanzaId === '' && typeMessage === '' && 'reason' in found) return undefined

  return {
    stanzaId,
    participant: readFirst(own.participant, quotedMessage.participant),
    ...typeMessage !== '' && { typeMessage },
    // TypeScript cannot relate `name` to `data` here. The definitions of the kinds guarantee it.
    ...'data' in found && { name: found.kind.name, data: found.data } as object
  }
}
