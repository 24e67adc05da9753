import { fork, type ForkOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What an inspector tells. */
export type Finding = { sound: true } | { usedBy: number } | { damage: string } | { trouble: string }

/** Signals that end who reads what is not as it should be. */
const damaging: ReadonlySet<unknown> = new Set(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE'])

const inspector = fileURLToPath(new URL(`integrity-worker${extname(import.meta.url)}`, import.meta.url))

/**
 * Has the environment in a folder read by a program: in a process of its own, since LMDB maps the
 * file into memory, and what is damaged there can end a process as no exception would.
 */
export async function inspect (folder: string, program = inspector): Promise<Finding> {
  // A bundler may have left it out.
  if (!existsSync(program)) return { sound: true }
  const child = fork(program, [folder], startOf(program))
  let finding: Finding | undefined
  child.on('message', (message: Finding) => { finding = message })
  const [code, signal] = await once(child, 'close')
  if (finding !== undefined) return finding
  return damaging.has(signal) ? { damage: `reading it ended in ${signal}` } : { trouble: `who inspects it has ended with ${signal ?? code}` }
}

// Without anything of what this process was started with, which might run it again; but sources
// need the loader that is among that.
function startOf (program: string): ForkOptions {
  if (extname(program) === '.ts') return {}
  const { NODE_OPTIONS, ...env } = process.env
  return { execArgv: [], env }
}
