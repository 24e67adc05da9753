import type { FastifyInstance } from 'fastify'
import type { Event, GreenApiOptions, Unrecognized } from 'fastify-green-api'
import type { Api } from './api.ts'
import type { Hello, State } from './protocol.ts'

/** The board's backend: GREEN-API or the emulator. */
export interface Behind {
  readonly options: GreenApiOptions
  readonly api: Api
  readonly hello: Pick<Hello, 'mode' | 'receiving' | 'idInstance' | 'chatId' | 'speed'>
  /** Returns the state without the plugin's part. */
  state (): Omit<State, 'stopped'>
  /** Whether an event comes from GREEN-API or the emulator, and not from another sender. */
  knows (event: Event | Unrecognized): boolean
  /** Adds hooks to the server before the plugin is registered. Calls `changed` when the state changes. */
  prepare (app: FastifyInstance, changed: () => void): void
  /** Adds routes to the page's scope. */
  addRoutes (page: FastifyInstance): void
}

export const webhookPath = '/green-api'
