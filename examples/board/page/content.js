/**
 * What a message says, as the page draws it.
 *
 * @typedef {object} Content
 * @property {string} [label] what it is, where it is not simply a text
 * @property {string} [detail] of the label: what it is on the wire, where that tells something apart
 * @property {string} [header]
 * @property {string} text
 * @property {string} [footer]
 * @property {ReadonlyArray<import('fastify-green-api').Button>} [buttons]
 * @property {string} [link]
 */

/** @type {Readonly<Record<string, string>>} */
const labels = {
  listMessage: 'List',
  imageMessage: 'Picture',
  videoMessage: 'Video',
  documentMessage: 'Document',
  audioMessage: 'Sound',
  stickerMessage: 'Sticker',
  pollMessage: 'Poll',
  pollUpdateMessage: 'Vote in a poll',
  locationMessage: 'Place',
  contactMessage: 'Contact',
  contactsArrayMessage: 'Contacts',
  groupInviteMessage: 'Invitation to a group',
  reactionMessage: 'Reaction',
  editedMessage: 'Edited a message',
  deletedMessage: 'Deleted a message'
}

/**
 * Reads an event about a message.
 *
 * @param {Extract<import('fastify-green-api').Event, { direction: string }>} event
 * @returns {Content}
 */
export function contentOf (event) {
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
      return tapOf(event.data.buttonText, event.typeMessage)
    default:
      return { label: labels[event.name] ?? event.name, text: textOf(event.data) }
  }
}

/**
 * A tap.
 *
 * @param {string} text of the button
 * @param {string} typeMessage as each kind of device has its own
 * @returns {Content}
 */
export function tapOf (text, typeMessage) {
  return { label: 'Tapped', detail: typeMessage, text }
}

/** In which members what such a message says may stand. */
const texts = ['caption', 'text', 'reaction', 'name', 'nameLocation', 'address', 'displayName', 'groupName', 'body', 'fileName']

/** @param {object} data */
function textOf (data) {
  const members = new Map(Object.entries(data))
  const text = texts.map((name) => members.get(name)).find((value) => typeof value === 'string' && value !== '')
  return String(text ?? '')
}

/**
 * Reads what the application sent, before GREEN-API tells of it.
 *
 * @param {Extract<import('../protocol.ts').Entry, { kind: 'sent' }>} sent
 * @returns {Content}
 */
export function contentOfSent ({ menu, text }) {
  if (menu === undefined) return { text: text ?? '' }
  const { header, body, footer, buttons } = menu
  return {
    ...header !== undefined && { header },
    text: body,
    ...footer !== undefined && { footer },
    buttons: buttons.map(({ type, copyCode = '', phoneNumber = '', url = '', ...label }) => {
      switch (type) {
        case 'copy': return { type, ...label, copyCode }
        case 'call': return { type, ...label, phoneNumber }
        case 'url': return { type, ...label, url }
        case 'reply': return { type, ...label }
        default: return { type: 'unknown', ...label, raw: null }
      }
    })
  }
}

/**
 * A message in a few words.
 *
 * @param {Content} content
 */
export function summaryOf ({ label, header, text }) {
  const words = [label, header ?? text].filter((each) => each !== undefined && each !== '').join(': ')
  return words.length > 80 ? `${words.slice(0, 79)}…` : words
}
