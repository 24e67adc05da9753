import { findContent } from './message-content.ts'
import type { QuotedMessage } from '../events/event-types.ts'
import { isQuote, quotedId } from '../schemas/envelopes.ts'
import { readFirst, readText, type Content } from '../schemas/values.ts'

/**
 * Reads the message that another one quotes, its content as if it had come by itself: spelled
 * flat, as in a journal record, or in a member of its own. What cannot be read leaves the quote
 * without content and never spoils the message that quotes it.
 *
 * `own` is what the quoting content says of the quoted message itself; where both do, it wins,
 * since documented bodies in which they differ have made-up ids in `quotedMessage`.
 */
export function readQuotedMessage (quotedMessage: Content, own: Content): QuotedMessage | undefined {
  if (own.stanzaId == null && !isQuote(quotedMessage)) return undefined
  const typeMessage = readText(quotedMessage.typeMessage)
  const stanzaId = readFirst(own.stanzaId, quotedId(quotedMessage))
  // The id is the quote's own: a flat content would take it for that of the message it is about.
  const content = { ...quotedMessage, stanzaId: undefined }
  // Of a text, some bodies leave the type out.
  const found = findContent(typeMessage || 'textMessage', { content, quotedMessage: {} }, '')
  if (stanzaId === '' && typeMessage === '' && 'reason' in found) return undefined

  return {
    stanzaId,
    participant: readFirst(own.participant, quotedMessage.participant),
    ...typeMessage !== '' && { typeMessage },
    // The map ties each name to its data.
    ...'data' in found && { name: found.kind.name, data: found.data } as object
  }
}
