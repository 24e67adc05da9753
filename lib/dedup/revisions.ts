import { maxRevisions } from './retention.ts'

/**
 * What is remembered of the bodies that came under one key, as a text that any store can keep:
 * the revision of the first checksum, then the checksums in the order in which they came.
 */
export type Revisions = string

/** Which revision the body with this checksum is, where it is remembered. */
export function revisionOf (memory: Revisions, checksum: number): number | undefined {
  const { first, checksums } = parse(memory)
  const index = checksums.lastIndexOf(checksum)
  return index === -1 ? undefined : first + index
}

/** The next revision, and what is to be remembered once it is stored. */
export function nextRevision (memory: Revisions | undefined, checksum: number): { revision: number, memory: Revisions } {
  if (memory === undefined) return { revision: 1, memory: `1:${checksum}` }
  const { first, checksums } = parse(memory)
  const revision = first + checksums.length
  const dropped = Math.max(0, checksums.length + 1 - maxRevisions)
  return { revision, memory: `${first + dropped}:${[...checksums, checksum].slice(dropped).join(',')}` }
}

function parse (memory: Revisions): { first: number, checksums: number[] } {
  const [first, checksums = ''] = memory.split(':')
  return { first: Number(first), checksums: checksums.split(',').map(Number) }
}
