import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { host } from './request.ts'

export interface Redis {
  readonly port: number
  stop (): Promise<void>
}

/** How long Redis may take to start, in milliseconds. */
const startTimeout = 10_000

/**
 * Starts a Redis server that writes each command to a file in the folder before it replies. Resolves with `undefined`
 * if redis-server is missing.
 */
export async function startRedis (folder: string): Promise<Redis | undefined> {
  const port = await findPort()
  const options = [
    '--bind', host, '--port', `${port}`, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder
  ]
  const redis = spawn('redis-server', options, { stdio: 'ignore' })
  try {
    await once(redis, 'spawn')
  } catch {
    return undefined
  }
  const ended = once(redis, 'exit')
  const end = performance.now() + startTimeout
  while (!await listens(port)) {
    if (redis.exitCode !== null || performance.now() > end) {
      throw new Error(`redis-server does not listen on port ${port}`)
    }
    await setTimeout(20)
  }
  return {
    port,
    async stop () {
      redis.kill()
      await ended
    }
  }
}

async function findPort (): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function listens (port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const answer = (connected: boolean) => {
      socket.destroy()
      resolve(connected)
    }
    socket.on('connect', () => { answer(true) })
    socket.on('error', () => { answer(false) })
  })
}
