import { InvalidOptionError } from '../../errors.ts'
import type { Address } from './connection.ts'
import { BullmqInbox } from './inbox.ts'
import { assertPositiveIntegers, assertKnownOptions } from '../../util/check-options.ts'
import type { Inbox } from '../inbox.ts'

/** Where a shared inbox is, and how this replica delivers from it. */
export interface BullmqInboxOptions {
  /** Where Redis is: options of `ioredis`, or a URL such as `redis://127.0.0.1:6379`. */
  connection: Address
  /** The name of the queue, the same for all replicas. Default: `'green-api'`. */
  name?: string | undefined
  /** What the queue's keys begin with, as in BullMQ. Default: `'bull'`. */
  prefix?: string | undefined
  /** How many notifications this replica delivers side by side, each of another chat. Default: 16. */
  concurrency?: number | undefined
  /** In milliseconds: the pause before a notification is tried for the second time; each further one is twice as long. Default: 5000. */
  backoff?: number | undefined
  /** In milliseconds: how long a replica may give no sign of life before others take over what it had begun. Default: 30 000. */
  lockDuration?: number | undefined
}

/**
 * Makes an inbox in Redis, through BullMQ, that several replicas share: any of them receives, any
 * delivers. The packages `bullmq` and `ioredis` are to be installed beside this one.
 *
 * Notifications are jobs of a queue, as BullMQ's dashboards show them.
 *
 * @example
 * await app.register(greenApi, { token, inbox: bullmqInbox({ connection: { host: '127.0.0.1', port: 6379 } }) })
 *
 * @throws {InvalidOptionError} where an option is wrong
 */
export function bullmqInbox (options: BullmqInboxOptions): Inbox {
  assertKnownOptions(options, 'bullmqInbox', ['connection', 'name', 'prefix', 'concurrency', 'backoff', 'lockDuration'])
  const { connection, name = 'green-api', prefix = 'bull', concurrency = 16, backoff = 5000, lockDuration = 30_000 } = options
  // Connections of several kinds are made of it, for which a client that is made already cannot stand.
  if (typeof connection !== 'string' && (typeof connection !== 'object' || connection === null || 'duplicate' in connection)) {
    throw new InvalidOptionError("connection must say where Redis is: options of ioredis, such as { host: '127.0.0.1', port: 6379 }, or a URL")
  }
  if (typeof connection === 'string' && !/^(?:rediss?:\/\/|\/)/.test(connection)) {
    throw new InvalidOptionError(`connection ${connection === '' ? 'is empty (is the environment variable set?)' : 'is no URL of a Redis'}: write one such as redis://127.0.0.1:6379, rediss://… with TLS, or the path of a socket`)
  }
  if (typeof name !== 'string' || name === '' || name.includes(':')) throw new InvalidOptionError('name must be the name of a queue, without a colon, such as "green-api"')
  if (typeof prefix !== 'string' || prefix === '') throw new InvalidOptionError('prefix must be a string that is not empty, such as "bull"')
  assertPositiveIntegers({ concurrency, backoff, lockDuration })
  return new BullmqInbox({ connection, name, prefix, concurrency, backoff, lockDuration })
}
