import type { Database, Key } from 'lmdb'

/** Returns the number of entries of a database, without reading them. */
export function countOf<Value, PlaceOrKey extends Key> (database: Database<Value, PlaceOrKey>): number {
  // lmdb types the statistics as a plain object.
  const { entryCount } = database.getStats() as { entryCount: number }
  return entryCount
}
