import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InboxError } from '../../errors.ts'
import { messageOf } from '../../message-of.ts'
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
    await inspect(folder, path)
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
    throw error instanceof InboxError ? error : new InboxError(`the inbox at ${path} cannot be opened: ${messageOf(error)}`, { cause: error })
  }
}

function makeFolder (path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    return realpathSync(path)
  } catch (error) {
    throw new InboxError(`the inbox at ${path} cannot be opened: ${messageOf(error)}`, { cause: error })
  }
}

/** What the inspector tells. */
export type Finding = { sound: true } | { usedBy: number } | { damage: string } | { trouble: string }

// In a process of its own: LMDB maps the file into memory, and what is damaged there can end a
// process as no exception would.
async function inspect (folder: string, path: string): Promise<void> {
  if (!existsSync(join(folder, 'data.mdb'))) return
  const finding = await runInspector(folder)
  if ('usedBy' in finding) throw inUse(path, finding.usedBy)
  if ('trouble' in finding) throw new InboxError(`the inbox at ${path} cannot be opened: ${finding.trouble}`)
  if ('damage' in finding) {
    throw new InboxError(`the inbox at ${path} is damaged (${finding.damage}): restore the folder from a backup, or move it away to begin with an empty one; what it holds is not delivered until then`)
  }
}

/** Signals that end who reads what is not as it should be. */
const damaging: ReadonlySet<unknown> = new Set(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE'])

async function runInspector (folder: string): Promise<Finding> {
  const extension = extname(import.meta.url)
  const inspector = fileURLToPath(new URL(`inspector${extension}`, import.meta.url))
  // A bundler may have left it out.
  if (!existsSync(inspector)) return { sound: true }
  // Nothing of what the program was started with, which might run the program; its sources need their loader.
  const { NODE_OPTIONS, ...env } = process.env
  const compiled = extension !== '.ts'
  const child = fork(inspector, [folder], compiled ? { execArgv: [], env } : {})
  let finding: Finding | undefined
  child.on('message', (message: Finding) => { finding = message })
  const [code, signal] = await once(child, 'close')
  if (finding !== undefined) return finding
  return damaging.has(signal) ? { damage: `reading it ended in ${signal}` } : { trouble: `who inspects it has ended with ${signal ?? code}` }
}

function inUse (path: string, pid: number): InboxError {
  return new InboxError(`the inbox at ${path} is in use by process ${pid}: it can have one process at a time; where several are to share the work, use bullmqInbox`)
}
