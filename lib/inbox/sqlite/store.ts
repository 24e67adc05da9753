import { mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { nextRevision, retentionMs } from '../../dedup/index.ts'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import type { DeadLetterEntry, InboxEntry, PageQuery, StoredEntry } from '../inbox.ts'

// The used parts of `node:sqlite`, which the types of Node 20 do not have.
type Value = string | number | null
interface Statement { all (...values: Value[]): unknown[], run (...values: Value[]): { readonly changes: number } }
interface Database { exec (sql: string): void, prepare (sql: string): Statement, close (): void }
interface Sqlite { readonly DatabaseSync: new (path: string) => Database }

/** The position of an entry in the order of arrival. */
export interface Position { readonly id: number, readonly orderingKey: string }

/** An entry that is not delivered yet. Times are Unix times in milliseconds. */
export interface PendingEntry extends Position, StoredEntry {
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
  /** The id of the next entry. SQLite itself would use the id of a removed entry again. */
  #nextId: number

  /** @throws {InboxError} when the file is in use, damaged or not accessible, or when Node has no SQLite */
  constructor (path: string, versions = migrations) {
    this.#path = path
    let database: Database | undefined
    try {
      mkdirSync(dirname(resolve(path)), { recursive: true })
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      const { DatabaseSync } = loadSqlite()
      this.#database = database = new DatabaseSync(isFolder ? join(path, 'inbox.db') : path)
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384')
      // One megabyte of the log at most has to fit beside the database when a full disk gets some space again.
      database.exec('PRAGMA wal_autocheckpoint = 256')
      const finding = String(this.#value('PRAGMA quick_check(1)'))
      if (finding !== 'ok') throw damaged(path, finding)
      this.#upgrade(versions)
      this.#nextId = Number(this.#value('SELECT coalesce(max(id), 0) + 1 FROM entry'))
    } catch (error) {
      database?.close()
      throw explain(path, error, 'opened')
    }
  }

  #upgrade (versions: readonly string[]): void {
    const version = Number(this.#value('PRAGMA user_version'))
    const isNew = this.#value('SELECT count(*) FROM sqlite_schema') === 0
    if (version === 0 && !isNew) throw new InboxError(`${this.#path} is a file of another program. Use another path`)
    if (version > versions.length) {
      throw new InboxError(`A newer version of fastify-green-api wrote the inbox at ${this.#path}. Update the package`)
    }
    const steps = versions.slice(version).join('')
    if (steps !== '') this.#database.exec(`BEGIN; ${steps} PRAGMA user_version = ${versions.length}; COMMIT`)
  }

  /** Makes changes, all or none. Only what is durable survives a loss of power. */
  change<Result> (isDurable: boolean, now: number, change: () => Result): Result {
    try {
      this.#database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`)
      const result = change()
      // A limited number, so that no change takes long.
      const oldest = 'SELECT id FROM seen ORDER BY id LIMIT 200'
      this.#run(`DELETE FROM seen WHERE id IN (${oldest}) AND at < ?`, now - retentionMs)
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      // SQLite may have rolled back already. On a full disk, a shorter log leaves space for the next change.
      for (const sql of ['ROLLBACK', 'PRAGMA wal_checkpoint(TRUNCATE)']) try { this.#database.exec(sql) } catch {}
      throw explain(this.#path, error, 'written')
    }
  }

  /** Returns `false` for a duplicate. */
  add ({ key, checksum, orderingKey, name, body }: InboxEntry, now: number): boolean {
    const [seen] = this.#all<{ revisions: string }>('SELECT revisions FROM seen WHERE key = ?', key)
    const { revision, memory } = nextRevision(seen?.revisions, checksum)
    if (memory !== seen?.revisions) {
      this.#run('INSERT OR REPLACE INTO seen (key, revisions, at) VALUES (?, ?, ?)', key, memory, now)
    }
    if (revision === undefined) return false
    const sum = checksumOf({ key, revision, orderingKey, name, body })
    const values = [this.#nextId++, key, revision, orderingKey, name, sum, body, now]
    this.#run('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, NULL)', ...values)
    return true
  }

  remove (id: number) { this.#run('DELETE FROM entry WHERE id = ?', id) }

  postpone (id: number, attempts: number, dueAt: number) {
    this.#run('UPDATE entry SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, id)
  }

  bury (id: number, attempts: number, reason: string, now: number) {
    this.#run('UPDATE entry SET attempts = ?, reason = ?, failed_at = ? WHERE id = ?', attempts, reason, now, id)
  }

  /** Makes the dead letters with this key pending again, after all others. */
  retry (key: string, now: number): number {
    const dead = this.#all<Position>(`${columns} key = ? AND failed_at IS NOT NULL ORDER BY failed_at, revision`, key)
    const changes = 'id = ?, stored_at = ?, attempts = 0, due_at = 0, failed_at = NULL, reason = NULL'
    for (const { id } of dead) this.#run(`UPDATE entry SET ${changes} WHERE id = ?`, this.#nextId++, now, id)
    return dead.length
  }

  discard (key: string) { return this.#run('DELETE FROM entry WHERE key = ? AND failed_at IS NOT NULL', key) }
  pendingCount () { return Number(this.#value('SELECT count(*) FROM entry WHERE failed_at IS NULL')) }
  deadLetterCount () { return Number(this.#value('SELECT count(*) FROM entry WHERE failed_at IS NOT NULL')) }

  /** Whether a notification with this key arrived within the last 48 hours. */
  isKnown (key: string): boolean { return this.#all('SELECT 1 FROM seen WHERE key = ?', key).length > 0 }

  /** When the oldest notification arrived that is remembered: Unix time in milliseconds. */
  knownSince (): number { return Number(this.#value('SELECT coalesce(min(at), 0) FROM seen')) }

  deadLetters ({ limit, after: { failedAt, key, revision } = { failedAt: -1, key: '', revision: 0 } }: PageQuery) {
    const order = '(failed_at, key, revision) > (?, ?, ?) ORDER BY failed_at, key, revision LIMIT ?'
    const sql = `${columns} failed_at IS NOT NULL AND ${order}`
    return this.#all<DeadLetterEntry>(sql, failedAt, key, revision, limit).map((row): DeadLetterEntry => {
      const { key, revision, orderingKey, name, body, reason, attempts, failedAt } = verify(row)
      return { key, revision, orderingKey, name, body, reason, attempts, failedAt }
    })
  }

  /** Returns the next pending entries after an id. */
  scan (id: number, limit: number): Position[] { return this.#all(`${position} id > ? ORDER BY id LIMIT ?`, id, limit) }

  /** Returns the next pending entry of the same ordering key, unless its id is above `end`. */
  following ({ id, orderingKey }: Position, end: number): Position | undefined {
    const sql = `${position} ordering_key = ? AND id > ? AND id <= ? ORDER BY id LIMIT 1`
    return this.#all<Position>(sql, orderingKey, id, end)[0]
  }

  read ({ id }: Position): PendingEntry {
    const [row] = this.#all<PendingEntry>(`${columns} id = ?`, id)
    if (row === undefined) throw damaged(this.#path, `entry ${id} is missing`)
    return verify(row)
  }

  close () { this.#database.close() }

  #value (sql: string): unknown { return Object.values(this.#all<object>(sql)[0] ?? {})[0] }
  #run (sql: string, ...values: Value[]) { return Number(this.#prepare(sql).run(...values).changes) }
  // The statement decides what its rows are.
  #all<Row> (sql: string, ...values: Value[]) { return this.#prepare(sql).all(...values) as Row[] }

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
  const advice = 'Check its folder, the permissions and the free space'
  return new InboxError(`The inbox at ${path} cannot be ${done}: ${errorMessage(cause)}. ${advice}`, { cause })
}

function damaged (path: string, reason: string, cause?: unknown): InboxError {
  const fix = 'Restore the file from a backup, or move it away to start with an empty inbox'
  return new InboxError(`The inbox at ${path} is damaged (${reason}). ${fix}`, { cause })
}
