import { connect } from 'node:net'
import type { Load, Loaded } from './messages.ts'
import { host, identify, writeRequests } from './request.ts'

// A child process without an HTTP client. It must spend less time on a request than the fastest server, as otherwise it
// would limit the measured throughput.

const timeout = 5_000

/** An upper limit of responses in a millisecond. */
const maxRate = 200

interface Connection {
  sentAt: number
  send (identity: number): void
}

const opened = new Map<number, Connection[]>()
let onAnswer = (_connection: Connection) => {}

process.on('disconnect', () => process.exit())
process.on('message', async (load: Load) => {
  const loaded = await run(load)
  process.send?.(loaded)
})

async function run (load: Load): Promise<Loaded> {
  const { port, from, milliseconds, requests = Infinity, connections, timed = false } = load
  const open = opened.get(port) ?? await Promise.all(Array.from({ length: connections }, () => openConnection(port)))
  opened.set(port, open)
  const latencies = new Float64Array(Math.min(requests, milliseconds * maxRate))
  const overdue = setTimeout(fail, milliseconds + timeout, 'the server does not answer')

  const { promise, resolve } = withResolvers()
  const start = performance.now()
  const end = start + milliseconds
  let sent = 0
  let answered = 0
  const send = (connection: Connection, now: number) => {
    connection.sentAt = now
    connection.send(from + sent++)
  }
  onAnswer = (connection) => {
    const now = performance.now()
    latencies[answered++] = now - connection.sentAt
    if (sent < requests && now < end) send(connection, now)
    else if (answered === sent) resolve()
  }
  for (const connection of open) {
    if (sent < requests) send(connection, performance.now())
  }
  await promise
  clearTimeout(overdue)
  return {
    requests: answered,
    milliseconds: performance.now() - start,
    latencies: timed ? [...latencies.subarray(0, answered)] : []
  }
}

function openConnection (port: number): Promise<Connection> {
  return new Promise((resolve) => {
    const requests = writeRequests()
    // A connection has one request at a time, so that the bytes can be reused after each response.
    const connection: Connection = {
      sentAt: 0,
      send (identity) {
        const request = requests[identity % requests.length]
        if (request === undefined) return
        identify(request, identity)
        socket.write(request.bytes)
      }
    }
    let begun = false
    const socket = connect({
      port,
      host,
      noDelay: true,
      onread: {
        buffer: Buffer.alloc(4096),
        callback (length, buffer) {
          if (!begun && !isOk(buffer)) fail(Buffer.from(buffer.subarray(0, length)).toString())
          begun = !isComplete(buffer, length)
          if (!begun) onAnswer(connection)
          return true
        }
      }
    })
    socket.on('connect', () => resolve(connection))
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => fail('the server closed a connection'))
  })
}

// The status in 'HTTP/1.1 200'.
function isOk (bytes: Uint8Array): boolean {
  return bytes[9] === 0x32 && bytes[10] === 0x30 && bytes[11] === 0x30
}

// Responses have no body, so that they end with two line breaks.
function isComplete (bytes: Uint8Array, length: number): boolean {
  return bytes[length - 1] === 0x0a && bytes[length - 3] === 0x0a
}

function fail (reason: string): never {
  console.error(`not every answer was 200: ${reason}`)
  process.exit(1)
}

function withResolvers () {
  let resolve = () => {}
  const promise = new Promise<void>((_resolve) => { resolve = _resolve })
  return { promise, resolve }
}
