import { InboxError } from '../../errors.ts'
import type { PendingEntry, Store } from '../../inbox/sqlite/store.ts'
import { exitCode } from '../command.ts'
import { paint, print, stripControlCharacters, type Terminal } from '../terminal.ts'
import type { Action } from './actions.ts'
import { openStore } from './open-store.ts'

export interface InboxOptions {
  readonly limit: number
  readonly json?: true
}

/** The result of an action. `lines` are for people, `details` for programs. */
interface Result {
  readonly ok: boolean
  readonly lines: readonly string[]
  readonly details: object
}

/** Shows or changes the inbox at a path. Prints the result. */
export async function inbox (
  path: string, action: Action, key: string, { limit, json }: InboxOptions, { stdout, stderr }: Terminal
): Promise<number> {
  try {
    const { ok, lines, details } = act(path, action, key, limit)
    if (json !== undefined) print(stdout, JSON.stringify({ ok, path, ...details }))
    else print(ok ? stdout : stderr, ...lines.map(stripControlCharacters))
    return ok ? exitCode.ok : exitCode.failed
  } catch (error) {
    if (!(error instanceof InboxError)) throw error
    if (json !== undefined) print(stdout, JSON.stringify({ ok: false, path, error: error.message }))
    else print(stderr, paint(stderr, 'red', `error: ${error.message}`))
    return exitCode.failed
  }
}

function act (path: string, action: Action, key: string, limit: number): Result {
  const store = openStore(path)
  try {
    switch (action) {
      case 'list': return list(store, limit)
      case 'failed': return listFailed(store, limit)
      case 'retry': return change(store, key, 'retried', () => store.retry(key, Date.now()))
      case 'discard': return change(store, key, 'discarded', () => store.discard(key))
      case 'check': return check(store)
    }
  } finally {
    store.close()
  }
}

function list (store: Store, limit: number): Result {
  const count = store.pendingCount()
  const entries = store.pending(0, limit)
  const lines = entries.map(({ storedAt, key, name, attempts, damaged }) => (
    `${toText(storedAt)}  ${key}  ${name}  ${attempts} failed attempts${damaged ? '  damaged' : ''}`
  ))
  const total = `${lines.length} of ${count} pending notifications`
  return { ok: true, lines: [...lines, total], details: { count, entries } }
}

function listFailed (store: Store, limit: number): Result {
  const count = store.deadLetterCount()
  const entries = store.deadLetters({ limit })
  const lines = entries.map(({ failedAt, key, name, attempts, reason }) => (
    `${toText(failedAt)}  ${key}  ${name}  ${attempts} attempts  ${reason}`
  ))
  const total = `${lines.length} of ${count} dead letters`
  return { ok: true, lines: [...lines, total], details: { count, entries } }
}

function change (store: Store, key: string, done: 'retried' | 'discarded', make: () => number): Result {
  const count = store.change(true, make)
  const line = count === 0
    ? `There is no dead letter with the key ${key}`
    : `${count} dead letter${count === 1 ? '' : 's'} ${done}`
  return { ok: count > 0, lines: [line], details: { [done]: count } }
}

// Opening the store has checked the structure of the file.
function check (store: Store): Result {
  const damaged: string[] = []
  for (const { key, damaged: isDamaged } of readAll(store)) if (isDamaged) damaged.push(key)
  const pending = store.pendingCount()
  const deadLetters = store.deadLetterCount()
  const lines = damaged.length > 0
    ? damaged.map((key) => `damaged: ${key}`)
    : [`The inbox is sound: ${pending} pending notifications, ${deadLetters} dead letters`]
  return { ok: damaged.length === 0, lines, details: { pending, deadLetters, damaged } }
}

function * readAll (store: Store): Generator<PendingEntry> {
  for (let last = 0, page = store.pending(last, 100); page.length > 0; page = store.pending(last, 100)) {
    yield * page
    last = page.at(-1)?.id ?? Infinity
  }
}

function toText (time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}
