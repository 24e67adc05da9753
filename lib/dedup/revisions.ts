import type { Checksum } from '../recognition/index.ts'
import { maxRevisions } from './retention.ts'

/**
 * The bodies that arrived under one key, as text that any store can keep: the revision of the first
 * checksum, then the checksums in order of arrival. Example: `1:4026531840,77`. The checksum of a recovered
 * notification is `*`.
 */
export type Revisions = string

/**
 * Returns the revision of a new body, `undefined` for a duplicate, and the text to store. For a duplicate, that differs
 * from the stored text only if it is the first body after a recovered notification.
 */
export function nextRevision (
  revisions: Revisions | undefined,
  checksum: Checksum
): { revision: number | undefined, memory: Revisions } {
  const added = String(checksum ?? '*')
  if (revisions === undefined) return { revision: 1, memory: `1:${added}` }
  const { first, checksums } = parse(revisions)
  if (checksum === null || checksums.includes(added)) return { revision: undefined, memory: revisions }
  if (checksums.includes('*')) return { revision: undefined, memory: revisions.replace('*', added) }
  const revision = first + checksums.length
  const dropped = Math.max(0, checksums.length + 1 - maxRevisions)
  return { revision, memory: `${first + dropped}:${[...checksums, added].slice(dropped).join(',')}` }
}

function parse (revisions: Revisions): { first: number, checksums: string[] } {
  const colon = revisions.indexOf(':')
  return { first: Number(revisions.slice(0, colon)), checksums: revisions.slice(colon + 1).split(',') }
}
