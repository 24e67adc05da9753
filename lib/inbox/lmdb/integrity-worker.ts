import { statSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { errorMessage } from '../../util/error-message.ts'
import { countOf } from './entry-count.ts'
import type { Finding } from './integrity-check.ts'
import { databases, environment, findOtherReader } from './store.ts'

// A program. It reads everything in the store whose folder is its argument, and sends the result to its parent.

const [, , folder] = process.argv
if (folder !== undefined) process.send?.(await find(folder))

async function find (folder: string): Promise<Finding> {
  const { size } = statSync(join(folder, 'data.mdb'))
  // The process that created the file ended before it wrote anything.
  if (size === 0) return { sound: true }
  try {
    const root = open({ path: folder, ...environment, readOnly: true })
    const other = findOtherReader(root)
    const finding = other === undefined ? read(root) : { usedBy: other }
    await root.close()
    return finding
  } catch (error) {
    // LMDB's own error codes are negative, those of the system are positive.
    const damaged = error instanceof Error && 'code' in error && Number(error.code) < 0
    return damaged ? { damage: errorMessage(error) } : { trouble: errorMessage(error) }
  }
}

function read (root: RootDatabase): Finding {
  // Opening a database ends the transaction of this range, so the range is read completely before.
  const keys = [...root.getKeys()]
  if (keys.length !== countOf(root)) return { damage: `only ${keys.length} of ${countOf(root)} databases can be read` }
  for (const key of keys) {
    const name = databases.find((known) => known === key)
    if (name === undefined) return { damage: `it has an unknown database "${String(key)}"` }
    const dupSort = name === 'passed' || name === 'dead-keys'
    const encoding = dupSort ? 'ordered-binary' : name.startsWith('seen') ? 'string' : 'msgpack'
    const database = root.openDB({ name, dupSort, encoding })
    const entryCount = countOf(database)
    let count = 0
    for (const { value } of database.getRange()) if (value !== undefined) count++
    if (count !== entryCount) return { damage: `only ${count} of ${entryCount} entries of "${name}" can be read` }
  }
  return { sound: true }
}
