import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { run } from '../../lib/cli/program.ts'
import { nodeFlags } from './node-flags.ts'
import { until } from './until.ts'

const variables = [
  'GREEN_API_WEBHOOK_TOKEN', 'GREEN_API_ID_INSTANCE', 'GREEN_API_TOKEN_INSTANCE', 'GREEN_API_URL', 'NO_COLOR',
  'FORCE_COLOR'
]
// The developer's environment may contain real credentials.
for (const name of variables) delete process.env[name]

export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running command with readable output and writable input. */
export interface Running {
  readonly stdin: PassThrough
  stdout (): string
  stderr (): string
  /** Waits until the command has printed the text. Resolves with stdout. */
  printed (text: string): Promise<string>
  interrupt (): void
  readonly ended: Promise<Result>
}

/** Starts the command line in this process. `terminal` makes stdin, stdout and stderr a TTY. */
export function start (t: Test, args: readonly string[], { terminal = false } = {}): Running {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() }
  if (terminal) for (const stream of Object.values(streams)) Object.assign(stream, { isTTY: true })
  const over = new AbortController()
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) streams[name].on('data', (chunk) => { written[name] += chunk })
  t.teardown(() => { over.abort() })
  return {
    stdin: streams.stdin,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    async printed (text) {
      await until(() => (written.stdout + written.stderr).includes(text))
      return written.stdout
    },
    interrupt () { over.abort() },
    ended: run(args, { ...streams, signal: over.signal }).then((code) => ({ code, ...written }))
  }
}

/** Runs the command line in this process, and resolves with the result. */
export async function command (t: Test, ...args: string[]): Promise<Result> {
  return await start(t, args).ended
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs the program in its own process, which imports the given modules first. `counted` loads it with tap's loader, so
 * that coverage counts it. This is slow.
 */
export function spawnProgram (
  t: Test,
  args: readonly string[],
  { counted = false, imports = [] as readonly string[] } = {}
) {
  // Coverage is slow, so that only `counted` runs have it.
  const env = { ...process.env, _TAPJS_PROCESSINFO_COVERAGE_: '0' }
  const program = [...imports.flatMap((module) => ['--import', module]), 'lib/cli/index.ts', ...args]
  const child = counted
    ? spawn(process.execPath, [...process.execArgv, ...program], { cwd: root })
    : spawn(process.execPath, [...nodeFlags, ...program], { cwd: root, env })
  t.teardown(() => { child.kill('SIGKILL') })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => { written[name] += chunk })
  return {
    child,
    async printed (text: string): Promise<void> {
      await until(() => written.stdout.includes(text) || child.exitCode !== null)
    },
    ended: once(child, 'close').then(([code]): Result => ({ code, ...written }))
  }
}
