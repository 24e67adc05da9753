import { createHash, type Hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { IncompleteBodyError } from './errors.ts'

/** How many bytes are read, and thrown away beyond the limit, before the connection is closed. */
const drainLimit = 64 * 1024 * 1024

/** Stands for a body larger than the limit, of which nothing was kept. */
export class TooLarge {
  /** Of the bytes that were read. */
  readonly digest: string
  /** Whether more was still to come when reading was broken off. */
  readonly endless: boolean

  constructor (digest: string, endless: boolean) {
    this.digest = digest
    this.endless = endless
  }
}

/** What a body is read as. */
export type Body = string | TooLarge

type Done = (error: Error | null, body?: Body) => void

/**
 * Makes a content type parser that reads any body as UTF-8 text.
 *
 * A body larger than `limit` bytes is not refused but read to its end and thrown away: most
 * senders write the whole body before they read the answer, and would never see it.
 */
export function bodyReader (limit: number) {
  const end = Math.max(limit, drainLimit)

  return function readBody ({ raw }: { raw: IncomingMessage }, payload: NodeJS.ReadableStream, done: Done): void {
    let chunks: Buffer[] = []
    let size = 0
    let discarded: Hash | undefined
    let finished = false

    payload.on('data', onData)
    payload.on('end', onEnd)
    payload.on('error', onError)
    // HTTP/2 ends what was cut off as if it were complete, and a stream of the host's may not end
    // at all; but both are told before.
    if (payload !== raw || raw.httpVersionMajor === 2) raw.once('aborted', onAborted)

    function onData (data: Buffer | string) {
      const chunk = typeof data === 'string' ? Buffer.from(data) : data
      size += chunk.length
      if (size <= limit) {
        chunks.push(chunk)
        return
      }
      discarded ??= startDiscarding()
      // No further than that, so that the digest does not depend on how the bytes were cut.
      discarded.update(size > end ? chunk.subarray(0, end - size) : chunk)
      if (size > end) {
        payload.off('data', onData)
        payload.pause()
        finish(null, new TooLarge(discarded.digest('base64url'), true))
      }
    }

    function startDiscarding () {
      const digest = createHash('sha256')
      for (const chunk of chunks) digest.update(chunk)
      chunks = []
      return digest
    }

    function onEnd () {
      if (discarded !== undefined) finish(null, new TooLarge(discarded.digest('base64url'), false))
      else finish(null, chunks.length === 1 && chunks[0] !== undefined ? chunks[0].toString() : Buffer.concat(chunks, size).toString())
    }

    function onError (error: Error) {
      finish(raw.destroyed && !raw.complete ? new IncompleteBodyError() : error)
    }

    function onAborted () {
      finish(new IncompleteBodyError())
    }

    function finish (error: Error | null, body?: Body) {
      if (finished) return
      finished = true
      done(error, body)
    }
  }
}
