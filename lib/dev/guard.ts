import type { FastifyReply, FastifyRequest } from 'fastify'

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i

/**
 * Rejects requests of other sites, whose pages can also reach this machine: a foreign `Host` (a name that someone
 * points here), a foreign `Origin`, or a foreign `Sec-Fetch-Site`. Other sites may only link to the page.
 */
export async function rejectOtherSites ({ host, headers, method }: FastifyRequest, reply: FastifyReply) {
  if (!loopbackHost.test(host)) {
    return reply.code(403).send({ message: `Open the page at 127.0.0.1, not at ${host}.` })
  }
  const { origin } = headers
  const isForeign = origin !== undefined && origin !== `http://${host}`
  const site = headers['sec-fetch-site']
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate'
  if (isForeign || ((site === 'cross-site' || site === 'same-site') && !isLink)) {
    return reply.code(403).send({ message: 'Only the page itself can send this request.' })
  }
}
