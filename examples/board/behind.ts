import type { FastifyInstance } from 'fastify'
import type { Event, GreenApiOptions, Unrecognized } from 'fastify-green-api'
import type { Api } from './api.ts'
import type { Hello, State } from './protocol.ts'

/** What stands behind the board: GREEN-API itself, or an emulator. */
export interface Behind {
  readonly options: GreenApiOptions
  readonly api: Api
  readonly hello: Pick<Hello, 'mode' | 'receiving' | 'idInstance' | 'chatId' | 'speed'>
  /** How things stand, but for what the plugin tells. */
  state (): Omit<State, 'stopped'>
  /** Whether an event tells of what GREEN-API knows, and was not posted by somebody else. */
  knows (event: Event | Unrecognized): boolean
  /** Adds hooks to the whole server, before the plugin is registered, and calls `changed` whenever the state has changed. */
  prepare (app: FastifyInstance, changed: () => void): void
  /** Adds routes to the page's own. */
  addRoutes (page: FastifyInstance): void
}

/** Where notifications are posted. */
export const webhookPath = '/green-api'
