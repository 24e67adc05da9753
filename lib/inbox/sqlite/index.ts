/**
 * An inbox in a file on the local disk.
 * @module fastify-green-api/inbox/sqlite
 */
import { assertKnownOptions, assertOption, assertPositiveIntegers } from '../../util/check-options.ts'
import type { Inbox } from '../inbox.ts'
import { SqliteInbox } from './sqlite-inbox.ts'

/** The options of `sqliteInbox`. */
export interface SqliteInboxOptions {
  /**
   * The file of the inbox, on a local disk. Created, with its folder, if it does not exist. If it is an existing
   * folder, the file is `inbox.db` in it. Only one process at a time can use it. SQLite keeps a second file beside it,
   * whose name ends with `-wal`.
   */
  path: string
  /** How many notifications are delivered at the same time, each of another chat. Default: 16. */
  concurrency?: number | undefined
  /** The delay before the second attempt. Each further delay is twice as long. Default: 5000 ms. */
  backoff?: number | undefined
}

/**
 * Creates an inbox on the local disk, for one process. It uses the SQLite that is built into Node 22.13 and newer.
 *
 * @example
 * await app.register(greenApi, { token, inbox: sqliteInbox({ path: './inbox.db' }) })
 *
 * @throws {InvalidOptionError} when an option is wrong
 */
export function sqliteInbox (options: SqliteInboxOptions): Inbox {
  assertKnownOptions(options, 'sqliteInbox', ['path', 'concurrency', 'backoff'])
  const { path, concurrency = 16, backoff = 5000 } = options
  // SQLite keeps a database with an empty name or the name `:memory:` only until it is closed.
  const isFile = typeof path === 'string' && path !== '' && path !== ':memory:'
  assertOption(isFile, 'path must be the path of a file, such as "./inbox.db"')
  assertPositiveIntegers({ concurrency, backoff })
  return new SqliteInbox({ path, concurrency, backoff })
}
