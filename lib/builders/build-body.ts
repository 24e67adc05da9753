import type { EventName, MessageName, ServiceEventName, TypeInstance } from '../events/event-types.ts'
import type { TypeWebhookOfMessage } from '../schemas/index.ts'
import type { BuildContext } from './event-context.ts'
import type { InstanceMembers, MessageBody, ServiceEventBody } from './bodies.ts'
import { assertKnownValue, complete, type ContentOf } from './content.ts'
import { devices, type Source } from './ids.ts'
import { writeMessage, writeQuote } from './write-message.ts'
import { writers } from './writers/index.ts'
import type { ServiceEventWriter, WriteContext } from './writers/writer.ts'

/** Who writes to whom where nothing else is asked for. */
export interface Defaults {
  readonly source: Source
  readonly idInstance: string | number
  readonly wid: string
  readonly typeInstance: TypeInstance
  readonly chatId: string
  readonly chatName: string
  readonly senderName: string
}

/** Builds the webhook body of a message. */
export function buildMessage<Name extends MessageName> (name: Name, content: ContentOf<Name>, around: BuildContext, cast: Defaults): MessageBody {
  assertKnownValue('device', around.device, devices)
  assertKnownValue('sentBy', around.sentBy, Object.keys(typeWebhookBy))
  const scene = setScene(name, around, cast)
  const { source, instanceData, sentBy, chatId } = scene
  const isIncoming = sentBy === 'contact'
  const { wid } = instanceData
  const {
    timestamp = source.timestamp(),
    idMessage = source.id(isIncoming ? around.device ?? 'android' : sentBy),
    chatName = cast.chatName,
    // In a group somebody must have written it.
    sender = isIncoming ? chatId.endsWith('@g.us') ? cast.chatId : chatId : wid,
    senderName = isIncoming ? cast.senderName : 'Shop',
    senderContactName = ''
  } = around
  return {
    typeWebhook: typeWebhookBy[sentBy],
    instanceData,
    timestamp,
    idMessage,
    senderData: { chatId, chatName, sender, senderName, senderContactName },
    messageData: writeMessage(name, content, { ...scene, quote: writeQuote(around.quotedMessage, scene) })
  }
}

/** Builds the webhook body of a notice. */
export function buildServiceEvent<Name extends ServiceEventName> (name: Name, content: ContentOf<Name>, around: BuildContext, cast: Defaults): ServiceEventBody {
  const scene = setScene(name, around, cast)
  const { source, instanceData, chatId } = scene
  const { timestamp = source.timestamp(), idMessage = source.id(name === 'outgoingMessageStatus' ? 'api' : 'android') } = around
  // The map ties each name to its writer, which TypeScript does not follow where the name is any.
  const { defaults, write } = writers[name] as unknown as ServiceEventWriter<Name>
  return write(complete(name, content, defaults(scene, content)), { instanceData, timestamp, idMessage, chatId })
}

const typeWebhookBy: Readonly<Record<WriteContext['sentBy'], TypeWebhookOfMessage>> = {
  contact: 'incomingMessageReceived',
  phone: 'outgoingMessageReceived',
  api: 'outgoingAPIMessageReceived'
}

function setScene (name: EventName, around: BuildContext, cast: Defaults): WriteContext {
  const { menu, sentBy = name === 'interactiveButtons' ? 'api' : 'contact' } = around
  const { wid = menu?.instanceData.wid ?? cast.wid, chatId = menu?.senderData.chatId ?? cast.chatId } = around
  const instanceData: InstanceMembers = {
    idInstance: asNumber(around.idInstance ?? menu?.instanceData.idInstance ?? cast.idInstance),
    wid,
    typeInstance: around.typeInstance ?? menu?.instanceData.typeInstance ?? cast.typeInstance
  }
  return { around, source: cast.source, instanceData, sentBy, chatId, other: sentBy === 'contact' ? wid : chatId, quote: undefined }
}

// As it stands on the wire, unless it is none.
function asNumber (idInstance: string | number): string | number {
  return /^\d{1,15}$/.test(String(idInstance)) ? Number(idInstance) : idInstance
}
