/** Executes a statement on an SQLite file that no inbox has open, and returns its rows. */
export function execute (path: string, sql: string): object[] {
  // The types of Node 20 do not have this module.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as {
    DatabaseSync: new (path: string) => { prepare (sql: string): { all (): object[] }, close (): void }
  }
  const database = new DatabaseSync(path)
  try {
    return database.prepare(sql).all().map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}
