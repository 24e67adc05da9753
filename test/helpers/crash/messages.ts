import type { RecoverOptions } from 'fastify-green-api'

export const token = 'a-webhook-token'

export type ReplicaSettings = ({ readonly path: string } | { readonly redis: number }) & {
  /** The replica's name in the ledger. */
  readonly name: string
  /** The file that the listener writes. */
  readonly ledger: string
  readonly port: number
  /** The fraction of the listener's calls that fail, from 0 to 1. */
  readonly failures: number
  /** The maximum duration of a call in milliseconds. */
  readonly work: number
  /** Default: nothing is recovered. */
  readonly recover?: RecoverOptions
}

/** A line of the ledger. */
export interface Line {
  readonly what: 'begin' | 'end'
  readonly chat: string
  readonly number: number
  readonly replica: string
  readonly revision: number
  readonly recovered: boolean
}
