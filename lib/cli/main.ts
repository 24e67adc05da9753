import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './program.ts'

/** What the program needs of its process. */
export type ProcessLike = Pick<NodeJS.Process, 'argv' | 'stdin' | 'stdout' | 'stderr' | 'once' | 'exit'>

/** Whether a module is the program that the process was started with; npm starts it through a link. */
export function isStarted (url: string, [, started = '']: readonly string[]): boolean {
  try {
    return realpathSync(started) === fileURLToPath(url)
  } catch {
    return false
  }
}

/** Runs the program. Resolves with its exit code. */
export async function main (process: ProcessLike): Promise<number> {
  const { argv, stdin, stdout, stderr } = process
  const over = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { over.abort() })
  // Whoever read the output has seen enough, as `head` has.
  stdout.on('error', () => { process.exit() })
  return await run(argv.slice(2), { stdin, stdout, stderr, signal: over.signal })
}
