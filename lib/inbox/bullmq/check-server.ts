import type { Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import { isPermanent, refusedCommand } from './redis-error.ts'

// The commands in the scripts of this inbox and in those scripts of BullMQ that it uses. On the missing key `1` none of
// them has an effect that outlasts the script.
const scriptedCommands = [
  'GET 1', 'SET 1 a', 'DEL 1', 'EXISTS 1', 'INCR 1', 'DECR 1', 'PEXPIRE 1 1', 'PTTL 1', 'PERSIST 1',
  'HSET 1 a 1', 'HMSET 1 a 1', 'HGET 1 a', 'HMGET 1 a', 'HGETALL 1', 'HEXISTS 1 a', 'HINCRBY 1 a 1', 'HDEL 1 a',
  'LPUSH 1 a', 'RPUSH 1 a', 'LPOP 1', 'LINDEX 1 0', 'LLEN 1', 'LPOS 1 a', 'LRANGE 1 0 -1', 'LREM 1 0 a',
  'LTRIM 1 0 -1', 'RPOP 1', 'RPOPLPUSH 1 1', 'SADD 1 a', 'SREM 1 a', 'SCARD 1', 'SMEMBERS 1',
  'ZADD 1 1 a', 'ZREM 1 a', 'ZCARD 1', 'ZCOUNT 1 0 1', 'ZSCORE 1 a', 'ZRANGE 1 0 -1', 'ZRANGEBYSCORE 1 0 1',
  'ZREVRANGEBYSCORE 1 1 0', 'ZPOPMIN 1', 'XADD 1 * a b', 'XTRIM 1 MAXLEN 1'
]

/**
 * Calls each command in ARGV with the key KEYS[1] in place of `1`, and returns the refused ones with the error of
 * Redis. Reads KEYS[2], to learn whether that is allowed.
 */
const probeScript = `
redis.call('EXISTS', KEYS[2])
local refused = {}
for _, line in ipairs(ARGV) do
  local words = {}
  for word in string.gmatch(line, '%S+') do words[#words + 1] = word end
  words[2] = KEYS[1]
  if words[1] == 'RPOPLPUSH' then words[3] = KEYS[1] end
  redis.call('DEL', KEYS[1])
  local reply = redis.pcall(unpack(words))
  if type(reply) == 'table' and reply.err then refused[#refused + 1] = words[1] .. ' ' .. reply.err end
end
redis.call('DEL', KEYS[1])
return refused`

/**
 * Checks whether Redis allows what the inbox needs. Returns the reason if it does not, and `undefined` if it does or if
 * the answer has to wait, for example because the memory of Redis is full.
 *
 * `common` is what the names of all keys begin with.
 */
export async function checkServer (redis: Redis, common: string): Promise<InboxError | undefined> {
  // Keys that do not exist: one of the inbox's own, and one of its queue's.
  const own = `${common}-inbox:probe`
  const queue = `${common}:inbox-probe`
  try {
    const unfit = unfitSetting(await redis.info(), common)
    if (unfit !== undefined) return unfit
    await Promise.all([
      redis.get(own), redis.hget(own, 'a'), redis.hscan(own, 0), redis.hgetall(queue), redis.zcard(own),
      redis.zrangebyscore(own, 0, 0), redis.eval('return redis.call("EXISTS", KEYS[1])', 1, own),
      // Within a transaction it does not block.
      redis.multi().bzpopmin(queue, 1).exec()
    ])
    const sha = String(await redis.script('LOAD', probeScript))
    const refused = await redis.evalsha(sha, 2, own, queue, ...scriptedCommands)
    for (const line of Array.isArray(refused) ? refused.map(String) : []) {
      const [name = '', ...words] = line.split(' ')
      const message = words.join(' ')
      if (isPermanent(message)) return refusal(redis, name, message, common)
    }
  } catch (error) {
    return permanentRefusal(redis, error, common)
  }
}

/** Returns an error if a setting in the answer of `INFO` makes Redis unfit for the inbox. */
function unfitSetting (info: string, common: string): InboxError | undefined {
  const [, policy = 'noeviction'] = /^maxmemory_policy:([\w-]+)/m.exec(info) ?? []
  if (policy !== 'noeviction') {
    return new InboxError(
      `Redis may delete notifications when its memory is full (maxmemory-policy ${policy}). ` +
      'Set maxmemory-policy to noeviction'
    )
  }
  if (/^cluster_enabled:1/m.test(info) && !/\{[^}]+\}/.test(common)) {
    return new InboxError(
      'Redis runs in cluster mode, where all keys of the inbox must be in one hash slot. ' +
      'Set prefix to a name in braces, such as "{bull}"'
    )
  }
}

/** Converts an error of the first attempt to connect, if another attempt would fail in the same way. */
export function handshakeRefusal (redis: Redis, error: Error): InboxError | undefined {
  const code = String('code' in error ? error.code : '')
  if (/^ERR_(?:SSL|TLS)|CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code)) {
    const fix = 'Check that Redis uses TLS at this port, its certificate, and the option tls of connection'
    return new InboxError(`Redis cannot be reached with TLS (${code}). ${fix}`)
  }
  return permanentRefusal(redis, error)
}

function permanentRefusal (redis: Redis, error: unknown, common?: string): InboxError | undefined {
  const refused = refusedCommand(error)
  if (refused !== undefined && isPermanent(refused.message)) {
    return refusal(redis, refused.command, refused.message, common)
  }
}

function refusal (redis: Redis, command: string, message: string, common?: string): InboxError {
  const user = redis.options.username || 'default'
  return new InboxError(`Redis refused the command ${command}: ${message}. ${fixFor(command, message, user, common)}`)
}

function fixFor (command: string, message: string, user: string, common: string | undefined): string {
  if (/WRONGPASS|NOAUTH|invalid password/.test(message)) return 'Check the user name and the password in connection'
  if (command === 'SELECT') return 'Check the number of the database in connection'
  if (/\bkeys?\b/.test(message) && common !== undefined) {
    return `The inbox needs all keys that begin with ${common}, for example: ` +
      `ACL SETUSER ${user} ~${common}*`
  }
  const permission = `+${command.toLowerCase()}`
  return `The inbox needs this command. Allow it, for example: ACL SETUSER ${user} ${permission}`
}
