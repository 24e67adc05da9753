import type { Event } from '../../events/index.ts'
import type { Button } from '../../schemas/buttons.ts'
import type { NotificationRecord } from '../protocol.ts'

/** An event about a message. */
export type MessageEvent = Extract<Event, { direction: string }>

/** What a message shows. */
export interface Content {
  /** The kind of the message, if it is not a plain text. */
  readonly label?: string
  /** The name of the label's icon. */
  readonly icon?: string
  readonly header?: string
  readonly text: string
  readonly footer?: string
  readonly buttons?: readonly Button[]
}

const labels: Readonly<Record<string, readonly [label: string, icon: string]>> = {
  listMessage: ['List', 'list'],
  imageMessage: ['Photo', 'image'],
  videoMessage: ['Video', 'video'],
  documentMessage: ['Document', 'file'],
  audioMessage: ['Voice message', 'mic'],
  stickerMessage: ['Sticker', 'image'],
  pollMessage: ['Poll', 'list'],
  pollUpdateMessage: ['Poll vote', 'list'],
  locationMessage: ['Location', 'pin'],
  contactMessage: ['Contact', 'person'],
  contactsArrayMessage: ['Contacts', 'person'],
  groupInviteMessage: ['Group invitation', 'person'],
  reactionMessage: ['Reaction', 'smile'],
  editedMessage: ['Edited message', 'edit'],
  deletedMessage: ['Deleted message', 'trash']
}

/** Returns the event of a record if it is a message. */
export function messageOf ({ event }: NotificationRecord): MessageEvent | undefined {
  if (event.name === 'unrecognized' || typeof event.direction !== 'string') return undefined
  // The server sends the event as it was recognized.
  return event as unknown as MessageEvent
}

export function contentOf (event: MessageEvent): Content {
  switch (event.name) {
    case 'interactiveButtons':
    case 'buttonsMessage':
    case 'templateMessage': {
      const { header, body, footer, buttons } = event.data
      return { ...header !== undefined && { header }, text: body, ...footer !== undefined && { footer }, buttons }
    }
    case 'textMessage':
    case 'extendedTextMessage':
    case 'quotedMessage':
      return { text: event.data.text }
    case 'buttonReply':
      return { text: event.data.buttonText }
    default: {
      const [label, icon] = labels[event.name] ?? [event.name, 'file']
      return { label, icon, text: textOf(event.data) }
    }
  }
}

/** The members of `data` that can hold the text of a message. */
const textMembers = [
  'caption', 'text', 'reaction', 'name', 'nameLocation', 'address', 'displayName', 'groupName', 'body', 'fileName'
]

function textOf (data: object): string {
  const members = new Map<string, unknown>(Object.entries(data))
  const text = textMembers.map((name) => members.get(name)).find((value) => typeof value === 'string' && value !== '')
  return typeof text === 'string' ? text : ''
}

/** Describes a message in a few words. */
export function summarize ({ label, header, text }: Content): string {
  const words = [label, header ?? text].filter((each) => each !== undefined && each !== '').join(': ')
  return words.length > 80 ? `${words.slice(0, 79)}…` : words
}

const serviceTexts: Readonly<Record<string, string>> = {
  incomingCall: 'Incoming call',
  outgoingCall: 'Outgoing call',
  stateInstanceChanged: 'Instance state',
  statusInstanceChanged: 'Connection',
  quotaExceeded: 'Quota exceeded',
  deviceInfo: 'Device info',
  avatarInfo: 'New avatar',
  incomingBlock: 'Blocked'
}

/** Describes a notification that is not a message. */
export function describeService ({ event, fault }: NotificationRecord): string {
  if (event.name === 'unrecognized') {
    const type = [event.typeMessage, event.typeWebhook].find((each) => typeof each === 'string')
    return fault === 'malformed' ? 'Malformed notification' : `Unrecognized: ${String(type ?? event.reason)}`
  }
  const { status, stateInstance, statusInstance } = Object(event.data)
  const detail = [status, stateInstance, statusInstance].find((each) => typeof each === 'string')
  const title = serviceTexts[String(event.name)] ?? String(event.name)
  return detail === undefined ? title : `${title}: ${detail}`
}
