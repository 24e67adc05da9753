import type { Static } from '@sinclair/typebox'
import * as Type from '@sinclair/typebox'
import { defineMessage } from './definition.ts'
import {
  Described, Unchecked, WireText, isObject, readFirst, readOptional, readText, readTexts, wireOf, type Content
} from './values.ts'

const optional = {
  /** The contact's chat id, on MAX and Telegram. */
  chatId: Type.Optional(Type.String()),
  /** The URL of the contact's avatar, on MAX. */
  urlAvatar: Type.Optional(Type.String())
}

/** The `data` of `contactMessage`. */
export const Contact = Type.Object({
  /** The display name, from `displayName`, or from `firstName` and `lastName`. `''` if missing. */
  displayName: Type.String(),
  /** The contact as a vCard. `''` if missing. */
  vcard: Type.String(),
  /** The phone number, on MAX from `phoneNumber` and on Telegram from `phoneContact`. */
  phoneNumber: Type.Optional(Type.String()),
  ...optional
})
export type Contact = Static<typeof Contact>

/** The `data` of `contactsArrayMessage`. */
export const ContactsArrayMessage = Type.Object({
  /** The contacts. */
  contacts: Type.Array(Contact)
})
export type ContactsArrayMessage = Static<typeof ContactsArrayMessage>

/**
 * A contact on the wire: in `contactMessageData`, or in `contact` in journal records and quoted messages. Telegram
 * sends `firstName` and `lastName` for `displayName`, and `phoneContact` for `phoneNumber`.
 */
export const WireContact = Type.Object({
  displayName: Unchecked(WireText),
  firstName: Unchecked(WireText),
  lastName: Unchecked(WireText),
  vcard: Unchecked(WireText),
  phoneNumber: Unchecked(WireText),
  phoneContact: Unchecked(WireText),
  ...wireOf(optional)
})

/** Contacts on the wire: in a `messageData` inside `messageData`, or flat under `ContactsArrayMessage`. */
export const WireContactsArrayMessage = Type.Object({ contacts: Type.Array(Described(WireContact)) })

export const contactMessage = defineMessage({
  summary: 'a contact',
  page: 'https://green-api.com/en/docs/api/receiving/notifications-format/incoming-message/ContactMessage/',
  typeMessages: ['contactMessage'],
  members: ['contactMessageData', 'contact', 'contactMessage'],
  flat: ['displayName', 'firstName', 'vcard', 'phoneNumber', 'phoneContact'],
  wire: WireContact,
  data: Contact,
  read (wire, { content }) {
    // In a flat content, chatId is the chat of the message.
    const contact = readContact(wire === content ? { ...wire, chatId: undefined } : wire)
    const isEmpty = contact.displayName === '' && contact.vcard === '' && contact.phoneNumber === undefined
    return isEmpty ? 'Expected displayName, vcard or phoneNumber' : contact
  }
})

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
    ...readOptional(wire, optional)
  }
}
