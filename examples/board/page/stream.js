/**
 * Listens to the server for as long as the page is open, over interruptions.
 *
 * @param {object} listeners
 * @param {(hello: import('../protocol.ts').Hello) => void} listeners.hello
 * @param {(entry: import('../protocol.ts').Entry) => void} listeners.entry
 * @param {(state: import('../protocol.ts').State) => void} listeners.state
 * @param {() => void} listeners.live when all that was missed has come
 * @param {() => void} listeners.lost
 */
export function listen ({ hello, entry, state, live, lost }) {
  let last = ''

  function connect () {
    // The browser names the last id by itself as long as it connects again by itself.
    const source = new EventSource(`events?after=${encodeURIComponent(last)}`)
    source.addEventListener('hello', ({ data }) => { hello(JSON.parse(data)) })
    source.addEventListener('entry', ({ data, lastEventId }) => {
      last = lastEventId
      entry(JSON.parse(data))
    })
    source.addEventListener('state', ({ data }) => { state(JSON.parse(data)) })
    source.addEventListener('live', live)
    source.addEventListener('error', () => {
      lost()
      // An answer that is no stream, such as a proxy's, ends the browser's own attempts.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000)
    })
  }
  connect()
}
