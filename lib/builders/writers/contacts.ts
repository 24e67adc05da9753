import type { Contact } from '../../schemas/contacts.ts'
import { forwarding, type MessageWriter } from './writer.ts'

/** A contact. */
export const contactMessage = {
  defaults: (scene, { displayName = 'Grace Hopper' }) => contact(displayName),
  write: ({ displayName, vcard, ...rest }, scene) => ({ typeMessage: 'contactMessage', contactMessageData: { displayName, vcard, ...rest, ...forwarding(scene) } })
} satisfies MessageWriter<'contactMessage'>

/** Several contacts, nested as bodies have them at present; older ones have them flat, under a type with a capital letter. */
export const contactsArrayMessage = {
  defaults: () => ({ contacts: [contact('Grace Hopper'), contact('Alan Turing')] }),
  write: ({ contacts }, scene) => ({ typeMessage: 'contactsArrayMessage', messageData: { contacts, ...forwarding(scene) } })
} satisfies MessageWriter<'contactsArrayMessage'>

function contact (displayName: string): Contact {
  return { displayName, vcard: `BEGIN:VCARD\nVERSION:3.0\nN:;${displayName};;;\nFN:${displayName}\nTEL;type=CELL;waid=4915550005678:+49 1555 0005678\nEND:VCARD` }
}
