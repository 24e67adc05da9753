import { nearest } from '../util/nearest.ts'

/** Suggests what to use instead of an unknown name: the nearest names, or all of them if none is near. */
export function suggest (name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  if (near.length === 0) return `Use one of ${known.join(', ')}.`
  return `Did you mean ${near.map((each) => `"${each}"`).join(' or ')}?`
}
