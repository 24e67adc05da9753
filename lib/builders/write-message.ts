import type { MessageName } from '../events/index.ts'
import { isObject } from '../schemas/values.ts'
import type { MessageBody, MessageData, QuotedMessageData } from './bodies.ts'
import { complete, type ContentOf } from './content.ts'
import type { Quote } from './event-context.ts'
import { flatten } from './flatten.ts'
import { writers } from './writers/index.ts'
import { forwarding, type MessageWriter, type WriteContext } from './writers/writer.ts'

/** Writes a content and the message that it quotes as `messageData`. */
export function writeMessage<Name extends MessageName> (
  name: Name, content: ContentOf<Name>, context: WriteContext
): MessageData {
  // The map pairs each name with its writer, which TypeScript does not see for a generic name.
  const writer = writers[name] as unknown as MessageWriter<Name>
  const messageData: MessageData = writer.write(complete(name, content, writer.defaults(context, content)), context)
  const { isForwarded, forwardingScore } = context.given
  if ((isForwarded ?? forwardingScore) !== undefined) addForwarding(messageData, context)
  if (context.quote === undefined || messageData.quotedMessage !== undefined) return messageData
  return { ...messageData, quotedMessage: context.quote }
}

// These members are in the object with the content.
function addForwarding ({ typeMessage, quotedMessage, ...content }: MessageData, context: WriteContext): void {
  for (const value of Object.values(content).filter(isObject)) Object.assign(value, forwarding(context))
}

/** Writes a quoted message, whose content is flat. */
export function writeQuote (
  quote: Quote | MessageBody | undefined, context: WriteContext
): QuotedMessageData | undefined {
  if (quote === undefined) return undefined
  if ('messageData' in quote) return quoteBody(quote)
  const { stanzaId = context.source.id('api'), participant = context.peer, typeMessage, name, data } = quote
  const reference = { stanzaId, participant, ...typeMessage !== undefined && { typeMessage } }
  if (name === undefined) return reference
  // Only a tap has several types, and its writer checks that it knows the type.
  const given = name === 'buttonReply' ? { typeMessage } as WriteContext['given'] : {}
  // The type of Quote pairs the name with its data.
  const messageData = writeMessage<MessageName>(name, data as ContentOf<MessageName>, { ...context, given })
  return { ...reference, ...flattenQuoted(messageData) }
}

function quoteBody (body: MessageBody): QuotedMessageData {
  const { idMessage, senderData, messageData } = structuredClone(body)
  return { stanzaId: idMessage, participant: senderData.sender, ...flattenQuoted(messageData) }
}

// A quoted message has no quoted message itself.
function flattenQuoted ({ typeMessage, quotedMessage, ...content }: MessageData): MessageData {
  return { typeMessage, ...flatten(content, 'quote') }
}
