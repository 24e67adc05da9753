import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Returns a hook that rejects requests of other sites, whose pages can also reach this machine. Such a request has a
 * foreign `Sec-Fetch-Site`, or names a foreign host.
 */
export function makeGuard (host: string) {
  const ours = new Set(['localhost', host])
  return async ({ hostname, headers }: FastifyRequest, reply: FastifyReply) => {
    const name = hostname.replace(/^\[|\]$/g, '')
    if (!ours.has(name) && isIP(name) === 0) {
      const message = `this board is not ${name}: open it by its address, or set HOST to that name`
      return reply.code(403).send({ message })
    }
    const site = headers['sec-fetch-site']
    const elsewhere = site === 'cross-site' || site === 'same-site'
    // Other sites may only link to the board.
    if (elsewhere && headers['sec-fetch-mode'] !== 'navigate') {
      return reply.code(403).send({ message: 'this board answers its own page alone' })
    }
  }
}
