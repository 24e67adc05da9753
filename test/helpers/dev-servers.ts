import type { Test } from 'tap'
import { startDev, type DevOptions } from '../../lib/dev/index.ts'
import type { Hello, NotificationRecord, State } from '../../lib/dev/protocol.ts'
import { until } from './until.ts'

/** A running `dev`, with requests as the page sends them. */
export interface Dev {
  readonly url: string
  readonly target: string
  post (path: string, body?: object, headers?: Record<string, string>): Promise<Response>
  close (): Promise<void>
}

/** Starts `dev` on a free port. It closes when the test ends. */
export async function startTestDev (t: Test, options: DevOptions = {}): Promise<Dev> {
  const server = await startDev(options)
  t.teardown(() => server.close())
  return {
    ...server,
    post: (path, body = {}, headers = {}) => fetch(`${server.url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body)
    })
  }
}

/** Receives the event stream as a page does. */
export class Listener {
  readonly hellos: Hello[] = []
  /** Each record and each change of it. */
  readonly changes: NotificationRecord[] = []
  state: State | undefined
  lastId = ''
  isLive = false
  hasEnded = false

  /** Listens until the test ends. Resolves when the past has arrived. */
  static async start (t: Test, { url }: Dev, lastId?: string): Promise<Listener> {
    const listener = new Listener()
    const over = new AbortController()
    t.teardown(() => { over.abort() })
    const response = await fetch(`${url}/events`, {
      signal: over.signal,
      ...lastId !== undefined && { headers: { 'last-event-id': lastId } }
    })
    listener.#read(response).catch(() => {}).finally(() => { listener.hasEnded = true })
    await until(() => listener.isLive)
    return listener
  }

  /** The latest version of each record, in order. */
  get records (): NotificationRecord[] {
    const latest = new Map<number, NotificationRecord>()
    for (const record of this.changes) latest.set(record.id, record)
    return [...latest.values()]
  }

  named (name: string): NotificationRecord[] {
    return this.records.filter(({ event }) => event.name === name)
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
      case 'record': this.changes.push(data); break
      case 'state': this.state = data; break
      case 'live': this.isLive = true; break
    }
  }
}

function parseField (line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 2)]
}
