// The used parts of `node:sqlite`, which the types of Node 20 do not have.
export type Value = string | number | null
export interface Statement {
  all (...values: Value[]): unknown[]
  get (...values: Value[]): object | undefined
  run (...values: Value[]): { readonly changes: number }
}
export interface Database { exec (sql: string): void, prepare (sql: string): Statement, close (): void }
export interface Sqlite { readonly DatabaseSync: new (path: string) => Database }

/** Returns the SQLite that is built into Node; `undefined` if this Node has none. */
export function findSqlite (): Sqlite | undefined {
  // `process.getBuiltinModule` returns any module as an object.
  return process.getBuiltinModule('node:sqlite') as Sqlite | undefined
}
