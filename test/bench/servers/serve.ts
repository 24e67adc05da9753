import type { Server } from 'node:http'
import { collect } from '../collect.ts'
import type { Question, State } from '../messages.ts'

/** Answers the benchmark's questions about this process and its listening server. */
export function serve (server: Server, events: () => number | undefined = () => undefined): void {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  // Fastify's default, so that connections stay open during the turns of other servers.
  server.keepAliveTimeout = 72_000

  process.on('disconnect', () => process.exit())
  process.on('message', (question: Question) => {
    if (question === 'collected') collect()
    const { user, system } = process.cpuUsage()
    const { heapUsed, external } = process.memoryUsage()
    const state: State = { port, cpu: user + system, events: events(), heap: heapUsed + external }
    process.send?.(state)
  })
}
