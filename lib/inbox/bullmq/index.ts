/**
 * An inbox in Redis, shared by any number of replicas.
 * @module fastify-green-api/inbox/bullmq
 */
export { bullmqInbox } from './bullmq-inbox.ts'
export type { RedisAddress } from './redis-address.ts'
export type { BullmqInboxOptions } from './inbox.ts'
