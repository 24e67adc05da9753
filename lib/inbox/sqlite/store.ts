import { mkdirSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { nextRevision, retentionMs, revisionOf } from '../../dedup/index.ts'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, InboxEntry, PageQuery, StoredEntry } from '../inbox.ts'

type Value = string | number | null

// The used parts of `node:sqlite`. The types of Node 20 do not have this module.
interface Statement { all (...values: Value[]): unknown[], run (...values: Value[]): { readonly changes: number } }
interface Database { exec (sql: string): void, prepare (sql: string): Statement, close (): void }
interface Sqlite { readonly DatabaseSync: new (path: string) => Database }

/** The position of an entry in the order of arrival. */
export interface Position {
  readonly id: number
  readonly orderingKey: string
}

/** An entry that is not delivered yet. */
export interface PendingEntry extends Position, StoredEntry {
  /** When it was added, or last retried: Unix time in milliseconds. */
  readonly storedAt: number
  /** The number of attempts that were made. */
  readonly attempts: number
  /** When the next attempt is due: Unix time in milliseconds. 0 before the first attempt. */
  readonly dueAt: number
  /** Whether the row differs from what was stored. Then the body is an empty string. */
  readonly damaged: boolean
}

// Each element makes the next version of the tables. Files with earlier versions exist, so elements never change.
const migrations = [`
  CREATE TABLE pending (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, revision INTEGER NOT NULL, ordering_key TEXT NOT NULL,
    name TEXT NOT NULL, stored_at INTEGER NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL,
    checksum INTEGER NOT NULL, body TEXT
  ) STRICT;
  CREATE INDEX pending_order ON pending (ordering_key);
  CREATE TABLE dead (
    id INTEGER PRIMARY KEY, failed_at INTEGER NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL,
    ordering_key TEXT NOT NULL, name TEXT NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
    checksum INTEGER NOT NULL, body TEXT
  ) STRICT;
  CREATE UNIQUE INDEX dead_order ON dead (failed_at, key, revision);
  CREATE INDEX dead_key ON dead (key);
  CREATE TABLE seen (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, revisions TEXT NOT NULL, seen_at INTEGER NOT NULL
  ) STRICT;
`]

/** The inbox in an SQLite file. Changes are durable after `commit`. */
export class Store {
  readonly #path: string
  readonly #database: Database
  readonly #statements = new Map<string, Statement>()
  #inTransaction = false
  /** The id of the next entry. SQLite would use the id of a deleted one again. */
  #next: number

  /**
   * Opens the file. Creates it, with its folder, if it does not exist.
   *
   * @throws {InboxError} when it is in use, damaged or not accessible, or when Node has no SQLite
   */
  constructor (path: string, versions = migrations) {
    this.#path = path
    let database: Database | undefined
    try {
      const { DatabaseSync } = loadSqlite()
      mkdirSync(dirname(resolve(path)), { recursive: true })
      this.#database = database = new DatabaseSync(path)
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      database.exec('PRAGMA cache_size = -16384')
      this.check()
      this.#upgrade(versions)
      this.#next = this.#number('SELECT coalesce(max(id), 0) + 1 FROM pending')
    } catch (error) {
      database?.close()
      throw explain(path, error, 'opened')
    }
  }

  /** @throws {InboxError} when the file is damaged */
  check (): void {
    const [finding] = this.#all<{ quick_check: string }>('PRAGMA quick_check(1)')
    if (finding?.quick_check !== 'ok') throw damaged(this.#path, finding?.quick_check)
  }

  #upgrade (versions: readonly string[]): void {
    const version = this.#number('PRAGMA user_version')
    if (version > versions.length) {
      throw new InboxError(`A newer version of fastify-green-api wrote the inbox at ${this.#path}. Update the package`)
    }
    if (version === 0 && this.#number('SELECT count(*) FROM sqlite_schema') > 0) {
      throw new InboxError(`The file ${this.#path} is the database of another program. Use another path`)
    }
    if (version === versions.length) return
    const steps = versions.slice(version).join('')
    this.#database.exec(`BEGIN IMMEDIATE; ${steps} PRAGMA user_version = ${versions.length}; COMMIT`)
  }

