import type { IncomingMessage } from 'node:http'
import { LimitedBody, type Body } from '../body/limited-body.ts'
import { IncompleteBodyError } from '../errors.ts'

type Done = (error: Error | null, body?: Body) => void

/**
 * Makes a content type parser that reads any body as UTF-8 text.
 *
 * A body larger than `limit` bytes is not refused but read to its end and thrown away: most
 * senders write the whole body before they read the answer, and would never see it.
 */
export function createBodyParser (limit: number) {
  return function readBody ({ raw }: { raw: IncomingMessage }, payload: NodeJS.ReadableStream, done: Done): void {
    const body = new LimitedBody(limit)
    let finished = false

    payload.on('data', onData)
    payload.on('end', onEnd)
    payload.on('error', onError)
    // HTTP/2 ends what was cut off as if it were complete, and a stream of the host's may not end
    // at all; but both are told before.
    if (payload !== raw || raw.httpVersionMajor === 2) raw.once('aborted', onAborted)

    function onData (data: Buffer | string) {
      if (body.add(typeof data === 'string' ? Buffer.from(data) : data)) return
      payload.off('data', onData)
      payload.pause()
      onEnd()
    }

    function onEnd () {
      finish(null, body.end())
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
