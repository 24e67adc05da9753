import type { Queue } from 'bullmq'

// KEYS: the job, the set of those that have failed, what belongs to the job. ARGV: the job's id.
const script = `
local removed = redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', unpack(KEYS, 3))
return removed`

/**
 * What Redis is to evaluate to remove a job that has failed for good, as BullMQ would by itself.
 * It replies 1 where the job was there: whoever gets that has it, whatever others do.
 *
 * A script, since the end of a transaction would be that of what the intake watches, too.
 */
export function removeDead (queue: Queue, id: string): [script: string, count: number, ...keysAndId: string[]] {
  const key = queue.toKey(id)
  const belongings = ['logs', 'dependencies', 'processed', 'failed', 'unsuccessful'].map((part) => `${key}:${part}`)
  return [script, 2 + belongings.length, key, queue.toKey('failed'), ...belongings, id]
}
