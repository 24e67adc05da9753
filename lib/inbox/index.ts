export { InboxControl, type DeadLetter, type PageOptions } from './control.ts'
export { toEntry, toNotification } from './entry.ts'
export type { DeadLetterEntry, DeliveryHandler, DueEntry, Inbox, InboxEntry, PageQuery, StoredEntry } from './inbox.ts'
