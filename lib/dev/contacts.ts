/** A person or a group of the emulated WhatsApp. */
export interface Contact {
  readonly chatId: string
  readonly name: string
  /** The members of a group. */
  readonly members?: readonly Contact[]
}

const ada: Contact = { chatId: '4915550001234@c.us', name: 'Ada Lovelace' }
const grace: Contact = { chatId: '4915550005678@c.us', name: 'Grace Hopper' }

/** The chats that exist from the start. */
export const contacts: readonly Contact[] = [
  ada,
  grace,
  { chatId: '120363000000000001@g.us', name: 'Book club', members: [ada, grace] }
]
