import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { inspect } from './integrity-check.ts'
import { Store } from './store.ts'

/** The folders that this process has open. */
const owned = new Set<string>()

/** A store that nobody else has open. */
export interface Owned {
  readonly store: Store
  close (): Promise<void>
}

/**
 * Opens the store in a folder, which is made where there is none.
 *
 * @throws {InboxError} where another process has it open, or it is damaged
 */
export async function openStore (path: string): Promise<Owned> {
  const folder = makeFolder(path)
  if (owned.has(folder)) throw new InboxError(`the inbox at ${path} is open in this process already: give each scope a folder of its own`)
  owned.add(folder)
  try {
    await checkFindings(folder, path)
    const store = new Store(folder)
    const other = store.otherReader
    if (other !== undefined) {
      await store.close()
      throw inUse(path, other)
    }
    store.begin()
    return {
      store,
      async close () {
        await store.close()
        owned.delete(folder)
      }
    }
  } catch (error) {
    owned.delete(folder)
    throw error instanceof InboxError ? error : new InboxError(`the inbox at ${path} cannot be opened: ${errorMessage(error)}`, { cause: error })
  }
}

function makeFolder (path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    return realpathSync(path)
  } catch (error) {
    throw new InboxError(`the inbox at ${path} cannot be opened: ${errorMessage(error)}`, { cause: error })
  }
}

async function checkFindings (folder: string, path: string): Promise<void> {
  if (!existsSync(join(folder, 'data.mdb'))) return
  const finding = await inspect(folder)
  if ('usedBy' in finding) throw inUse(path, finding.usedBy)
  if ('trouble' in finding) throw new InboxError(`the inbox at ${path} cannot be opened: ${finding.trouble}`)
  if ('damage' in finding) {
    throw new InboxError(`the inbox at ${path} is damaged (${finding.damage}): restore the folder from a backup, or move it away to begin with an empty one; what it holds is not delivered until then`)
  }
}

function inUse (path: string, pid: number): InboxError {
  return new InboxError(`the inbox at ${path} is in use by process ${pid}: it can have one process at a time; where several are to share the work, use bullmqInbox`)
}
