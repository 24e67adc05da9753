import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildBoard } from '../../examples/board/board.ts'
import type { Entry, Hello, State } from '../../examples/board/protocol.ts'
import type { Settings } from '../../examples/board/settings.ts'
import { until } from './until.ts'

/** A board that listens, closed when the test ends. */
export interface Board {
  readonly app: FastifyInstance
  readonly url: string
  /** Posts what the page would. */
  post (path: string, body: object, headers?: Record<string, string>): Promise<Response>
}

/** Starts the board, on a free port unless told otherwise. */
export async function startBoard (t: Test, settings: Partial<Settings> = {}): Promise<Board> {
  const app = await buildBoard({ host: '127.0.0.1', account: undefined, webhookToken: undefined, ...settings }, false)
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: settings.port ?? 0 })
  return {
    app,
    url,
    post: (path, body, headers) => fetch(`${url}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  }
}

/** What a page is told, as it is told. */
export class Listener {
  readonly hellos: Hello[] = []
  readonly entries: Entry[] = []
  readonly states: State[] = []
  lastId = ''
  live = false
  ended = false

  /** Listens until the test ends, and waits until it has all that there is so far. */
  static async start (t: Test, { url }: Board, lastId?: string): Promise<Listener> {
    const listener = new Listener()
    const over = new AbortController()
    t.teardown(() => { over.abort() })
    const response = await fetch(`${url}/events`, { signal: over.signal, ...lastId !== undefined && { headers: { 'last-event-id': lastId } } })
    listener.#read(response).catch(() => {}).finally(() => { listener.ended = true })
    await until(() => listener.live)
    return listener
  }

  /** The events of a name. */
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
      for (const message of messages) this.#take(new Map(message.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])))
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
