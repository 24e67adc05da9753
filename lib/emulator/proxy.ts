import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { TLSSocket, createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'

/** The hosts that GREEN-API's API is on. */
const hosts = ['green-api.com', 'greenapi.com'].flatMap((host) => [host, `*.${host}`, `*.api.${host}`])
const known = /(?:^|\.)green-?api\.com$/i

/** For how long, in milliseconds, a certificate is good. */
const lifetime = 7 * 24 * 60 * 60 * 1000

/**
 * Makes an emulator's server a proxy, which takes itself for GREEN-API's hosts and leads nowhere
 * else. Resolves with the certificate that whoever connects has to trust, in the PEM format.
 */
export async function actAsProxy (server: FastifyInstance): Promise<string> {
  const { generate } = await import('selfsigned').catch((error: unknown) => {
    throw new Error('a certificate is made by the package selfsigned: npm install --save-dev selfsigned', { cause: error })
  })
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'An emulator of GREEN-API' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + lifetime),
    extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }]
  })
  const secureContext = createSecureContext({ key, cert })
  server.server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    if (!known.test(url.replace(/:\d+$/, ''))) {
      socket.end('HTTP/1.1 403 This proxy leads to GREEN-API alone: name other hosts in NO_PROXY\r\n\r\n')
      return
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.unshift(head)
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    secure.on('error', () => {})
    server.server.emit('connection', secure)
  })
  return cert
}
