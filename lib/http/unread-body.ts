import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { OversizedBody } from '../body/index.ts'
import type { PendingBodies } from './pending-bodies.ts'

/** The largest body that is read to its end, in bytes, only to keep the connection. */
const smallBytes = 64 * 1024

/** Ends the connection after the reply if the rest of the body would be read for nothing. */
export function dropUnreadBody ({ body, raw }: FastifyRequest, reply: FastifyReply, pending: PendingBodies): void {
  if (body instanceof OversizedBody && body.truncated) return closeAfterReply(reply)
  // Injected requests do not have this member.
  if (raw.complete !== false) return
  const beganReading = raw.readableFlowing !== null
  if (beganReading) return closeAfterReply(reply)
  // Node closes an HTTP/2 stream that nobody reads.
  if (raw.httpVersionMajor !== 1) return
  if (isSmall(raw)) awaitAfterReply(raw, reply, pending)
  else closeConnection(reply)
}

/** Announces that the connection ends with the reply. HTTP/2 does not have this header. */
export function closeConnection (reply: FastifyReply): void {
  if (reply.request.raw.httpVersionMajor === 1) reply.header('connection', 'close')
}

function closeAfterReply (reply: FastifyReply): void {
  closeConnection(reply)
  // In HTTP/2 both are the stream: the response finishes only when that is closed.
  const { stream } = reply.raw as { stream?: Duplex }
  const [outgoing, incoming] = stream === undefined ? [reply.raw, reply.request.raw] : [stream, stream]
  // HTTP/2 may write the frames of the reply one tick after 'finish'.
  outgoing.once('finish', () => { setImmediate(() => { incoming.destroy() }) })
}

function isSmall ({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  return encoding === undefined && Number(length) <= smallBytes
}

// After the reply, Node reads the rest of the body and discards it.
function awaitAfterReply (raw: IncomingMessage, reply: FastifyReply, pending: PendingBodies): void {
  reply.raw.once('finish', () => {
    if (raw.complete || raw.destroyed) return
    const abandon = () => { raw.destroy() }
    raw.once('close', () => { pending.delete(abandon) })
    pending.add(abandon)
  })
}
