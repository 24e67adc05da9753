import { mkdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { nextRevision, retentionMs, revisionOf } from '../../dedup/index.ts'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, InboxEntry, PageQuery, StoredEntry } from '../inbox.ts'

type Value = string | number | null

// The used parts of `node:sqlite`, which the types of Node 20 do not have.
interface Statement { all (...values: Value[]): unknown[], run (...values: Value[]): { readonly changes: number } }
interface Database { exec (sql: string): void, prepare (sql: string): Statement, close (): void }
interface Sqlite { readonly DatabaseSync: new (path: string) => Database }

/** The position of an entry in the order of arrival. */
export interface Position { readonly id: number, readonly orderingKey: string }

/** An entry that is not delivered yet. Times are Unix times in milliseconds. */
export interface PendingEntry extends Position, StoredEntry {
  /** When it was added, or last retried. */
  readonly storedAt: number
  /** The number of failed attempts, and when the next one is due: 0 for the first attempt. */
  readonly attempts: number
  readonly dueAt: number
  /** Whether the row differs from what was stored. Then the body is an empty string. */
  readonly damaged: boolean
}

// Each element leads to the next version. Files of all versions exist: add elements, and never change them.
const migrations = [`
  CREATE TABLE entry (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, revision INTEGER NOT NULL, ordering_key TEXT NOT NULL,
    name TEXT NOT NULL, checksum INTEGER NOT NULL, body TEXT, stored_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0, failed_at INTEGER, reason TEXT
  ) STRICT;
  CREATE INDEX pending ON entry (ordering_key) WHERE failed_at IS NULL;
  CREATE INDEX dead ON entry (failed_at, key, revision) WHERE failed_at IS NOT NULL;
  CREATE INDEX dead_key ON entry (key) WHERE failed_at IS NOT NULL;
  CREATE TABLE seen (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, revisions TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
`]

const position = 'SELECT id, ordering_key AS orderingKey FROM entry WHERE failed_at IS NULL AND'
const columns = `SELECT id, key, revision, ordering_key AS orderingKey, name, stored_at AS storedAt, attempts,
  due_at AS dueAt, failed_at AS failedAt, reason, checksum, body FROM entry WHERE`

/** The entries in an SQLite file. An entry with `failed_at` is a dead letter, and all others are pending. */
export class Store {
  readonly #path: string
  readonly #database: Database
  readonly #statements = new Map<string, Statement>()
  #inTransaction = false
  /** The id of the next entry. SQLite itself would use the id of a removed entry again. */
  #nextId: number

  /** @throws {InboxError} when the file is in use, damaged or not accessible, or when Node has no SQLite */
  constructor (path: string, versions = migrations) {
    this.#path = path
    let database: Database | undefined
    try {
      const { DatabaseSync } = loadSqlite()
      mkdirSync(dirname(resolve(path)), { recursive: true })
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      this.#database = database = new DatabaseSync(isFolder ? join(path, 'inbox.db') : path)
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      database.exec('PRAGMA cache_size = -16384')
      this.check()
      this.#upgrade(versions)
      this.#nextId = this.#number('SELECT coalesce(max(id), 0) + 1 FROM entry')
    } catch (error) {
      database?.close()
      throw explain(path, error, 'opened')
    }
  }

