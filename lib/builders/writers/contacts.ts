import type { Contact } from '../../schemas/contacts.ts'
import { forwarding, type MessageWriter } from './writer.ts'

export const contactMessage = {
  defaults: (context, { displayName = 'Grace Hopper' }) => createContact(displayName),
  write: (data, context) => ({
    typeMessage: 'contactMessage',
    contactMessageData: { ...data, ...forwarding(context) }
  })
} satisfies MessageWriter<'contactMessage'>

// The current form. Old notifications are flat and have the type ContactsArrayMessage.
export const contactsArrayMessage = {
  defaults: () => ({ contacts: [createContact('Grace Hopper'), createContact('Alan Turing')] }),
  write: (data, context) => ({
    typeMessage: 'contactsArrayMessage',
    messageData: { ...data, ...forwarding(context) }
  })
} satisfies MessageWriter<'contactsArrayMessage'>

function createContact (displayName: string): Contact {
  const phone = 'TEL;type=CELL;waid=4915550005678:+49 1555 0005678'
  const vcard = `BEGIN:VCARD\nVERSION:3.0\nN:;${displayName};;;\nFN:${displayName}\n${phone}\nEND:VCARD`
  return { displayName, vcard }
}
