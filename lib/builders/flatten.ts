import { isObject, type Content } from '../schemas/values.ts'

type Flatten = (content: Content) => Content

/** How journal records and quoted messages flatten the content, by the member of `messageData` with the content. */
const flatteners: Readonly<Record<string, Flatten>> = {
  textMessageData: (text) => text,
  extendedTextMessageData: (extendedTextMessage) => ({ textMessage: extendedTextMessage.text, extendedTextMessage }),
  fileMessageData: (file) => file,
  locationMessageData: (location) => ({ location }),
  contactMessageData: (contact) => ({ contact }),
  // Contacts, or the template of a WABA instance.
  messageData: (content) => 'templateId' in content ? { templateMessage: content } : content,
  editedMessageData: ({ stanzaId, ...change }) => ({ editedMessageId: stanzaId, ...change }),
  deletedMessageData: ({ stanzaId }) => ({ deletedMessageId: stanzaId })
}

const flattenersOf: Readonly<Record<'journal' | 'quote', Readonly<Record<string, Flatten>>>> = {
  journal: {
    ...flatteners,
    interactiveButtons: (menu) => ({ interactiveButtons: { ...menu, buttons: addNulls(menu.buttons) } })
  },
  quote: { ...flatteners, buttonsMessage: (menu) => menu }
}

/** Flattens the content of `messageData` as in a journal record or a quoted message. */
export function flatten (messageData: object, target: 'journal' | 'quote'): Content {
  const flattenMember = flattenersOf[target]
  const members = Object.entries(messageData).map(([member, value]): Content => {
    if (!isObject(value)) return { [member]: value }
    const { isForwarded, forwardingScore, ...content } = value
    return {
      ...flattenMember[member]?.(content) ?? { [member]: content },
      ...isForwarded !== undefined && { isForwarded },
      ...forwardingScore !== undefined && { forwardingScore }
    }
  })
  return Object.assign({}, ...members)
}

const nullButton = { type: null, buttonId: null, buttonText: null, copyCode: null, phoneNumber: null, url: null }

// In a journal, every button has all members.
function addNulls (buttons: unknown): unknown {
  if (!Array.isArray(buttons)) return buttons
  return buttons.map((button: unknown) => isObject(button) ? { ...nullButton, ...button } : button)
}
