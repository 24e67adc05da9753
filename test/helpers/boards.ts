import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildBoard } from '../../examples/board/board.ts'
import type { Entry, Hello, State } from '../../examples/board/protocol.ts'
import type { Settings } from '../../examples/board/settings.ts'
import { until } from './until.ts'

export interface Board {
  readonly app: FastifyInstance
  readonly url: string
  /** Posts a JSON body as the page does. */
  post (path: string, body: object, headers?: Record<string, string>): Promise<Response>
}

/** Starts the board, on a free port by default. It closes when the test ends. */
export async function startBoard (t: Test, settings: Partial<Settings> = {}): Promise<Board> {
  const app = await buildBoard({ host: '127.0.0.1', account: undefined, webhookToken: undefined, ...settings }, false)
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: settings.port ?? 0 })
  return {
    app,
    url,
    post: (path, body, headers) => fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body)
    })
  }
}

/** Receives the board's event stream as a page does. */
export class Listener {
  readonly hellos: Hello[] = []
  readonly entries: Entry[] = []
  readonly states: State[] = []
  lastId = ''
  live = false
  ended = false

  /** Listens until the test ends. Resolves once the present history is received. */
  static async start (t: Test, { url }: Board, lastId?: string): Promise<Listener> {
    const listener = new Listener()
    const over = new AbortController()
    t.teardown(() => { over.abort() })
    const response = await fetch(`${url}/events`, {
      signal: over.signal,
      ...lastId !== undefined && { headers: { 'last-event-id': lastId } }
    })
    listener.#read(response).catch(() => {}).finally(() => { listener.ended = true })
    await until(() => listener.live)
    return listener
  }

  events (name: string) {
    return this.entries.flatMap((entry) => entry.kind === 'event' && entry.event.name === name ? [entry.event] : [])
  }

  get state (): State | undefined {
    return this.states.at(-1)
  }

  async #read (response: Response): Promise<void> {
    let text = ''
    if (response.body === null) return
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) this.#take(new Map(message.split('\n').map(parseField)))
    }
  }

  #take (message: ReadonlyMap<string, string>): void {
    const data = JSON.parse(message.get('data') ?? 'null')
    this.lastId = message.get('id') ?? this.lastId
    switch (message.get('event')) {
      case 'hello': this.hellos.push(data); break
      case 'entry': this.entries.push(data); break
      case 'state': this.states.push(data); break
      case 'live': this.live = true; break
    }
  }
}

function parseField (line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 2)]
}
