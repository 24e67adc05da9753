import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { TLSSocket, createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { missingPackage } from '../util/missing-package.ts'

/** The host names in the certificate: every host of GREEN-API's API. */
const certificateHosts = ['green-api.com', 'greenapi.com'].flatMap((host) => [host, `*.${host}`, `*.api.${host}`])
const greenApiHost = /(?:^|\.)green-?api\.com$/i

/** How long a certificate is valid. */
const certificateLifetimeMs = 7 * 24 * 60 * 60 * 1000

/**
 * Makes an emulator's server also an HTTPS proxy. Connections to GREEN-API's hosts end at the server
 * itself; all others are rejected. Resolves with the certificate that clients must trust, in PEM format.
 */
export async function addProxy (server: FastifyInstance): Promise<string> {
  const { key, certificate } = await createCertificate()
  const secureContext = createSecureContext({ key, cert: certificate })
  server.server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    if (!greenApiHost.test(url.replace(/:\d+$/, ''))) {
      socket.end('HTTP/1.1 403 This proxy connects only to GREEN-API: add other hosts to NO_PROXY\r\n\r\n')
      return
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.unshift(head)
    const secureSocket = new TLSSocket(socket, { isServer: true, secureContext })
    secureSocket.on('error', () => {})
    server.server.emit('connection', secureSocket)
  })
  return certificate
}

async function createCertificate (): Promise<{ key: string, certificate: string }> {
  const { generate } = await import('selfsigned').catch((error: unknown) => {
    const advice = missingPackage(error, ['selfsigned'], '--save-dev ')
    throw advice === undefined ? error : new Error(advice)
  })
  const subject = [{ name: 'commonName', value: 'An emulator of GREEN-API' }]
  const { private: key, cert: certificate } = await generate(subject, {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + certificateLifetimeMs),
    extensions: [{ name: 'subjectAltName', altNames: certificateHosts.map((value) => ({ type: 2, value })) }]
  })
  return { key, certificate }
}
