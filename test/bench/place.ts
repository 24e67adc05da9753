import type { Inbox } from 'fastify-green-api'
import { host } from './request.ts'

/** A queue on the benchmark's Redis server. */
export interface QueuePlace {
  readonly kind: 'bullmq'
  readonly port: number
  readonly name: string
}

/** The kind and the location of an inbox. */
export type Place = { readonly kind: 'sqlite', readonly path: string } | QueuePlace

/** Creates the inbox of a place. Imports only the packages of this kind. */
export async function makeInbox (place: Place): Promise<Inbox> {
  if (place.kind === 'sqlite') {
    const { sqliteInbox } = await import('fastify-green-api/inbox/sqlite')
    return sqliteInbox({ path: place.path })
  }
  const { bullmqInbox } = await import('fastify-green-api/inbox/bullmq')
  return bullmqInbox({ connection: { host, port: place.port }, name: place.name })
}
