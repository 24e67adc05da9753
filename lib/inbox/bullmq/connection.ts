import type { FastifyBaseLogger } from 'fastify'
import { Redis, type RedisOptions } from 'ioredis'
import { logError } from '../../util/logging.ts'

/** Where Redis is: options of `ioredis`, or a URL such as `redis://127.0.0.1:6379`. */
export type Address = RedisOptions | string

const retryStrategy = (times: number) => Math.min(times * 50, 1000)

/** In milliseconds: how long a command may take before Redis counts as out of reach. */
export const patience = 5000

// What somebody waits for is rejected soon where Redis is away, or paused, and never sent again by
// itself: that would tear transactions apart.
const impatient = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: patience,
  connectTimeout: patience,
  retryStrategy,
  replyMapping: 'legacy'
} satisfies RedisOptions

// A worker waits for as long as Redis is away.
const patient = { maxRetriesPerRequest: null, retryStrategy, replyMapping: 'legacy' } satisfies RedisOptions

/** A connection which comes back by itself. */
export class Connection extends Redis {
  /** The ones that BullMQ has made of it. */
  readonly #duplicates: Redis[] = []

  override duplicate (options?: Partial<RedisOptions>): Redis {
    const duplicate = super.duplicate(options)
    endBetweenTries(duplicate)
    // What it has to say the first one says, too.
    duplicate.on('error', () => {})
    this.#duplicates.push(duplicate)
    return duplicate
  }

  /** Ends it and its duplicates, whatever they wait for. */
  endAll (): void {
    for (const redis of [this, ...this.#duplicates]) redis.disconnect()
  }
}

/**
 * Lets a connection end that is disconnected between two tries to connect. By itself it would forget
 * the next one and be neither connected nor ended, and who waits for that, or for a command, as a
 * worker of BullMQ's does when it closes, would wait for ever.
 */
function endBetweenTries (redis: Redis): void {
  const disconnect = redis.disconnect.bind(redis)
  redis.disconnect = (reconnect = false) => {
    // A try that is cut off ends it.
    if (redis.status === 'reconnecting' && !reconnect) redis.connect().catch(() => {})
    disconnect(reconnect)
  }
}

/** An error as it may be logged: those of `ioredis` have the command with them, which may hold a password or a body. */
export function withoutCommand (error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command')
  return error
}

/** Opens a connection, which says in the log when it is away. */
export function connect (address: Address, manner: 'impatient' | 'patient', log: FastifyBaseLogger): Connection {
  const options = manner === 'impatient' ? impatient : patient
  const redis = typeof address === 'string' ? new Connection(address, options) : new Connection({ ...address, ...options })
  endBetweenTries(redis)
  let away = false
  redis.on('error', (error) => {
    if (!away) logError(log, 'error', withoutCommand(error), {}, 'Redis is out of reach: until it is back, notifications are refused, to be sent again')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  return redis
}
