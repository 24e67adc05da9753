import type { Queue } from 'bullmq'

/**
 * Stores the revisions of a key and the last job of an ordering key, if the job was added. The check is needed because
 * the commands of a transaction run even when an earlier one fails.
 *
 * KEYS: the revisions, the last job of the ordering key, the job.
 * ARGV: the new revisions or `''` for no change, their lifetime in milliseconds, the job's id.
 */
export const rememberJobScript = `
if redis.call('EXISTS', KEYS[3]) == 1 then
  if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  redis.call('SET', KEYS[2], ARGV[3])
end`

/** Deletes the last job of an ordering key, unless another job followed. KEYS: the last job. ARGV: the job's id. */
export const forgetJobScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`

// KEYS: the job, the set of failed jobs, the keys that belong to the job. ARGV: the job's id.
const removeDeadJobScript = `
local removed = redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', unpack(KEYS, 3))
return removed`

/**
 * Returns the arguments of `EVAL` that remove a failed job. The reply is 1 if the job existed, so of several replicas
 * only one gets 1.
 *
 * A script is used because BullMQ's own method would run a transaction, which ends the WATCH of the job writer.
 */
export function removeDeadJob (queue: Queue, id: string): [script: string, keyCount: number, ...keysAndId: string[]] {
  const key = queue.toKey(id)
  const ownedKeys = ['logs', 'dependencies', 'processed', 'failed', 'unsuccessful'].map((part) => `${key}:${part}`)
  return [removeDeadJobScript, 2 + ownedKeys.length, key, queue.toKey('failed'), ...ownedKeys, id]
}
