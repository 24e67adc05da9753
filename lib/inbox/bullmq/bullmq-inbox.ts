import { assertOption, assertPositiveIntegers, assertKnownOptions } from '../../util/check-options.ts'
import type { Inbox } from '../inbox.ts'
import { BullmqInbox, type BullmqInboxOptions } from './inbox.ts'

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
  assertConnection(connection)
  assertOption(
    typeof name === 'string' && name !== '' && !name.includes(':'),
    'name must be the name of a queue, without a colon, such as "green-api"'
  )
  assertOption(typeof prefix === 'string' && prefix !== '', 'prefix must be a string that is not empty, such as "bull"')
  assertPositiveIntegers({ concurrency, backoff, lockDuration })
  return new BullmqInbox({ connection, name, prefix, concurrency, backoff, lockDuration })
}

function assertConnection (connection: unknown): void {
  if (typeof connection === 'string') {
    const fix = 'write one such as redis://127.0.0.1:6379, rediss://… for TLS, or the path of a socket'
    assertOption(connection !== '', `connection is empty (is the environment variable set?): ${fix}`)
    assertOption(/^(?:rediss?:\/\/|\/)/.test(connection), `connection is not a Redis URL: ${fix}`)
    return
  }
  // A client object is refused, because the inbox needs two connections with different options.
  assertOption(
    typeof connection === 'object' && connection !== null && !('duplicate' in connection),
    "connection must be the address of Redis: options of ioredis, such as { host: '127.0.0.1', port: 6379 }, or a URL"
  )
}
