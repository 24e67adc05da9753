import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The pauses between two probes in milliseconds. A server that restarts should not wait. */
const pauses = { up: 1000, down: 200 } as const

/** How long a probe waits for a connection in milliseconds. */
const probeTimeout = 5000

/** Watches whether a server accepts connections, by connecting to its port. */
export class TargetWatch {
  readonly #host: string
  readonly #port: number
  readonly #onChange: (isUp: boolean) => void
  readonly #stopping = new AbortController()
  #isUp: boolean | undefined

  constructor ({ hostname, port, protocol }: URL, onChange: (isUp: boolean) => void) {
    this.#host = hostname.replace(/^\[|\]$/g, '')
    this.#port = Number(port || (protocol === 'https:' ? 443 : 80))
    this.#onChange = onChange
  }

  /** Whether the server accepts connections. `undefined` before the first probe ends. */
  get isUp (): boolean | undefined {
    return this.#isUp
  }

  /** Probes until `stop` is called. */
  async run (): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      this.set(await probe(this.#host, this.#port))
      await sleep(this.#isUp === true ? pauses.up : pauses.down, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** Takes note of what someone else has noticed. */
  set (isUp: boolean): void {
    if (this.#isUp === isUp || this.#stopping.signal.aborted) return
    this.#isUp = isUp
    this.#onChange(isUp)
  }

  stop (): void {
    this.#stopping.abort()
  }
}

function probe (host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeTimeout })
    const end = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => { end(true) })
    socket.once('timeout', () => { end(false) })
    socket.once('error', () => { end(false) })
  })
}
