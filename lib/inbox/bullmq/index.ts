export { bullmqInbox } from './bullmq-inbox.ts'
export type { RedisAddress } from './connection.ts'
export type { BullmqInboxOptions } from './inbox.ts'