  /** @throws {InboxError} when the file is damaged */
  check (): void {
    const [finding] = this.#all<{ quick_check: string }>('PRAGMA quick_check(1)')
    if (finding?.quick_check !== 'ok') throw damaged(this.#path, String(finding?.quick_check))
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

  /** Begins a transaction. Returns `false` if one is open. */
  begin (): boolean {
    if (this.#inTransaction) return false
    this.#database.exec('BEGIN IMMEDIATE')
    this.#inTransaction = true
    return true
  }

  /** Makes the changes of the transaction durable. */
  commit (now: number): void {
    // A limited number, so that no commit takes long.
    const oldest = 'SELECT id FROM seen ORDER BY id LIMIT 200'
    this.#run(`DELETE FROM seen WHERE id IN (${oldest}) AND at < ?`, now - retentionMs)
    this.#database.exec('COMMIT')
    this.#inTransaction = false
  }

  /** Undoes the transaction, and returns the explained error. */
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
    this.#run('INSERT OR REPLACE INTO seen (key, revisions, at) VALUES (?, ?, ?)', key, memory, now)
    const sum = checksumOf({ key, revision, orderingKey, name, body })
    const values = [this.#nextId++, key, revision, orderingKey, name, now, sum, body]
    const names = 'id, key, revision, ordering_key, name, stored_at, checksum, body'
    this.#run(`INSERT INTO entry (${names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, ...values)
    return true
  }

  remove (id: number): void {
    this.#run('DELETE FROM entry WHERE id = ?', id)
  }

  postpone (id: number, attempts: number, dueAt: number): void {
    this.#run('UPDATE entry SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, id)
  }

  bury (id: number, attempts: number, reason: string, now: number): void {
    this.#run('UPDATE entry SET attempts = ?, reason = ?, failed_at = ? WHERE id = ?', attempts, reason, now, id)
  }

  /** Makes the dead letters with this key pending again, after all others. */
  retry (key: string, now: number): number {
    const dead = this.#all<Position>(`${columns} key = ? AND failed_at IS NOT NULL ORDER BY failed_at, revision`, key)
    const changes = 'id = ?, stored_at = ?, attempts = 0, due_at = 0, failed_at = NULL, reason = NULL'
    for (const { id } of dead) this.#run(`UPDATE entry SET ${changes} WHERE id = ?`, this.#nextId++, now, id)
    return dead.length
  }

  discard (key: string): number {
    return this.#run('DELETE FROM entry WHERE key = ? AND failed_at IS NOT NULL', key)
  }

  pendingCount (): number {
    return this.#number('SELECT count(*) FROM entry WHERE failed_at IS NULL')
  }

  deadLetterCount (): number {
    return this.#number('SELECT count(*) FROM entry WHERE failed_at IS NOT NULL')
  }

  deadLetters ({ limit, after: { failedAt, key, revision } = { failedAt: -1, key: '', revision: 0 } }: PageQuery) {
    return this.#all<PendingEntry & DeadLetterEntry>(`
      ${columns} failed_at IS NOT NULL AND (failed_at, key, revision) > (?, ?, ?)
      ORDER BY failed_at, key, revision LIMIT ?
    `, failedAt, key, revision, limit).map((row): DeadLetterEntry => {
      const { key, revision, orderingKey, name, body, reason, attempts, failedAt } = verify(row)
      return { key, revision, orderingKey, name, body, reason, attempts, failedAt }
    })
  }

  /** Returns the next pending entries after an id. */
  scan (id: number, limit: number): Position[] {
    return this.#all(`${position} id > ? ORDER BY id LIMIT ?`, id, limit)
  }

  /** Returns the next pending entry of the same ordering key, unless its id is above `end`. */
  following ({ id, orderingKey }: Position, end: number): Position | undefined {
    const sql = `${position} ordering_key = ? AND id > ? AND id <= ? ORDER BY id LIMIT 1`
    return this.#all<Position>(sql, orderingKey, id, end)[0]
  }

  read ({ id }: Position): PendingEntry {
    const [found] = this.#all<PendingEntry>(`${columns} id = ?`, id)
    if (found === undefined) throw damaged(this.#path, `entry ${id} is missing`)
    return verify(found)
  }

  #number (sql: string): number {
    const [row] = this.#all<object>(sql)
    return Number(Object.values(row ?? {})[0])
  }

  #all<Row> (sql: string, ...values: Value[]): Row[] {
    // The columns of a statement are known to its author only.
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
  // `process.getBuiltinModule` returns any module as an object.
  const sqlite = process.getBuiltinModule('node:sqlite') as Sqlite | undefined
  if (sqlite !== undefined) return sqlite
  const fix = 'Update Node, or use bullmqInbox'
  throw new InboxError(`sqliteInbox needs Node 22.13 or newer. This is Node ${process.versions.node}. ${fix}`)
}

function checksumOf ({ key, revision, orderingKey, name, body }: StoredEntry): number {
  return crc32(body ?? '', crc32(`${key} ${revision} ${orderingKey} ${name} ${body === null}`))
}

function verify<Row extends StoredEntry> (row: Row & { checksum?: number }): Row & { damaged: boolean } {
  const isDamaged = checksumOf(row) !== row.checksum
  return { ...row, damaged: isDamaged, body: isDamaged ? '' : row.body }
}

function explain (path: string, cause: unknown, done: 'opened' | 'written'): InboxError {
  if (cause instanceof InboxError) return cause
  const { errcode = 0 }: { errcode?: number } = Object(cause)
  // SQLite's result codes SQLITE_BUSY, SQLITE_CORRUPT and SQLITE_NOTADB. The higher bits have details.
  const code = errcode & 0xff
  const fix = 'Give each registration of the plugin its own file. To share an inbox between processes, use bullmqInbox'
  if (code === 5) return new InboxError(`The inbox at ${path} is in use, here or by another process. ${fix}`, { cause })
  if (code === 11 || code === 26) return damaged(path, errorMessage(cause), cause)
  const advice = `Check its folder and permissions. Its disk has ${freeSpace(path)} of free space`
  return new InboxError(`The inbox at ${path} cannot be ${done}: ${errorMessage(cause)}. ${advice}`, { cause })
}

function damaged (path: string, reason: string, cause?: unknown): InboxError {
  const fix = 'Restore the file from a backup, or move it away to start with an empty inbox'
  return new InboxError(`The inbox at ${path} is damaged (${reason}). ${fix}`, { cause })
}

function freeSpace (path: string): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(path)))
    return `${Math.round(bavail * bsize / 1024)} KiB`
  } catch {
    return 'an unknown amount'
  }
}
