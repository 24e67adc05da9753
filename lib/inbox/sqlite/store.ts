import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { nextRevision, retentionMs } from '../../dedup/index.ts'
import { InboxError } from '../../errors.ts'
import { errorMessage } from '../../util/error-message.ts'
import { findSqlite, type Database, type Sqlite, type Statement, type Value } from '../../util/sqlite.ts'
import type { DeadLetterEntry, InboxEntry, PageQuery, StoredEntry } from '../inbox.ts'

/** An entry that is not delivered yet. */
export interface PendingEntry extends StoredEntry {
  /** Its position in the order of arrival. */
  readonly id: number
  /** Unix time in milliseconds. */
  readonly storedAt: number
  /** The number of failed attempts. */
  readonly attempts: number
  /** Whether the row differs from what was stored. Then the body is an empty string. */
  readonly damaged: boolean
}

/** A row of the table `entry`. Each statement excludes rows with a null that its caller would read. */
interface Row extends PendingEntry, DeadLetterEntry { readonly dueAt: number, readonly checksum: number }

// Each element leads to the next version. Files of all versions exist: add elements, and never change them.
const migrations = [`
  CREATE TABLE entry (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, revision INTEGER NOT NULL, ordering_key TEXT NOT NULL,
    name TEXT NOT NULL, checksum INTEGER NOT NULL, stored_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER, failed_at INTEGER, reason TEXT, body TEXT
  ) STRICT;
  CREATE INDEX pending ON entry (ordering_key) WHERE failed_at IS NULL;
  CREATE INDEX due ON entry (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX dead ON entry (failed_at, key, revision) WHERE failed_at IS NOT NULL;
  CREATE INDEX dead_key ON entry (key) WHERE failed_at IS NOT NULL;
  CREATE TABLE seen (
    id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, key TEXT NOT NULL, revisions TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
`]

// An index of `seen` in memory. In the file, each notification would change a random page of it. What is older than 48
// hours is removed in steps, so that no call takes long. A clock that was ahead must not prevent that.
const index = `
  PRAGMA temp_store = MEMORY;
  CREATE TEMP TABLE known (hash INTEGER, id INTEGER, PRIMARY KEY (hash, id)) WITHOUT ROWID;
  INSERT INTO known SELECT hash, id FROM seen;
  CREATE TEMP TRIGGER remember AFTER INSERT ON seen BEGIN INSERT INTO known VALUES (new.hash, new.id); END;
  CREATE TEMP TRIGGER forget AFTER DELETE ON seen BEGIN DELETE FROM known WHERE hash = old.hash AND id = old.id; END;
  CREATE TEMP TRIGGER expire AFTER INSERT ON seen WHEN new.id % 64 = 0 BEGIN
    DELETE FROM seen WHERE id < (SELECT min(id) FROM seen) + 128 AND abs(new.at - at) > ${retentionMs};
  END;
`

const columns = `SELECT id, key, revision, ordering_key AS orderingKey, name, checksum, stored_at AS storedAt, attempts,
  due_at AS dueAt, failed_at AS failedAt, reason, body FROM entry WHERE`
/** `due_at` of the last entry of an ordering key. */
const lastDueAt = 'iif(EXISTS (SELECT 1 FROM entry WHERE ordering_key = ? AND failed_at IS NULL), NULL, ?)'
const insertion = `INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, 0, ${lastDueAt}, NULL, NULL, ?)`

/**
 * The entries in an SQLite file. An entry with `failed_at` is a dead letter, and all others are pending. The first
 * pending one of each ordering key has `due_at`. It can be delivered from then on.
 */
export class Store {
  readonly #path: string
  readonly #database: Database
  readonly #statements = new Map<string, Statement>()
  /** The begin of the clock for `due_at`, which does not change with the clock of the machine. */
  readonly #epoch = Date.now() - performance.now()
  /** The id of the next entry. SQLite itself would use the id of a removed entry again. */
  #nextId: number

