import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Sender, type SenderOptions } from 'fastify-green-api/sending'
import type { Test } from 'tap'

/** What the server does with a request: answers it, or anything else. `body` is empty if `whole` is false. */
export type Reply =
  | readonly [status: number, answer?: unknown, headers?: Record<string, string>]
  | ((response: ServerResponse, request: IncomingMessage) => void)

interface ReceivedRequest {
  readonly method: string
  readonly url: string
  /** The parsed body, `undefined` if there is none, or the text if it is not JSON. */
  readonly body: unknown
  /** A value of `performance.now()`. */
  readonly at: number
}

export const apiTokenInstance = 'd75b3a66374942c5b3c019c698abc2067e151558acbd412345'
export const idInstance = '1101000001'

/** A server in GREEN-API's place, which does what a test wants. */
export class ScriptedServer {
  /** The requests whose body arrived completely. */
  readonly requests: ReceivedRequest[] = []
  /** The number of all requests. */
  count = 0
  /** What is done with the next requests. After that, each is answered 200 with an `idMessage`. */
  readonly replies: Reply[] = []
  /** Does something before the body of each request is read. Returns whether that was all. */
  onHead: ((request: IncomingMessage) => boolean) | undefined
  readonly #server = createServer((request, response) => { this.#answer(request, response) })

  async open (): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get apiUrl (): string {
    // The server listens on a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close (): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  sender (options: Partial<SenderOptions> = {}): Sender {
    return new Sender({ apiUrl: this.apiUrl, idInstance, apiTokenInstance, ...options })
  }

  async #answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.count++
    if (this.onHead?.(request) === true) return
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return
    }
    const text = Buffer.concat(chunks).toString()
    const { method = '', url = '' } = request
    this.requests.push({ method, url, body: parse(text), at: performance.now() })
    const reply = this.replies.shift() ?? [200, { idMessage: `sent-${this.requests.length}` }]
    if (typeof reply === 'function') {
      reply(response, request)
      return
    }
    const [status, answer = '', headers = {}] = reply
    response.writeHead(status, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }
}

function parse (text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** Opens a server. It closes when the test ends. */
export async function openServer (t: Test): Promise<ScriptedServer> {
  const server = new ScriptedServer()
  await server.open()
  t.teardown(() => { server.close() })
  return server
}
