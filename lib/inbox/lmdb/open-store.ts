import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { inspect } from './integrity-check.ts'
import { Store } from './store.ts'

/** The folders that this process has open. */
const owned = new Set<string>()

/** A store that only this inbox has open. */
export interface Owned {
  readonly store: Store
  close (): Promise<void>
}

/**
 * Opens the store in a folder. Creates the folder if it does not exist.
 *
 * @throws {InboxError} when the store is in use, damaged or not readable
 */
export async function openStore (path: string): Promise<Owned> {
  const folder = makeFolder(path)
  if (owned.has(folder)) {
    const fix = 'Give each registration of the plugin its own folder'
    throw new InboxError(`The inbox at ${path} is open in this process already. ${fix}`)
  }
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
    throw error instanceof InboxError ? error : cannotOpen(path, error)
  }
}

function makeFolder (path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    return realpathSync(path)
  } catch (error) {
    throw cannotOpen(path, error)
  }
}

async function checkFindings (folder: string, path: string): Promise<void> {
  if (!existsSync(join(folder, 'data.mdb'))) return
  const finding = await inspect(folder)
  if ('usedBy' in finding) throw inUse(path, finding.usedBy)
  if ('trouble' in finding) throw cannotOpen(path, finding.trouble)
  if ('damage' in finding) {
    const fix = 'Restore the folder from a backup, or move it away to start with an empty inbox. ' +
      'The notifications in the damaged inbox are not delivered'
    throw new InboxError(`The inbox at ${path} is damaged (${finding.damage}). ${fix}`)
  }
}

function inUse (path: string, pid: number): InboxError {
  const fix = 'Only one process at a time can use it. To share an inbox between processes, use bullmqInbox'
  return new InboxError(`The inbox at ${path} is in use by process ${pid}. ${fix}`)
}

function cannotOpen (path: string, cause: unknown): InboxError {
  const fix = 'Check the folder and its permissions'
  return new InboxError(`The inbox at ${path} cannot be opened: ${errorMessage(cause)}. ${fix}`, { cause })
}
