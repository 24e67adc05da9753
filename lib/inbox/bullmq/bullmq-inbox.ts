import { assertOption, assertPositiveIntegers, assertKnownOptions } from '../../util/check-options.ts'
import type { Inbox } from '../inbox.ts'
import { BullmqInbox, type BullmqInboxOptions } from './inbox.ts'
import { resolveAddress } from './redis-address.ts'

/**
 * Creates an inbox in Redis, based on BullMQ. Several replicas can share it: any of them receives notifications, and
 * any of them delivers them. The packages `bullmq` and `ioredis` must be installed.
 *
 * Notifications are jobs of a BullMQ queue, so BullMQ's dashboards show them.
 *
 * @example
 * await app.register(greenApi, { token, inbox: bullmqInbox({ connection: { host: '127.0.0.1', port: 6379 } }) })
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function bullmqInbox (options: BullmqInboxOptions): Inbox {
  assertKnownOptions(options, 'bullmqInbox', ['connection', 'name', 'prefix', 'concurrency', 'backoff', 'lockDuration'])
  const {
    connection, name = 'green-api', prefix = 'bull', concurrency = 16, backoff = 5000, lockDuration = 30_000
  } = options
  const address = resolveAddress(connection)
  assertOption(
    typeof name === 'string' && name !== '' && !name.includes(':'),
    'name must be the name of a queue, without a colon, such as "green-api"'
  )
  assertOption(typeof prefix === 'string' && prefix !== '', 'prefix must be a string that is not empty, such as "bull"')
  assertPositiveIntegers({ concurrency, backoff, lockDuration })
  return new BullmqInbox({ address, name, prefix, concurrency, backoff, lockDuration })
}
