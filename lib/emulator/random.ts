import { hash, randomUUID } from 'node:crypto'

/** A source of numbers between 0 and 1, the same ones for the same seed. Without one, others each time. */
export function seededRandom (seed: string | number = randomUUID()): () => number {
  let drawn = 0
  return () => Number.parseInt(hash('sha256', `${seed}:${drawn++}`).slice(0, 13), 16) / 2 ** 52
}
