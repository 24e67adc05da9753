export { bullmqInbox } from './bullmq-inbox.ts'
export type { RedisAddress } from './redis-address.ts'
export type { BullmqInboxOptions } from './inbox.ts'
