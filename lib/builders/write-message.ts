import type { MessageName } from '../events/event-types.ts'
import { isObject } from '../schemas/values.ts'
import type { Quote } from './event-context.ts'
import type { MessageBody, MessageMembers, QuotedMembers } from './bodies.ts'
import { complete, type ContentOf } from './content.ts'
import { flatten } from './flatten.ts'
import { writers } from './writers/index.ts'
import { forwarding, type MessageWriter, type WriteContext } from './writers/writer.ts'

/** Writes a content, with the message that it quotes, as `messageData`. */
export function writeMessage<Name extends MessageName> (name: Name, content: ContentOf<Name>, scene: WriteContext): MessageMembers {
  // The map ties each name to its writer, which TypeScript does not follow where the name is any.
  const { defaults, write } = writers[name] as unknown as MessageWriter<Name>
  const messageData: MessageMembers = write(complete(name, content, defaults(scene, content)), scene)
  const { isForwarded, forwardingScore } = scene.around
  if ((isForwarded ?? forwardingScore) !== undefined) markForwarded(messageData, scene)
  return scene.quote === undefined || messageData.quotedMessage !== undefined ? messageData : { ...messageData, quotedMessage: scene.quote }
}

// It stands in the content's own object.
function markForwarded ({ typeMessage, quotedMessage, ...content }: MessageMembers, scene: WriteContext): void {
  for (const value of Object.values(content).filter(isObject)) Object.assign(value, forwarding(scene))
}

/** Writes the message that another one answers, its content flat. */
export function writeQuote (quote: Quote | MessageBody | undefined, scene: WriteContext): QuotedMembers | undefined {
  if (quote === undefined) return undefined
  if ('messageData' in quote) return quoteBody(quote)
  const { stanzaId = scene.source.id('api'), participant = scene.other, typeMessage, name, data } = quote
  const reference = { stanzaId, participant, ...typeMessage !== undefined && { typeMessage } }
  if (name === undefined) return reference
  // A tap alone has several types, all of which its writer knows.
  const around = name === 'buttonReply' ? { typeMessage } as WriteContext['around'] : {}
  // Its name and its data belong together.
  return { ...reference, ...flattened(writeMessage<MessageName>(name, data as ContentOf<MessageName>, { ...scene, around })) }
}

function quoteBody (body: MessageBody): QuotedMembers {
  const { idMessage, senderData, messageData } = structuredClone(body)
  return { stanzaId: idMessage, participant: senderData.sender, ...flattened(messageData) }
}

// What the quoted message itself quotes is left out.
function flattened ({ typeMessage, quotedMessage, ...content }: MessageMembers): MessageMembers {
  return { typeMessage, ...flatten(content, 'quote') }
}