  /** @throws {InboxError} when the file is in use, damaged or not accessible, or when Node has no SQLite */
  constructor (path: string, versions = migrations) {
    this.#path = path
    let database: Database | undefined
    try {
      mkdirSync(dirname(path), { recursive: true })
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      const { DatabaseSync } = loadSqlite()
      this.#database = database = new DatabaseSync(isFolder ? join(path, 'inbox.db') : path)
      database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
      const finding = String(this.#value('PRAGMA quick_check(1)'))
      if (finding !== 'ok') throw damaged(path, finding)
      this.#upgrade(versions)
      database.exec(index)
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
  change<Result> (isDurable: boolean, change: () => Result): Result {
    try {
      this.#database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`)
      const result = change()
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
    const seen = this.#seen(key)
    const revisions = seen !== undefined && now - seen.at <= retentionMs ? seen.revisions : undefined
    const { revision, memory } = nextRevision(revisions, checksum)
    if (memory !== revisions) {
      if (seen !== undefined) this.#run('DELETE FROM seen WHERE id = ?', seen.id)
      this.#run('INSERT INTO seen (hash, key, revisions, at) VALUES (?, ?, ?, ?)', crc32(key), key, memory, now)
    }
    if (revision === undefined) return false
    const sum = checksumOf({ key, revision, orderingKey, name, body })
    this.#run(insertion, this.#nextId++, key, revision, orderingKey, name, sum, now, orderingKey, this.#now(), body)
    return true
  }

  #seen (key: string) {
    const sql = 'SELECT seen.* FROM known JOIN seen ON seen.id = known.id WHERE known.hash = ? AND key = ?'
    return this.#all<{ id: number, revisions: string, at: number }>(sql, crc32(key), key)[0]
  }

  remove (id: number, orderingKey: string): void {
    this.#run('DELETE FROM entry WHERE id = ?', id)
    this.#release(orderingKey)
  }

  postpone (id: number, attempts: number, pause: number): void {
    this.#run('UPDATE entry SET attempts = ?, due_at = ? WHERE id = ?', attempts, this.#now() + pause, id)
  }

  bury (id: number, orderingKey: string, attempts: number, reason: string, now: number): void {
    const changes = 'due_at = NULL, attempts = ?, reason = ?, failed_at = ?'
    this.#run(`UPDATE entry SET ${changes} WHERE id = ? AND failed_at IS NULL`, attempts, reason, now, id)
    this.#release(orderingKey)
  }

  /** Lets the first pending entry of an ordering key be delivered. */
  #release (orderingKey: string): void {
    const first = 'SELECT id FROM entry WHERE ordering_key = ? AND failed_at IS NULL ORDER BY id LIMIT 1'
    this.#run(`UPDATE entry SET due_at = ? WHERE id = (${first}) AND due_at IS NULL`, this.#now(), orderingKey)
  }

  /** Lets entries be delivered that damage, or a clock that was ahead, would delay. */
  recover (backoff: number): void {
    // `quick_check` does not compare an index with its table.
    this.#database.exec('REINDEX due')
    const firsts = 'SELECT min(id) FROM entry WHERE failed_at IS NULL GROUP BY ordering_key'
    const isDelayed = 'due_at IS NULL OR due_at > ?1 + (?2 << min(attempts, 31) - 1)'
    this.#run(`UPDATE entry SET due_at = ?1 WHERE id IN (${firsts}) AND (${isDelayed})`, this.#now(), backoff)
  }

  /** Makes the dead letters with this key pending again, after all others. */
  retry (key: string, now: number): number {
    const dead = this.#entries('key = ? AND failed_at IS NOT NULL ORDER BY failed_at, revision', key)
    const changes = `id = ?, stored_at = ?, attempts = 0, due_at = ${lastDueAt}, failed_at = NULL, reason = NULL`
    for (const { id, orderingKey } of dead) {
      this.#run(`UPDATE entry SET ${changes} WHERE id = ?`, this.#nextId++, now, orderingKey, this.#now(), id)
    }
    return dead.length
  }

  discard (key: string) { return this.#run('DELETE FROM entry WHERE key = ? AND failed_at IS NOT NULL', key) }
  pendingCount () { return Number(this.#value('SELECT count(*) FROM entry WHERE failed_at IS NULL')) }
  deadLetterCount () { return Number(this.#value('SELECT count(*) FROM entry WHERE failed_at IS NOT NULL')) }

  /** Whether a notification with this key is remembered. */
  isKnown (key: string): boolean { return this.#seen(key) !== undefined }

  /** When the oldest notification arrived that is remembered: Unix time in milliseconds. */
  knownSince (): number { return Number(this.#value('SELECT coalesce(min(at), 0) FROM seen')) }

  deadLetters ({ limit, after: { failedAt, key, revision } = { failedAt: -1, key: '', revision: 0 } }: PageQuery) {
    const where = 'failed_at IS NOT NULL AND (failed_at, key, revision) > (?, ?, ?)'
    const order = 'ORDER BY failed_at, key, revision LIMIT ?'
    return this.#entries(`${where} ${order}`, failedAt, key, revision, limit)
      .map(({ id, checksum, storedAt, dueAt, damaged, ...dead }): DeadLetterEntry => dead)
  }

  /** Returns the next pending entries after an id, in the order of arrival. */
  pending (after: number, limit: number): PendingEntry[] {
    return this.#entries('failed_at IS NULL AND id > ? ORDER BY id LIMIT ?', after, limit)
  }

  /** Returns entries to deliver, and the milliseconds until the next one if they are fewer than the limit. */
  due (limit: number, running: readonly unknown[]): { entries: PendingEntry[], pause: number | undefined } {
    // SQLite would prepare a statement with `LIMIT ?` again for each call.
    const where = 'due_at IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at, id LIMIT 0 + ?'
    const next = this.#entries(where, JSON.stringify(running), limit)
    const now = this.#now()
    const later = next.find(({ dueAt }) => dueAt > now)
    return { entries: next.filter(({ dueAt }) => dueAt <= now), pause: later && later.dueAt - now }
  }

  close () { this.#database.close() }

  #now () { return Math.round(this.#epoch + performance.now()) }
  #value (sql: string) { return Object.values(this.#prepare(sql).get() ?? {})[0] }
  #run (sql: string, ...values: Value[]) { return Number(this.#prepare(sql).run(...values).changes) }
  // The statement decides what its rows are.
  #all<Row> (sql: string, ...values: Value[]) { return this.#prepare(sql).all(...values) as Row[] }

  #entries (where: string, ...values: Value[]): Row[] {
    return this.#all<Row>(`${columns} ${where}`, ...values).map((row) => {
      const damaged = checksumOf(row) !== row.checksum
      return Object.assign(row, damaged ? { damaged, body: '' } : { damaged })
    })
  }

  #prepare (sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** @throws {InboxError} when this Node has no SQLite */
export function loadSqlite (): Sqlite {
  const sqlite = findSqlite()
  if (sqlite !== undefined) return sqlite
  const fix = 'Update Node, or use bullmqInbox'
  throw new InboxError(`sqliteInbox needs Node 22.13 or newer. This is Node ${process.versions.node}. ${fix}`)
}

function checksumOf ({ key, revision, orderingKey, name, body }: StoredEntry): number {
  return crc32(body ?? '', crc32(`${key} ${revision} ${orderingKey} ${name} ${body === null}`))
}

function explain (path: string, cause: unknown, done: 'opened' | 'written'): InboxError {
  if (cause instanceof InboxError) return cause
  // SQLite's result codes SQLITE_BUSY, SQLITE_CORRUPT and SQLITE_NOTADB. The higher bits have details.
  const code = Number(Object(cause).errcode) & 0xff
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
