import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { LimitedBody, type Body } from '../body/index.ts'
import { ConsumedBodyError, IncompleteBodyError } from '../errors.ts'
import { findKeptBody } from './kept-body.ts'
import type { PendingBodies } from './pending-bodies.ts'

type Done = (error: Error | null, body?: Body) => void

/** What the parser needs of Fastify's request. */
interface ParsedRequest {
  readonly raw: IncomingMessage
}

/**
 * Creates a content type parser that reads any body as UTF-8 text.
 *
 * A body larger than `limit` bytes is read to its end and discarded instead of answered at once: most senders write
 * the whole body before they read the response, so they would never see it.
 */
export function createBodyParser (limit: number, pending: PendingBodies) {
  return function parseBody (request: ParsedRequest, payload: NodeJS.ReadableStream, done: Done): void {
    // A stream that was read or destroyed emits nothing any more.
    if (!payload.readable) return parseKeptBody(request, payload, limit, done)

    const { raw } = request
    const body = new LimitedBody(limit)
    // A hook may have derived its stream from a request that the platform has read.
    const consumed = payload !== raw && raw.readableEnded
    let finished = false

    payload.on('data', onData)
    payload.on('end', onEnd)
    payload.on('error', onError)
    // HTTP/2 ends an aborted stream like a complete one, and a stream of the host may never end. Both emit 'aborted'
    // first.
    if (payload !== raw || raw.httpVersionMajor === 2) raw.once('aborted', onAborted)
    pending.add(finish)

    function onData (data: Buffer | string) {
      if (body.add(typeof data === 'string' ? Buffer.from(data) : data)) return
      payload.off('data', onData)
      payload.pause()
      onEnd()
    }

    function onEnd () {
      finish(null)
    }

    function onError (error: Error) {
      finish(raw.destroyed && !raw.complete ? new IncompleteBodyError() : error)
    }

    function onAborted () {
      finish(new IncompleteBodyError())
    }

    function finish (error: Error | null) {
      if (finished) return
      finished = true
      pending.delete(finish)
      if (error !== null) {
        payload.off('data', onData)
        payload.pause()
        done(error)
      } else if (consumed && body.empty) {
        parseKeptBody(request, raw, limit, done)
      } else {
        done(null, body.end())
      }
    }
  }
}

function parseKeptBody (request: ParsedRequest, payload: NodeJS.ReadableStream, limit: number, done: Done): void {
  const { raw } = request
  const kept = findKeptBody(raw, request) ?? (hasNoBody(raw) ? Buffer.alloc(0) : undefined)
  if (kept !== undefined) {
    const body = new LimitedBody(limit)
    body.add(kept)
    return done(null, body.end())
  }
  // Node's streams have these members. Streams of hosts may lack them.
  const { destroyed = false, readableEnded = true, errored = null } = payload as Partial<Readable>
  // The stream can emit its error later.
  payload.on('error', () => {})
  if (!destroyed || readableEnded) done(new ConsumedBodyError())
  else done(payload === raw ? new IncompleteBodyError() : errored ?? new IncompleteBodyError())
}

function hasNoBody ({ headers, httpVersionMajor }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  return httpVersionMajor === 1 && encoding === undefined && length === '0'
}
