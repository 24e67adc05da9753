import { fork, type ForkOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The result of an integrity check. */
export type Finding = { sound: true } | { usedBy: number } | { damage: string } | { trouble: string }

/** Signals that end a process which reads a damaged store. */
const damaging: ReadonlySet<unknown> = new Set(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE'])

/** Returns the path of the program that reads the store. */
function inspectorPath (): string | undefined {
  // A bundle in CommonJS has no import.meta.url.
  const { url }: { url?: string } = import.meta
  if (url === undefined) return
  return fileURLToPath(new URL(`integrity-worker${extname(url)}`, url))
}

/**
 * Checks the store in a folder. A separate process reads it, because LMDB maps the file into memory: a damaged file
 * can crash the process that reads it.
 */
export async function inspect (folder: string, program = inspectorPath()): Promise<Finding> {
  // A bundler may have omitted the program.
  if (program === undefined || !existsSync(program)) return { sound: true }
  const child = fork(program, [folder], startOf(program))
  let finding: Finding | undefined
  child.on('message', (message: Finding) => { finding = message })
  const [code, signal] = await once(child, 'close')
  if (finding !== undefined) return finding
  return damaging.has(signal)
    ? { damage: `reading it ended with ${signal}` }
    : { trouble: `the integrity check ended with ${signal ?? code}` }
}

// The arguments of this process are not passed on, because they may start the application again. A TypeScript source
// needs them: they have its loader.
function startOf (program: string): ForkOptions {
  if (extname(program) === '.ts') return {}
  const { NODE_OPTIONS, ...env } = process.env
  return { execArgv: [], env }
}
