export { lmdbInbox, type LmdbInboxOptions } from './lmdb-inbox.ts'
