import { maxRevisions } from './retention.ts'

/**
 * The bodies that arrived under one key, as text that any store can keep: the revision of the first
 * checksum, then the checksums in order of arrival. Example: `1:4026531840,77`.
 */
export type Revisions = string

/** Returns the revision of the body with this checksum; `undefined` if the body is not remembered. */
export function revisionOf (revisions: Revisions, checksum: number): number | undefined {
  const { first, checksums } = parse(revisions)
  const index = checksums.lastIndexOf(checksum)
  return index === -1 ? undefined : first + index
}

/** Returns the revision of a new body, and the text to store together with it. */
export function nextRevision (
  revisions: Revisions | undefined,
  checksum: number
): { revision: number, memory: Revisions } {
  if (revisions === undefined) return { revision: 1, memory: `1:${checksum}` }
  const { first, checksums } = parse(revisions)
  const revision = first + checksums.length
  const dropped = Math.max(0, checksums.length + 1 - maxRevisions)
  return { revision, memory: `${first + dropped}:${[...checksums, checksum].slice(dropped).join(',')}` }
}

function parse (revisions: Revisions): { first: number, checksums: number[] } {
  const colon = revisions.indexOf(':')
  return {
    first: Number(revisions.slice(0, colon)),
    checksums: revisions.slice(colon + 1).split(',').map(Number)
  }
}
