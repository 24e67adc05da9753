import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** The maximum of unread bytes. A slower page is disconnected, and requests the missed entries when it reconnects. */
const maxUnread = 8 * 1024 * 1024

/** The interval of keep-alive comments in milliseconds. */
const keepAliveInterval = 15_000

/** The streams of server-sent events to the pages. */
export class Streams {
  readonly #streams = new Set<PassThrough>()
  readonly #timer = setInterval(() => { this.#write(':\n\n') }, keepAliveInterval).unref()

  /** Answers a request with a stream. It begins with these messages, and receives all later ones. */
  open (reply: FastifyReply, messages: readonly string[]): FastifyReply {
    const stream = new PassThrough()
    this.#streams.add(stream)
    stream.once('close', () => { this.#streams.delete(stream) })
    stream.on('error', () => {})
    stream.write(`retry: 1000\n\n${messages.join('')}`)
    // `connection: close`, as a kept connection would delay the server's close.
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' }
    return reply.headers(headers).send(stream)
  }

  send (message: string): void {
    this.#write(message)
  }

  /** Ends every stream, as open streams would delay the server's close. */
  end (): void {
    clearInterval(this.#timer)
    for (const stream of this.#streams) stream.end()
  }

  #write (message: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > maxUnread) stream.destroy()
      else stream.write(message)
    }
  }
}

/** Formats a server-sent event. `text` must be JSON, which has no line breaks. */
export function toMessage (event: string, text: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${text}\n\n`
}
