import { isObject, type Content } from '../schemas/values.ts'

/** By the member of `messageData`, how a journal record or a quote spells its content. */
const spellings: Readonly<Record<string, (content: Content) => Content>> = {
  textMessageData: (text) => text,
  extendedTextMessageData: (extendedTextMessage) => ({ textMessage: extendedTextMessage.text, extendedTextMessage }),
  fileMessageData: (file) => file,
  locationMessageData: (location) => ({ location }),
  contactMessageData: (contact) => ({ contact }),
  messageData: (contacts) => contacts,
  editedMessageData: ({ stanzaId, ...change }) => ({ editedMessageId: stanzaId, ...change }),
  deletedMessageData: ({ stanzaId }) => ({ deletedMessageId: stanzaId })
}

const spellingsIn = {
  journal: { ...spellings, interactiveButtons: (menu: Content): Content => ({ interactiveButtons: { ...menu, buttons: withNulls(menu.buttons) } }) },
  quote: { ...spellings, buttonsMessage: (menu: Content): Content => menu }
}

/** The content of `messageData` as a journal record or a quote spells it: flat, as far as they do. */
export function flatten (messageData: object, where: 'journal' | 'quote'): Content {
  const bySpelling: typeof spellings = spellingsIn[where]
  const members = Object.entries(messageData).map(([member, value]): Content => {
    if (!isObject(value)) return { [member]: value }
    const { isForwarded, forwardingScore, ...content } = value
    const spelled = bySpelling[member]?.(content) ?? { [member]: content }
    return { ...spelled, ...isForwarded !== undefined && { isForwarded }, ...forwardingScore !== undefined && { forwardingScore } }
  })
  return Object.assign({}, ...members)
}

// A journal has every member of every button.
function withNulls (buttons: unknown): unknown {
  if (!Array.isArray(buttons)) return buttons
  return buttons.map((button: unknown) => isObject(button)
    ? { type: null, buttonId: null, buttonText: null, copyCode: null, phoneNumber: null, url: null, ...button }
    : button)
}
