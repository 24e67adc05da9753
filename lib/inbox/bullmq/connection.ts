import type { FastifyBaseLogger } from 'fastify'
import { Redis, type RedisOptions } from 'ioredis'
import { logError } from '../../util/logging.ts'

/** The address of Redis: options of `ioredis`, or a URL such as `redis://127.0.0.1:6379`. */
export type RedisAddress = RedisOptions | string

/** After this time without a reply Redis counts as unreachable. */
export const commandTimeoutMs = 5000

const retryStrategy = (times: number) => Math.min(times * 50, 1000)

// For commands that a request waits for: they reject soon when Redis is unreachable or paused. ioredis must not send
// them again after a reconnect, because that would split transactions.
const failFast = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
  connectTimeout: commandTimeoutMs,
  retryStrategy,
  replyMapping: 'legacy'
} satisfies RedisOptions

// For a worker, which waits as long as Redis is unreachable.
const blocking = { maxRetriesPerRequest: null, retryStrategy, replyMapping: 'legacy' } satisfies RedisOptions

/** A Redis client that reconnects, and that can be ended together with its duplicates. */
export class Connection extends Redis {
  /** The duplicates that BullMQ created. */
  readonly #duplicates: Redis[] = []

  override duplicate (options?: Partial<RedisOptions>): Redis {
    const duplicate = super.duplicate(options)
    allowEndWhileReconnecting(duplicate)
    // The first connection logs the same errors.
    duplicate.on('error', () => {})
    this.#duplicates.push(duplicate)
    return duplicate
  }

  /** Disconnects this client and its duplicates. Running commands reject. */
  endAll (): void {
    for (const redis of [this, ...this.#duplicates]) redis.disconnect()
  }
}

/**
 * Fixes `disconnect` of a client that is between two attempts to connect. Without this, ioredis cancels the next
 * attempt but never reaches the state `end`, and commands that wait for the connection, such as those of a BullMQ
 * worker that closes, never settle.
 */
function allowEndWhileReconnecting (redis: Redis): void {
  const disconnect = redis.disconnect.bind(redis)
  redis.disconnect = (reconnect = false) => {
    // Aborting an attempt to connect does lead to the state `end`.
    if (redis.status === 'reconnecting' && !reconnect) redis.connect().catch(() => {})
    disconnect(reconnect)
  }
}

/** Removes the command from an error of `ioredis`, because it may contain a password or a body. */
export function withoutCommand (error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command')
  return error
}

/** Opens a connection. It logs once when Redis becomes unreachable, and once when Redis is reachable again. */
export function connect (address: RedisAddress, mode: 'fail-fast' | 'blocking', log: FastifyBaseLogger): Connection {
  const options = mode === 'fail-fast' ? failFast : blocking
  const redis = typeof address === 'string'
    ? new Connection(address, options)
    : new Connection({ ...address, ...options })
  allowEndWhileReconnecting(redis)
  let unreachable = false
  redis.on('error', (error) => {
    if (!unreachable) logError(log, 'error', withoutCommand(error), {}, 'Redis is unreachable; reconnecting')
    unreachable = true
  })
  redis.on('ready', () => {
    if (unreachable) log.info('Redis is reachable again')
    unreachable = false
  })
  return redis
}
