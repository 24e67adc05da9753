import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { host } from './request.ts'

/** A Redis server of our own. */
export interface Redis {
  readonly port: number
  stop (): Promise<void>
}

/** How long it may take to begin, in milliseconds. */
const patience = 10_000

/** Starts a Redis server that has on the disk, in the folder, what it replied to; nothing where there is no such program. */
export async function startRedis (folder: string): Promise<Redis | undefined> {
  const port = await findPort()
  const redis = spawn('redis-server', ['--bind', host, '--port', `${port}`, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder], { stdio: 'ignore' })
  try {
    await once(redis, 'spawn')
  } catch {
    return undefined
  }
  const ended = once(redis, 'exit')
  const end = performance.now() + patience
  while (!await listens(port)) {
    if (redis.exitCode !== null || performance.now() > end) throw new Error(`redis-server does not listen at port ${port}`)
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
