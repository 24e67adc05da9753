import { existsSync } from 'node:fs'
import { InboxError } from '../../errors.ts'
import { Store } from '../../inbox/sqlite/store.ts'

/**
 * Opens the file of a `sqliteInbox`.
 *
 * @throws {InboxError} when the file is missing, in use or damaged
 */
export function openStore (path: string): Store {
  // Opening it would create it.
  if (!existsSync(path)) throw new InboxError(`There is no inbox at ${path}. Check the path`)
  return new Store(path)
}
