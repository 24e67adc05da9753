import type { TypeInstance } from '../events/event-types.ts'
import type { TypeWebhookOfMessage } from '../schemas/index.ts'

/** Which instance sends the notification; its id is a number on the wire. */
export interface InstanceMembers {
  idInstance: number | string
  wid: string
  typeInstance: TypeInstance
}

/** In which chat a message stands, and who wrote it. */
export interface SenderMembers {
  chatId: string
  chatName: string
  sender: string
  senderName: string
  senderContactName: string
}

/** A message as another one quotes it, its content spelled as in a journal record. */
export interface QuotedMembers {
  stanzaId: string
  participant: string
  typeMessage?: string
  [member: string]: unknown
}

/** What every message has for `messageData`; the content stands under a member that its kind names. */
export interface MessageMembers {
  typeMessage: string
  quotedMessage?: QuotedMembers
}

/** A webhook body about a message. */
export interface MessageBody<MessageData extends MessageMembers = MessageMembers> {
  typeWebhook: TypeWebhookOfMessage
  instanceData: InstanceMembers
  timestamp: number
  idMessage: string
  senderData: SenderMembers
  messageData: MessageData & Pick<MessageMembers, 'quotedMessage'>
}

/** A webhook body about anything else, its content beside these members. */
export interface ServiceEventBody {
  typeWebhook: string
  instanceData: InstanceMembers
  timestamp?: number
  idMessage?: string
  chatId?: string
}

/** A button as it stands in a body; of other members than its type's there is none. */
export interface WrittenButton {
  type?: string
  buttonId?: string
  buttonText?: string
  copyCode?: string
  phoneNumber?: string
  url?: string
  [member: string]: unknown
}

/** A message with interactive buttons as it stands in a body. */
export interface Menu {
  titleText: string
  contentText: string
  footerText: string
  buttons: WrittenButton[]
}
