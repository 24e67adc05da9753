import type { EventName, MessageName, ServiceEventName, TypeInstance } from '../events/index.ts'
import type { TypeWebhookOfMessage } from '../schemas/index.ts'
import type { BuildContext } from './event-context.ts'
import type { InstanceData, MessageBody, ServiceEventBody } from './bodies.ts'
import { assertKnownValue, complete, type ContentOf } from './content.ts'
import { readChatKind } from '../schemas/chat-kind.ts'
import { devices } from '../schemas/devices.ts'
import type { Source } from './ids.ts'
import { writeMessage, writeQuote } from './write-message.ts'
import { writers } from './writers/index.ts'
import type { ServiceEventWriter, WriteContext } from './writers/writer.ts'

/** The instance and the customer of notifications whose context does not name others. */
export interface Defaults {
  readonly source: Source
  readonly idInstance: string | number
  readonly wid: string
  readonly typeInstance: TypeInstance
  readonly chatId: string
  readonly chatName: string
  readonly senderName: string
}

const typeWebhooks: Readonly<Record<WriteContext['sentBy'], TypeWebhookOfMessage>> = {
  contact: 'incomingMessageReceived',
  phone: 'outgoingMessageReceived',
  api: 'outgoingAPIMessageReceived'
}

export function buildMessage<Name extends MessageName> (
  name: Name, content: ContentOf<Name>, context: BuildContext, defaults: Defaults
): MessageBody {
  assertKnownValue('device', context.device, devices)
  assertKnownValue('sentBy', context.sentBy, Object.keys(typeWebhooks))
  const writeContext = createWriteContext(name, context, defaults)
  const { source, instanceData, sentBy, chatId } = writeContext
  const isIncoming = sentBy === 'contact'
  // The id of a group, story or broadcast list is not the sender's.
  const isShared = ['group', 'story', 'broadcast'].includes(readChatKind(chatId))
  const {
    timestamp = source.timestamp(),
    idMessage = source.id(isIncoming ? context.device ?? 'android' : sentBy),
    chatName = defaults.chatName,
    sender = !isIncoming ? instanceData.wid : isShared ? defaults.chatId : chatId,
    senderName = isIncoming ? defaults.senderName : 'Shop',
    senderContactName = '',
    quotedMessage
  } = context
  return {
    typeWebhook: typeWebhooks[sentBy],
    instanceData,
    timestamp,
    idMessage,
    senderData: { chatId, chatName, sender, senderName, senderContactName },
    messageData: writeMessage(name, content, { ...writeContext, quote: writeQuote(quotedMessage, writeContext) })
  }
}

export function buildServiceEvent<Name extends ServiceEventName> (
  name: Name, content: ContentOf<Name>, context: BuildContext, defaults: Defaults
): ServiceEventBody {
  const writeContext = createWriteContext(name, context, defaults)
  const { source, instanceData, chatId } = writeContext
  const {
    timestamp = source.timestamp(),
    idMessage = source.id(name === 'outgoingMessageStatus' ? 'api' : 'android')
  } = context
  // The map pairs each name with its writer, which TypeScript does not see for a generic name.
  const writer = writers[name] as unknown as ServiceEventWriter<Name>
  const data = complete(name, content, writer.defaults(writeContext, content))
  return writer.write(data, { instanceData, timestamp, idMessage, chatId })
}

function createWriteContext (name: EventName, given: BuildContext, defaults: Defaults): WriteContext {
  const { menu, sentBy = name === 'interactiveButtons' ? 'api' : 'contact' } = given
  const wid = given.wid ?? menu?.instanceData.wid ?? defaults.wid
  const chatId = given.chatId ?? menu?.senderData.chatId ?? defaults.chatId
  const instanceData: InstanceData = {
    idInstance: toWireId(given.idInstance ?? menu?.instanceData.idInstance ?? defaults.idInstance),
    wid,
    typeInstance: given.typeInstance ?? menu?.instanceData.typeInstance ?? defaults.typeInstance
  }
  const peer = sentBy === 'contact' ? wid : chatId
  return { given, source: defaults.source, instanceData, sentBy, chatId, peer, quote: undefined }
}

// On the wire, the id of an instance is a number.
function toWireId (idInstance: string | number): string | number {
  return /^\d{1,15}$/.test(String(idInstance)) ? Number(idInstance) : idInstance
}
