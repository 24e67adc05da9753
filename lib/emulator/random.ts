import { hash, randomUUID } from 'node:crypto'

/** Returns a generator of numbers from 0 to below 1, the same ones for the same seed. Default: a random seed. */
export function seededRandom (seed: string | number = randomUUID()): () => number {
  let count = 0
  return () => Number.parseInt(hash('sha256', `${seed}:${count++}`).slice(0, 13), 16) / 2 ** 52
}
