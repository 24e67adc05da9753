import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { nodeFlags } from '../node-flags.ts'
import type { ReplicaSettings } from './messages.ts'

const program = fileURLToPath(new URL('replica.ts', import.meta.url))

// A process that is killed writes no coverage, and one that counts it starts slowly.
const { NODE_V8_COVERAGE, NODE_OPTIONS, ...env } = process.env

/** A replica that can be killed and started again. */
export class ReplicaProcess {
  readonly settings: ReplicaSettings
  kills = 0
  #process: ChildProcess | undefined

  constructor (t: Test, settings: ReplicaSettings) {
    this.settings = settings
    t.teardown(() => this.kill())
  }

  /** Starts it, and waits until it listens. */
  async start (): Promise<void> {
    const child = fork(program, [JSON.stringify(this.settings)], { env, execArgv: [...nodeFlags], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#process = child
    let errors = ''
    child.stderr?.on('data', (chunk) => { errors += chunk })
    const ended = once(child, 'exit').then(() => { throw new Error(`the replica ended: ${errors}`) })
    ended.catch(() => {})
    await Promise.race([once(child, 'message'), ended])
  }

  /** Ends it in the midst of what it does. */
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
