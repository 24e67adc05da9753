// Scripts run atomically in Redis. All keys are passed in KEYS, as Redis Cluster requires.
//
// An entry is a line in the list of its chat: revision, key, time, name, and the body unless it is null, with a space
// between them. The revision and the key are its id.
//
// The hash of chats has a field for each chat with entries. Its value is the owner: the job that delivers several
// entries of the chat, or `''`.

/**
 * Appends new entries to the lists of their chats. Returns 1 for each stored entry and 0 for each duplicate.
 *
 * The text at a `seen` key is the number of bodies that arrived, and the checksums of the last ones: `3,40265318,77,9`.
 * The checksum of a recovered notification is `*`. It equals all others, and that of the next body replaces it.
 *
 * KEYS: the pending count, the chats, then for each entry: its `seen` key, the list of its chat.
 * ARGV: the lifetime and the number of checksums of `seen` keys, then for each entry: its chat, its checksum, its line
 * without the revision.
 */
export const storeScript = `
local stored = {}
for i = 1, #KEYS / 2 - 1 do
  local seenKey, list = KEYS[2 * i + 1], KEYS[2 * i + 2]
  local chat, checksum, line = unpack(ARGV, 3 * i, 3 * i + 2)
  local seen = redis.call('GET', seenKey) or '0'
  local count, checksums = string.match(seen, '^(%d+)(.*)$')
  if string.find(checksums .. ',', ',' .. checksum .. ',', 1, true) or checksum == '*' and checksums ~= '' then
    stored[i] = 0
  elseif checksums == ',*' then
    redis.call('SET', seenKey, count .. ',' .. checksum, 'PX', ARGV[1])
    stored[i] = 0
  else
    checksums = checksums .. ',' .. checksum
    local _, number = string.gsub(checksums, ',', ',')
    if number > tonumber(ARGV[2]) then checksums = string.gsub(checksums, '^,%d+', '') end
    local revision = string.format('%d', count + 1)
    redis.call('SET', seenKey, revision .. checksums, 'PX', ARGV[1])
    local length = redis.call('RPUSH', list, revision .. ' ' .. line)
    if length == 1 then redis.call('HSET', KEYS[2], chat, '') end
    redis.call('INCR', KEYS[1])
    stored[i] = 1
  end
end
return stored`

/**
 * Makes a job the owner of its chat, and returns the number of entries and the first one.
 *
 * A job that delivers one entry does not continue, so it becomes the owner only instead of another job. Otherwise the
 * script writes nothing, and Redis can answer without waiting for its disk.
 *
 * KEYS: the list of the chat, the chats. ARGV: the chat, the owner.
 */
export const takeScript = `
local count = redis.call('LLEN', KEYS[1])
if count == 0 then return {0} end
if count > 1 or redis.call('HGET', KEYS[2], ARGV[1]) ~= '' then redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end
return {count, redis.call('LINDEX', KEYS[1], 0)}`

/**
 * Removes an entry if it is the first of its chat, perhaps to the dead letters. Returns the next entry if the job is
 * still the owner of the chat.
 *
 * KEYS: the list of the chat, the chats, the pending count, for a dead letter also: the positions of all dead letters,
 * the dead letters of the entry's key.
 * ARGV: the chat, the owner, the entry's id and a space, for a dead letter also: its position, its time, its JSON.
 */
export const finishScript = `
local first = redis.call('LINDEX', KEYS[1], 0)
if first and string.sub(first, 1, #ARGV[3]) == ARGV[3] then
  if KEYS[4] then
    redis.call('ZADD', KEYS[4], ARGV[5], ARGV[4])
    redis.call('HSET', KEYS[5], ARGV[4], ARGV[6])
  end
  redis.call('LPOP', KEYS[1])
  redis.call('DECR', KEYS[3])
  first = redis.call('LINDEX', KEYS[1], 0)
end
if not first then
  redis.call('HDEL', KEYS[2], ARGV[1])
elseif redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[2] then
  return first
end
return false`

/**
 * Removes a dead letter, perhaps to the end of its chat. Returns 1 if it existed.
 *
 * KEYS: the positions of all dead letters, the dead letters of its key, the pending count, the list of its chat, the
 * chats.
 * ARGV: its position, its chat, the entry or `''` to discard it.
 */
export const leaveScript = `
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[3] ~= '' then
  if redis.call('RPUSH', KEYS[4], ARGV[3]) == 1 then redis.call('HSET', KEYS[5], ARGV[2], '') end
  redis.call('INCR', KEYS[3])
end
return 1`
