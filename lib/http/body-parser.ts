import type { IncomingMessage } from 'node:http'
import { LimitedBody, type Body } from '../body/index.ts'
import { IncompleteBodyError } from '../errors.ts'

type Done = (error: Error | null, body?: Body) => void

/**
 * Creates a content type parser that reads any body as UTF-8 text.
 *
 * A body larger than `limit` bytes is read to its end and discarded instead of answered at once: most senders write
 * the whole body before they read the response, so they would never see it.
 */
export function createBodyParser (limit: number) {
  return function parseBody ({ raw }: { raw: IncomingMessage }, payload: NodeJS.ReadableStream, done: Done): void {
    const body = new LimitedBody(limit)
    let finished = false

    payload.on('data', onData)
    payload.on('end', onEnd)
    payload.on('error', onError)
    // HTTP/2 ends an aborted stream like a complete one, and a stream of the host may never end. Both emit 'aborted'
    // first.
    if (payload !== raw || raw.httpVersionMajor === 2) raw.once('aborted', onAborted)

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
      if (error === null) done(null, body.end())
      else done(error)
    }
  }
}
