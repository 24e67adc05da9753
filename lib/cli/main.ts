import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './program.ts'

/** The part of `process` that the program uses. */
export type ProcessLike = Pick<NodeJS.Process, 'argv' | 'stdin' | 'stdout' | 'stderr' | 'once' | 'exit'>

/** Whether the process was started with this module. Resolves symbolic links, since npm starts programs through one. */
export function isMainModule (url: string, [, script = '']: readonly string[]): boolean {
  try {
    return realpathSync(script) === fileURLToPath(url)
  } catch {
    return false
  }
}

/** Runs the program. Resolves with its exit code. */
export async function main (process: ProcessLike): Promise<number> {
  const { argv, stdin, stdout, stderr } = process
  const shutdown = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { shutdown.abort() })
  // A reader such as `head` closes the pipe when it has enough.
  stdout.on('error', () => { process.exit() })
  return await run(argv.slice(2), { stdin, stdout, stderr, signal: shutdown.signal })
}
