import type { TypeInstance } from '../events/index.ts'
import type { TypeWebhookOfMessage } from '../schemas/index.ts'

/** The `instanceData` of a webhook body: the instance that sends the notification. */
export interface InstanceData {
  /** A number, unless a test asks for an id that is not one. */
  idInstance: number | string
  wid: string
  typeInstance: TypeInstance
}

/** The `senderData` of a webhook body: the chat and the sender of a message. */
export interface SenderData {
  chatId: string
  chatName: string
  sender: string
  senderName: string
  senderContactName: string
}

/** A quoted message in a webhook body. Its content has the form of a journal record. */
export interface QuotedMessageData {
  stanzaId: string
  participant: string
  typeMessage?: string
  [member: string]: unknown
}

/** The `messageData` of a webhook body. Each kind of message adds the member with its content. */
export interface MessageData {
  typeMessage: string
  quotedMessage?: QuotedMessageData
}

/** The webhook body of a message. */
export interface MessageBody<Data extends MessageData = MessageData> {
  typeWebhook: TypeWebhookOfMessage
  instanceData: InstanceData
  /** Unix time in seconds. */
  timestamp: number
  idMessage: string
  senderData: SenderData
  messageData: Data & Pick<MessageData, 'quotedMessage'>
}

/** The webhook body of a service event. Each kind adds the members with its content. */
export interface ServiceEventBody {
  typeWebhook: string
  instanceData: InstanceData
  /** Unix time in seconds. */
  timestamp?: number
  idMessage?: string
  chatId?: string
}

/** A button in a webhook body. It has only the members of its type. */
export interface WrittenButton {
  type?: string
  buttonId?: string
  buttonText?: string
  copyCode?: string
  phoneNumber?: string
  url?: string
  [member: string]: unknown
}

/** The content of a message with interactive buttons in a webhook body. */
export interface Menu {
  titleText: string
  contentText: string
  footerText: string
  buttons: WrittenButton[]
}
