import type { Inbox } from 'fastify-green-api'
import { host } from './request.ts'

/** A queue on the Redis server of the benchmark. */
export interface QueuePlace {
  readonly kind: 'bullmq'
  readonly port: number
  readonly name: string
}

/** Which inbox a process is to use, and where that is. */
export type Place = { readonly kind: 'lmdb', readonly path: string } | QueuePlace

/** Makes the inbox that is there. Loads no other. */
export async function makeInbox (place: Place): Promise<Inbox> {
  if (place.kind === 'lmdb') {
    const { lmdbInbox } = await import('fastify-green-api/inbox/lmdb')
    return lmdbInbox({ path: place.path })
  }
  const { bullmqInbox } = await import('fastify-green-api/inbox/bullmq')
  return bullmqInbox({ connection: { host, port: place.port }, name: place.name })
}
