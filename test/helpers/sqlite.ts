import { findSqlite } from '../../lib/util/sqlite.ts'

/** Executes a statement on an SQLite file that no inbox has open, and returns its rows. */
export function execute (path: string, sql: string): object[] {
  const sqlite = findSqlite()
  if (sqlite === undefined) throw new Error('this Node has no SQLite')
  const database = new sqlite.DatabaseSync(path)
  try {
    return database.prepare(sql).all().map((row) => ({ ...Object(row) }))
  } finally {
    database.close()
  }
}
