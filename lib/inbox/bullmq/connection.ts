import type { FastifyBaseLogger } from 'fastify'
import { Redis, type RedisOptions } from 'ioredis'
import { logError } from '../../util/logging.ts'
import type { ResolvedAddress } from './redis-address.ts'
import { withoutArguments } from './redis-error.ts'

/** After this time without a reply Redis counts as unreachable. */
export const commandTimeoutMs = 5000

const retryStrategy = (times: number) => Math.min(times * 50, 1000)

// For commands that a request waits for: they reject soon when Redis is unreachable or paused. ioredis must not send
// them again after a reconnect, because that would split transactions.
const failFast = {
  lazyConnect: false,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: commandTimeoutMs,
  connectTimeout: commandTimeoutMs,
  retryStrategy,
  replyMapping: 'legacy'
} satisfies RedisOptions

// For a worker, which waits as long as Redis is unreachable.
const blocking = {
  lazyConnect: false,
  enableOfflineQueue: true,
  maxRetriesPerRequest: null,
  retryStrategy,
  replyMapping: 'legacy'
} satisfies RedisOptions

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

/** Opens a connection. It logs once when Redis becomes unreachable, and once when Redis is reachable again. */
export function connect (
  { url, options }: ResolvedAddress,
  mode: 'fail-fast' | 'blocking',
  log: FastifyBaseLogger
): Connection {
  const { commandTimeout, ...given } = options
  const settings = { ...given, ...mode === 'fail-fast' ? failFast : blocking }
  const redis = url === undefined ? new Connection(settings) : new Connection(url, settings)
  allowEndWhileReconnecting(redis)
  let unreachable = false
  redis.on('error', (error) => {
    if (!unreachable) logError(log, 'error', withoutArguments(error), {}, 'Redis is unreachable; reconnecting')
    unreachable = true
  })
  redis.on('ready', () => {
    if (unreachable) log.info('Redis is reachable again')
    unreachable = false
  })
  return redis
}

/** The result of a first attempt to connect. */
export interface FirstAttempt {
  readonly ready: boolean
  /** The last error, which may also precede `ready`. */
  readonly error: Error | undefined
}

/** Waits until the first attempt to connect has succeeded or failed, but not longer than for a command. */
export function firstAttempt (redis: Redis): Promise<FirstAttempt> {
  return new Promise((resolve) => {
    let error: Error | undefined
    const onError = (reason: Error) => { error = reason }
    const onReady = () => { finish(true) }
    const onClose = () => { finish(false) }
    const timer = setTimeout(onClose, commandTimeoutMs)
    function finish (ready: boolean): void {
      clearTimeout(timer)
      redis.off('error', onError).off('ready', onReady).off('close', onClose)
      resolve({ ready, error })
    }
    redis.on('error', onError).on('ready', onReady).on('close', onClose)
  })
}
