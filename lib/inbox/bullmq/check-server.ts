import type { Redis } from 'ioredis'
import { InboxError } from '../../errors.ts'
import type { ProbeKeys } from './keys.ts'
import { isPermanent, redisMessage, refusedCommand } from './redis-error.ts'

// The commands in the scripts of this inbox and in those scripts of BullMQ that it uses. On the missing key `1` none of
// them has an effect that outlasts the script.
const scriptedCommands = [
  'GET 1', 'SET 1 a', 'DEL 1', 'EXISTS 1', 'INCR 1', 'PEXPIRE 1 1', 'PTTL 1',
  'HSET 1 a 1', 'HMSET 1 a 1', 'HGET 1 a', 'HMGET 1 a', 'HGETALL 1', 'HEXISTS 1 a', 'HINCRBY 1 a 1', 'HDEL 1 a',
  'LPUSH 1 a', 'RPUSH 1 a', 'LLEN 1', 'LRANGE 1 0 -1', 'LREM 1 0 a', 'LTRIM 1 0 -1', 'RPOP 1', 'RPOPLPUSH 1 1',
  'SADD 1 a', 'SREM 1 a', 'SCARD 1', 'SMEMBERS 1',
  'ZADD 1 1 a', 'ZREM 1 a', 'ZCARD 1', 'ZCOUNT 1 0 1', 'ZSCORE 1 a', 'ZRANGE 1 0 -1', 'ZRANGEBYSCORE 1 0 1',
  'ZPOPMIN 1', 'XADD 1 * a b', 'XTRIM 1 MAXLEN 1'
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
 */
export async function checkServer (redis: Redis, keys: ProbeKeys): Promise<InboxError | undefined> {
  const { own, queue } = keys
  let sha = ''
  let command = 'INFO'
  try {
    const info = await redis.info()
    if (/^cluster_enabled:1/m.test(info) && !/\{[^}]+\}/.test(keys.common)) return needsHashTag()
    const steps: ReadonlyArray<readonly [name: string, run: () => Promise<unknown>]> = [
      ['WATCH', () => redis.watch([own, queue])],
      ['MGET', () => redis.mget([own])],
      ['HMGET', () => redis.hmget(queue, 'timestamp')],
      ['HGETALL', () => redis.hgetall(queue)],
      ['UNWATCH', () => redis.unwatch()],
      ['ZRANGEBYSCORE', () => redis.zrangebyscore(queue, 0, 0)],
      ['ZSCAN', () => redis.zscan(queue, 0)],
      ['EVAL', () => redis.eval('return redis.call("EXISTS", KEYS[1])', 1, own)],
      ['SCRIPT', async () => { sha = String(await redis.script('LOAD', probeScript)) }],
      // Within a transaction it does not block.
      ['BZPOPMIN', () => redis.multi().bzpopmin(queue, 1).exec()]
    ]
    for (const [name, run] of steps) {
      command = name
      await run()
    }
    command = 'EVALSHA'
    const refused = await redis.evalsha(sha, 2, own, queue, ...scriptedCommands)
    for (const line of Array.isArray(refused) ? refused.map(String) : []) {
      const [name = '', ...words] = line.split(' ')
      command = name
      const message = words.join(' ')
      if (isPermanent(message)) return refusal(redis, name, message, keys)
    }
  } catch (error) {
    const message = redisMessage(error)
    if (message !== undefined && isPermanent(message)) return refusal(redis, command, message, keys)
  }
}

/** Converts an error of the first attempt to connect, if another attempt would fail in the same way. */
export function handshakeRefusal (redis: Redis, error: Error): InboxError | undefined {
  const code = String('code' in error ? error.code : '')
  if (/^ERR_(?:SSL|TLS)|CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code)) {
    const fix = 'Check that Redis uses TLS at this port, its certificate, and the option tls of connection'
    return new InboxError(`Redis cannot be reached with TLS (${code}). ${fix}`)
  }
  const command = refusedCommand(error)
  const message = redisMessage(error)
  if (command === undefined || message === undefined || !isPermanent(message)) return
  return refusal(redis, command, message)
}

function refusal (redis: Redis, command: string, message: string, keys?: ProbeKeys): InboxError {
  const user = redis.options.username || 'default'
  return new InboxError(`Redis refused the command ${command}: ${message}. ${fixFor(command, message, user, keys)}`)
}

function fixFor (command: string, message: string, user: string, keys: ProbeKeys | undefined): string {
  if (/WRONGPASS|NOAUTH|invalid password/.test(message)) return 'Check the user name and the password in connection'
  if (command === 'SELECT') return 'Check the number of the database in connection'
  if (/\bkeys?\b/.test(message) && keys !== undefined) {
    return `The inbox needs all keys that begin with ${keys.common}, for example: ` +
      `ACL SETUSER ${user} ~${keys.common}*`
  }
  const permission = `+${command.toLowerCase()}`
  return `The inbox needs this command. Allow it, for example: ACL SETUSER ${user} ${permission}`
}

function needsHashTag (): InboxError {
  return new InboxError(
    'Redis runs in cluster mode, where all keys of the inbox must be in one hash slot. ' +
    'Set prefix to a name in braces, such as "{bull}"'
  )
}
