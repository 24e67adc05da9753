import type { Hello, NotificationRecord, State } from '../protocol.ts'

interface Listeners {
  hello (hello: Hello): void
  record (record: NotificationRecord): void
  state (state: State): void
  /** Everything that the page missed has arrived. */
  live (): void
  lost (): void
}

/** Receives the server's messages. Reconnects when the connection is lost. */
export function listen (listeners: Listeners): void {
  let last = ''
  const connect = () => {
    const source = new EventSource(`events?after=${encodeURIComponent(last)}`)
    source.addEventListener('hello', ({ data }) => { listeners.hello(JSON.parse(data)) })
    source.addEventListener('record', ({ data, lastEventId }) => {
      if (lastEventId !== '') last = lastEventId
      listeners.record(JSON.parse(data))
    })
    source.addEventListener('state', ({ data }) => { listeners.state(JSON.parse(data)) })
    source.addEventListener('live', ({ lastEventId }) => {
      last = lastEventId
      listeners.live()
    })
    source.addEventListener('error', () => {
      listeners.lost()
      // The browser does not reconnect after an answer that is not a stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000)
    })
  }
  connect()
}
