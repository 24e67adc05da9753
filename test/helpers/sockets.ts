import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { token } from './app.ts'

/** Listens on a free port of 127.0.0.1, and returns the port. */
export async function listen (app: FastifyInstance): Promise<number> {
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return Number(new URL(address).port)
}

/** Opens a raw connection to the server. It closes when the test ends. */
export async function open (t: Test, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => { socket.destroy() })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Returns the head of a request. */
export function head (headers: Record<string, string | number>, path = '/green-api'): string {
  const lines = Object.entries({ host: 'localhost', authorization: `Bearer ${token}`, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** Resolves with the status of the next response, or `undefined` if the connection closes without one. */
export function answered (socket: Socket): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
      const status = /^HTTP\/1.1 (\d+)/.exec(text)?.[1]
      if (status !== undefined && text.includes('\r\n\r\n')) resolve(Number(status))
    })
    socket.once('close', () => { resolve(undefined) })
  })
}
