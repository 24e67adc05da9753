import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { nodeFlags } from '../node-flags.ts'
import type { ReplicaSettings } from './messages.ts'

const program = fileURLToPath(new URL('replica.ts', import.meta.url))

// A killed process writes no coverage, and coverage makes the start slow.
const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env

/** A server process that a test can kill and restart. */
export class ReplicaProcess {
  readonly settings: ReplicaSettings
  kills = 0
  #process: ChildProcess | undefined

  constructor (t: Test, settings: ReplicaSettings) {
    this.settings = settings
    t.teardown(() => this.kill())
  }

  /** Starts the process, and waits until the server listens. */
  async start (): Promise<void> {
    const child = fork(program, [JSON.stringify(this.settings)], {
      env,
      execArgv: [...nodeFlags],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    this.#process = child
    let errors = ''
    child.stderr?.on('data', (chunk) => { errors += chunk })
    const ended = once(child, 'exit').then(() => { throw new Error(`the replica ended: ${errors}`) })
    ended.catch(() => {})
    await Promise.race([once(child, 'message'), ended])
  }

  /** Kills the process with SIGKILL. */
  async kill (): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    this.kills++
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  get url (): string {
    return `http://127.0.0.1:${this.settings.port}`
  }
}
