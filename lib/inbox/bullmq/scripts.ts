/**
 * Remembers a job, if it was added: the commands of a transaction run whatever becomes of those before.
 * KEYS: what is remembered of its key, the last job of its ordering key, the job.
 * ARGV: what to remember, `''` where it is remembered already; for how many milliseconds; the job's id.
 */
export const remember = `
if redis.call('EXISTS', KEYS[3]) == 1 then
  if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
  redis.call('SET', KEYS[2], ARGV[3])
end`

/** Forgets the last job of an ordering key, unless another has come behind it. KEYS: that of the last job. ARGV: its id. */
export const forget = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`
