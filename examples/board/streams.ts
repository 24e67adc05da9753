import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** In bytes: a page that has left so much unread is let go, and asks again for what it missed. */
const patience = 8 * 1024 * 1024

/** In milliseconds: how often a silent stream says that it is there. */
const pulse = 15_000

/** Pages that listen, by server-sent events. */
export class Streams {
  readonly #streams = new Set<PassThrough>()
  readonly #timer = setInterval(() => { this.#write(':\n\n') }, pulse).unref()

  /** Answers a request with a stream that begins with these messages, and is told all that follow. */
  open (reply: FastifyReply, messages: readonly string[]): FastifyReply {
    const stream = new PassThrough()
    this.#streams.add(stream)
    stream.once('close', () => { this.#streams.delete(stream) })
    stream.on('error', () => {})
    stream.write(`retry: 1000\n\n${messages.join('')}`)
    // Else the connection would outlive its stream, and closing the server would wait for it.
    return reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' }).send(stream)
  }

  send (message: string): void {
    this.#write(message)
  }

  /** Ends every stream, which closing the server would wait for. */
  end (): void {
    clearInterval(this.#timer)
    for (const stream of this.#streams) stream.end()
  }

  #write (message: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength > patience) stream.destroy()
      else stream.write(message)
    }
  }
}

/** Writes a message as the stream has it. JSON has no line breaks, so that one line holds it. */
export function toMessage (event: string, text: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${text}\n\n`
}
