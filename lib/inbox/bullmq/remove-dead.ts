import type { Queue } from 'bullmq'
import type { ChainableCommander } from 'ioredis'

/**
 * Removes a job that has failed for good, as a part of a transaction, as BullMQ would by itself.
 * The first reply is 1 where the job was there: whoever gets that has it, whatever others do.
 */
export function removeDead (multi: ChainableCommander, queue: Queue, id: string): void {
  const key = queue.toKey(id)
  multi.del(key)
  multi.zrem(queue.toKey('failed'), id)
  multi.del(...['logs', 'dependencies', 'processed', 'failed', 'unsuccessful'].map((part) => `${key}:${part}`))
}
