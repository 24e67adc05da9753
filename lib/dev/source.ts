import type { EventEmitter } from 'node:events'
import type { FastifyInstance } from 'fastify'
import type { Emulator, EmulatorEvents } from '../emulator/index.ts'
import type { Credentials } from '../green-api/index.ts'

/** The events of a source: the life of each notification. */
export interface SourceEvents extends EmulatorEvents {
  /** No more notifications are received, or receiving works again (`undefined`). */
  problem: [message: string | undefined]
}

/** Where notifications come from: the emulator, or a real account. It posts them to the developer's server. */
export interface Source {
  readonly events: EventEmitter<SourceEvents>
  /** The server of the page, which does not listen yet. */
  readonly server: FastifyInstance
  /** Missing with a real account. */
  readonly emulator?: Emulator
  /** What is needed to send messages. */
  readonly credentials: Credentials
  /** How many notifications wait. */
  readonly waiting: number
  listen (port: number): Promise<string>
  /** Posts notifications to this URL from now on. */
  postTo (url: string): Promise<void>
  /** Ends the pause before a retry. */
  retryNow (): void
  close (): Promise<void>
}
