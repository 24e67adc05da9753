import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

/** Why tests that need Redis are skipped here; `false` where they are not. */
export const withoutRedis = spawnSync('redis-server', ['--version']).error === undefined
  ? false
  : 'there is no redis-server on this machine: install it (Debian: apt-get install redis-server) to run this test'

/**
 * A Redis server of the test's own, gone when the test ends. What it has replied to is in its append-only
 * file: with Redis' own `everysec` it is not where the disk is slow.
 */
export class RedisServer {
  readonly port: number
  readonly #folder: string
  readonly #options: readonly string[]
  #process: ChildProcess | undefined

  private constructor (port: number, folder: string, options: readonly string[]) {
    this.port = port
    this.#folder = folder
    this.#options = options
  }

  /** `options` are further arguments of `redis-server`. */
  static async start (t: Test, ...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), t.testdir({}), options)
    await server.start()
    t.teardown(() => server.stop())
    return server
  }

  get connection () {
    return { host: '127.0.0.1', port: this.port }
  }

  /** Starts it, with what it has on disk, and waits until it answers. */
  async start (): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', ...this.#options]
    this.#process = spawn('redis-server', options, { stdio: 'ignore' })
    const redis = new Redis({ ...this.connection, retryStrategy: () => 20, maxRetriesPerRequest: null })
    redis.on('error', () => {})
    // Answers while it loads its file are errors, after which the client tries again.
    await redis.ping()
    redis.disconnect()
  }

  /** Ends it as a crash would. */
  async stop (): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  /** Lets it stand still, its connections open. */
  pause (): void {
    this.#process?.kill('SIGSTOP')
  }

  resume (): void {
    this.#process?.kill('SIGCONT')
  }
}