  /** Begins a transaction, unless one is open. */
  begin (): void {
    if (!this.#inTransaction) this.#database.exec('BEGIN IMMEDIATE')
    this.#inTransaction = true
  }

  /** Makes the changes of the open transaction durable. */
  commit (): void {
    // A limited number, so that no commit takes long.
    const oldest = 'SELECT id FROM seen ORDER BY id LIMIT 200'
    this.#run(`DELETE FROM seen WHERE id IN (${oldest}) AND seen_at < ?`, Date.now() - retentionMs)
    this.#database.exec('COMMIT')
    this.#inTransaction = false
  }

  /** Undoes the open transaction. Returns the error, with a fix. */
  rollback (cause: unknown): InboxError {
    this.#inTransaction = false
    try {
      this.#database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back already.
    }
    return explain(this.#path, cause, 'written')
  }

  close (): void {
    this.#database.close()
  }

  /** Returns `false` for a duplicate. */
  add ({ key, checksum, orderingKey, name, body }: InboxEntry, now: number): boolean {
    const [seen] = this.#all<{ revisions: string }>('SELECT revisions FROM seen WHERE key = ?', key)
    if (seen !== undefined && revisionOf(seen.revisions, checksum) !== undefined) return false
    const { revision, memory } = nextRevision(seen?.revisions, checksum)
    this.#run('INSERT OR REPLACE INTO seen (key, revisions, seen_at) VALUES (?, ?, ?)', key, memory, now)
    const sum = checksumOf({ key, revision, orderingKey, name, body })
    const values = [this.#next++, key, revision, orderingKey, name, now, sum, body]
    this.#run('INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?)', ...values)
    return true
  }

  remove (id: number): void {
    this.#run('DELETE FROM pending WHERE id = ?', id)
  }

  /** Stores a failed attempt. */
  postpone (id: number, attempts: number, dueAt: number): void {
    this.#run('UPDATE pending SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, id)
  }

  /** Moves an entry to the dead-letter list. */
  bury (id: number, attempts: number, reason: string, failedAt: number): void {
    this.#run(`
      INSERT OR REPLACE INTO dead (failed_at, key, revision, ordering_key, name, attempts, reason, checksum, body)
      SELECT ?, key, revision, ordering_key, name, ?, ?, checksum, body FROM pending WHERE id = ?
    `, failedAt, attempts, reason, id)
    this.remove(id)
  }

  /** Makes the dead letters with this key pending again. Returns their number. */
  retry (key: string, now: number): number {
    const dead = this.#all<{ id: number }>('SELECT id FROM dead WHERE key = ? ORDER BY failed_at, revision', key)
    for (const { id } of dead) {
      this.#run(`
        INSERT INTO pending SELECT ?, key, revision, ordering_key, name, ?, 0, 0, checksum, body FROM dead WHERE id = ?
      `, this.#next++, now, id)
    }
    return this.discard(key)
  }

  /** Deletes the dead letters with this key. Returns their number. */
  discard (key: string): number {
    return this.#run('DELETE FROM dead WHERE key = ?', key)
  }

  pendingCount (): number {
    return this.#number('SELECT count(*) FROM pending')
  }

  deadLetterCount (): number {
    return this.#number('SELECT count(*) FROM dead')
  }

  deadLetters ({ limit, after }: PageQuery): DeadLetterEntry[] {
    const { failedAt = -1, key = '', revision = 0 } = after ?? {}
    return this.#all<DeadLetterEntry & { checksum: number }>(`
      SELECT key, revision, ordering_key AS orderingKey, name, checksum, body, reason, attempts, failed_at AS failedAt
      FROM dead WHERE (failed_at, key, revision) > (?, ?, ?) ORDER BY failed_at, key, revision LIMIT ?
    `, failedAt, key, revision, limit).map((row) => {
      const { checksum, ...entry } = row
      return checksumOf(entry) === checksum ? entry : { ...entry, body: '' }
    })
  }

  /** Returns the next pending entries after an id, without reading them. */
  scan (after: number, limit: number): Position[] {
    return this.#all('SELECT id, ordering_key AS orderingKey FROM pending WHERE id > ? ORDER BY id LIMIT ?', after, limit)
  }

  /** Returns the next pending entry of the same ordering key, if its id is not above `end`. */
  following ({ id, orderingKey }: Position, end: number): Position | undefined {
    const next = 'SELECT id, ordering_key AS orderingKey FROM pending WHERE ordering_key = ? AND id > ? AND id <= ?'
    return this.#all<Position>(`${next} ORDER BY id LIMIT 1`, orderingKey, id, end)[0]
  }

  /** @throws {Error} when the entry is missing */
  read ({ id, orderingKey }: Position): PendingEntry {
    const [row] = this.#all<PendingEntry & { checksum: number }>(`
      SELECT id, key, revision, ordering_key AS orderingKey, name, stored_at AS storedAt, attempts, due_at AS dueAt,
      checksum, body FROM pending WHERE id = ?
    `, id)
    if (row === undefined) throw damaged(this.#path, `entry ${id} is missing`)
    const isDamaged = checksumOf(row) !== row.checksum || row.orderingKey !== orderingKey
    return { ...row, orderingKey, damaged: isDamaged, body: isDamaged ? '' : row.body }
  }

  #number (sql: string): number {
    const [row] = this.#all<object>(sql)
    return Number(Object.values(row ?? {})[0])
  }

  #all<Row> (sql: string, ...values: Value[]): Row[] {
    // The statement decides what its rows are.
    return this.#prepare(sql).all(...values) as Row[]
  }

  #run (sql: string, ...values: Value[]): number {
    return Number(this.#prepare(sql).run(...values).changes)
  }

  #prepare (sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** @throws {InboxError} when this Node has no SQLite */
export function loadSqlite (): Sqlite {
  // `process.getBuiltinModule` returns an object without a type.
  const sqlite = process.getBuiltinModule('node:sqlite') as Sqlite | undefined
  if (sqlite !== undefined) return sqlite
  const { node } = process.versions
  throw new InboxError(`sqliteInbox needs Node 22.13 or newer, and this is Node ${node}. Update Node, or use bullmqInbox`)
}

function checksumOf ({ key, revision, orderingKey, name, body }: StoredEntry): number {
  return crc32(body ?? '', crc32(`${key} ${revision} ${orderingKey} ${name} ${body === null}`))
}

function explain (path: string, cause: unknown, done: 'opened' | 'written'): InboxError {
  if (cause instanceof InboxError) return cause
  const { errcode = 0 }: { errcode?: number } = Object(cause)
  // SQLite's result codes: SQLITE_BUSY, SQLITE_CORRUPT and SQLITE_NOTADB. The higher bits have details.
  const code = errcode & 0xff
  if (code === 5) {
    return new InboxError(
      `The inbox at ${path} is open already, in this process or another one. Give each registration of the plugin its ` +
      'own file. To share an inbox between processes, use bullmqInbox', { cause }
    )
  }
  if (code === 11 || code === 26) return damaged(path, errorMessage(cause), cause)
  const { bavail, bsize } = freeSpace(path)
  const free = `Its disk has ${Math.round(bavail * bsize / 1024)} KiB of free space`
  return new InboxError(`The inbox at ${path} cannot be ${done}: ${errorMessage(cause)}. ${free}`, { cause })
}

function damaged (path: string, reason: string | undefined, cause?: unknown): InboxError {
  const fix = 'Restore the file from a backup, or move it away to start with an empty inbox'
  return new InboxError(`The inbox at ${path} is damaged (${reason}). ${fix}`, { cause })
}

function freeSpace (path: string): { bavail: number, bsize: number } {
  try {
    return statfsSync(dirname(resolve(path)))
  } catch {
    return { bavail: NaN, bsize: NaN }
  }
}
