import { Type, type Static } from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import { Described, Unchecked, WireText, isObject, readFirst, readText, readTexts, type Content } from './values.ts'

/** A contact, as listeners receive it. What else the wire has none of, `null` or an empty one, is absent. */
export const Contact = Type.Object({
  /** The name it is shown under: `displayName`, or `firstName` and `lastName`; `''` where the wire has none. */
  displayName: Type.String(),
  /** The contact itself, in the vCard format; `''` where the wire has none. */
  vcard: Type.String(),
  /** The telephone number, where it stands beside the vCard: `phoneNumber` on MAX, `phoneContact` on Telegram. */
  phoneNumber: Type.Optional(Type.String()),
  /** The contact's chat, on MAX and Telegram. */
  chatId: Type.Optional(Type.String()),
  /** Where the contact's picture is, on MAX. */
  urlAvatar: Type.Optional(Type.String())
})
export type Contact = Static<typeof Contact>

/** Several contacts, as listeners receive them. */
export const ContactsArrayMessage = Type.Object({
  /** Nested in `messageData.messageData`, or flat under `ContactsArrayMessage` and in journals. */
  contacts: Type.Array(Contact)
})
export type ContactsArrayMessage = Static<typeof ContactsArrayMessage>

/**
 * A contact as GREEN-API spells it: in `contactMessageData`, in journal records and quotes in
 * `contact`. On Telegram it has a `firstName` and a `lastName` for `displayName`, and `phoneContact`
 * for `phoneNumber`.
 */
export const WireContact = Type.Object({
  displayName: Unchecked(WireText),
  firstName: Unchecked(WireText),
  lastName: Unchecked(WireText),
  vcard: Unchecked(WireText),
  phoneNumber: Unchecked(WireText),
  phoneContact: Unchecked(WireText),
  chatId: Unchecked(WireText),
  urlAvatar: Unchecked(WireText)
})

/**
 * Several contacts as GREEN-API spells them: in a `messageData` within `messageData`, or,
 * under `ContactsArrayMessage`, flat.
 */
export const WireContactsArrayMessage = Type.Object({ contacts: Type.Array(Described(WireContact)) })

/** A contact. */
export const contactMessage = defineMessage({
  summary: 'a contact',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ContactMessage/',
  typeMessages: ['contactMessage'],
  members: ['contactMessageData', 'contact', 'contactMessage'],
  flat: ['displayName', 'firstName', 'vcard', 'phoneNumber', 'phoneContact'],
  wire: WireContact,
  data: Contact,
  read (wire, { content }) {
    // Flat, a message's own chatId would pass for the contact's.
    const contact = readContact(wire === content ? { ...wire, chatId: undefined } : wire)
    return contact.displayName === '' && contact.vcard === '' && contact.phoneNumber === undefined ? 'Expected displayName, vcard or phoneNumber' : contact
  }
})

/** Several contacts. */
export const contactsArrayMessage = defineMessage({
  summary: 'several contacts',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ContactsArrayMessage/',
  typeMessages: ['contactsArrayMessage', 'ContactsArrayMessage'],
  members: ['messageData', 'contactsArrayMessageData', 'contactsArrayMessage'],
  flat: ['contacts'],
  wire: WireContactsArrayMessage,
  data: ContactsArrayMessage,
  read: ({ contacts }) => ({ contacts: contacts.filter(isObject).map(readContact) })
})

function readContact (wire: Content): Contact {
  const { displayName, firstName, lastName, vcard, phoneNumber, phoneContact } = wire
  return {
    displayName: readText(displayName) || [firstName, lastName].map(readText).join(' ').trim(),
    vcard: readText(vcard),
    ...readTexts({ phoneNumber: readFirst(phoneNumber, phoneContact) }, ['phoneNumber']),
    ...readTexts(wire, ['chatId', 'urlAvatar'])
  }
}
