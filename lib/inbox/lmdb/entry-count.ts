import type { Database, Key } from 'lmdb'

/** How many entries a database has, which it need not read them for. */
export function countOf<Value, PlaceOrKey extends Key> (database: Database<Value, PlaceOrKey>): number {
  // Typed by lmdb as an object of which nothing is known.
  const { entryCount } = database.getStats() as { entryCount: number }
  return entryCount
}
