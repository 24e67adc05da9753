import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Turns other sites away, whose pages can send requests to this machine as well: what they ask for
 * says that it comes from elsewhere, or names a host that is not ours.
 */
export function makeGuard (host: string) {
  const ours = new Set(['localhost', host])
  return async ({ hostname, headers }: FastifyRequest, reply: FastifyReply) => {
    const name = hostname.replace(/^\[|\]$/g, '')
    if (!ours.has(name) && isIP(name) === 0) return reply.code(403).send({ message: `this board is not ${name}: open it by its address, or set HOST to that name` })
    const site = headers['sec-fetch-site']
    const elsewhere = site === 'cross-site' || site === 'same-site'
    // A link may lead here; nothing else of another site may ask for anything.
    if (elsewhere && headers['sec-fetch-mode'] !== 'navigate') return reply.code(403).send({ message: 'this board answers its own page alone' })
  }
}
