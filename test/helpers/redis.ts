import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

/** The program to test with. `REDIS_SERVER=valkey-server` tests with Valkey. */
const program = process.env.REDIS_SERVER ?? 'redis-server'

/** The reason to skip tests that need Redis, or `false`. */
export const withoutRedis = spawnSync(program, ['--version']).error === undefined
  ? false
  : `${program} is missing. Install it (Debian: apt-get install redis-server) to run this test`

/**
 * A Redis server for one test, which stops when the test ends. It writes each command to its append-only file before
 * it replies. Redis' default `everysec` could lose commands on a slow disk.
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

  /** Starts the server with its data on disk, and waits until it answers. */
  async start (): Promise<void> {
    const options = [
      '--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'yes',
      '--appendfsync', 'always', ...this.#options
    ]
    this.#process = spawn(program, options, { stdio: 'ignore' })
    const redis = new Redis({ ...this.connection, retryStrategy: () => 20, maxRetriesPerRequest: null })
    redis.on('error', () => {})
    // Redis answers with errors while it loads the file, and the client retries.
    await redis.ping()
    redis.disconnect()
  }

  /** Kills the server, as a crash would. */
  async stop (): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  /** Suspends the server. Its connections stay open. */
  pause (): void {
    this.#process?.kill('SIGSTOP')
  }

  resume (): void {
    this.#process?.kill('SIGCONT')
  }
}
