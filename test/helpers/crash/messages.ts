export const token = 'a-webhook-token'

/** What a replica is started with. */
export type ReplicaSettings = ({ readonly path: string } | { readonly redis: number }) & {
  /** Names it in the ledger. */
  readonly name: string
  /** The file that its listener writes. */
  readonly ledger: string
  readonly port: number
  /** Which part of the listener's calls fails. */
  readonly failures: number
  /** In milliseconds: how long a call takes at most. */
  readonly work: number
}

/** A line of the ledger. */
export interface Line {
  readonly what: 'begin' | 'end'
  readonly chat: string
  readonly number: number
  readonly replica: string
}
